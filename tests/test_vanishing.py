"""The lab "Vanishing, exploding, dead": against central differences, scikit-learn and Nielsen."""

import ast
import re
import types

import numpy as np
import pytest
from conftest import ROOT
from oracles import assert_close, parameter_gradients

SOURCE = ROOT / "docs/labs/vanishing.py"
SETTINGS = set("digits order X Y WIDTH IMAGES NIELSEN TRAINING DEPTH TESTS LIMIT SEEDS".split())
BOOK = {  # neuralnetworksanddeeplearning.com/chap5.html
    2: [0.07, 0.31],
    3: [0.012, 0.060, 0.283],
    4: [0.003, 0.017, 0.070, 0.285],
}


@pytest.fixture(scope="module")
def lab():
    """The functions and settings of the lab, without its experiments."""

    def wanted(node):
        if isinstance(node, ast.Assign):
            return SETTINGS & set(re.findall(r"\w+", ast.unparse(ast.Tuple(node.targets))))
        imported = isinstance(node, (ast.Import, ast.ImportFrom))
        return isinstance(node, ast.FunctionDef) or imported and "plot" not in ast.unparse(node)

    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if wanted(node)]
    module = types.ModuleType("vanishing")
    exec(compile(tree, str(SOURCE), "exec"), module.__dict__)
    return module


def logistic(z):
    return 1 / (1 + np.exp(-z))


def test_the_digits_are_all_there_and_each_has_its_own_target(lab):
    from sklearn.datasets import load_digits

    digits = load_digits()
    theirs = {(*pixels, target) for pixels, target in zip(digits.data, digits.target, strict=True)}
    ours = {(*(16 * pixels), row.argmax()) for pixels, row in zip(lab.X, lab.Y, strict=True)}
    assert ours == theirs and lab.TRAINING + lab.TESTS == len(lab.X) == 1797


def test_speeds_as_nielsen_measures_them_one_image_at_a_time(lab):
    """His equations BP1 to BP3 for one image as a column, then the mean over the images."""
    parameters = lab.nielsen_network(3, np.random.default_rng(5))
    weights, biases = parameters[::2], parameters[1::2]
    sums = [0.0, 0.0, 0.0]
    for x, y in zip(lab.X[:1000], lab.Y[:1000], strict=True):
        activations = [x[:, None]]
        for W, b in zip(weights, biases, strict=True):
            activations.append(logistic(W @ activations[-1] + b[:, None]))
        delta = activations[-1] - y[:, None]
        for k in (2, 1, 0):
            a = activations[k + 1]
            delta = weights[k + 1].T @ delta * a * (1 - a)
            sums[k] = sums[k] + delta
    measured, _ = lab.speeds(parameters)
    assert measured == pytest.approx([np.linalg.norm(total / 1000) for total in sums])


def test_nielsens_ratios_are_those_of_his_book_and_lie_within_the_spread_of_other_seeds(lab):
    for depth, book in BOOK.items():
        assert np.round(lab.NIELSEN[depth], 2 if depth == 2 else 3).tolist() == book
        seeds = map(np.random.default_rng, range(1000, 1100))
        ours = np.array([lab.speeds(lab.nielsen_network(depth, rng))[0] for rng in seeds])
        low, high = np.percentile(ours[:, 1:] / ours[:, :-1], [5, 95], axis=0)
        ratios = np.divide(book[1:], book[:-1])
        assert (low < ratios).all() and (ratios < high).all()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "elu"])
@pytest.mark.parametrize("norm, residual", [(False, False), (True, False), (False, True)])
def test_every_gradient_of_the_lab_by_central_differences(lab, activation, norm, residual):
    he, X, Y = lab.partial(lab.weight_std, "he"), lab.X[:8], lab.Y[:8]
    parameters = lab.deep_init([64, 5, 5, 10], he, np.random.default_rng(3), norm)

    def loss(*parameters):
        bend = lab.activation_of(activation)
        exp_Z = np.exp(lab.deep_forward(X, parameters, bend, residual)[0])
        return -np.mean(np.log((exp_Z / exp_Z.sum(axis=1, keepdims=True))[Y == 1]))

    gradients, _ = lab.gradients_of(parameters, X, Y, activation, residual)
    expected = parameter_gradients(loss, parameters, h=1e-6)
    for gradient, by_nudging in zip(gradients, expected, strict=True):
        assert_close(gradient, by_nudging, rtol=1e-5, atol=1e-8)


def test_a_look_agrees_with_scikit_learn(lab):
    from scipy.special import softmax
    from sklearn.metrics import accuracy_score, log_loss

    he, rng = lab.partial(lab.weight_std, "he"), np.random.default_rng(1)
    W1, b1, W2, b2, W3, b3 = parameters = lab.deep_init([64, 30, 30, 10], he, rng, bias=-0.5)
    seen = lab.look(parameters, "relu", False)
    X, target = lab.X[lab.TRAINING :], lab.Y[lab.TRAINING :].argmax(axis=1)
    A1 = np.maximum(X @ W1.T + b1, 0)
    A2 = np.maximum(A1 @ W2.T + b2, 0)
    Z = A2 @ W3.T + b3
    assert seen["accuracy"] == accuracy_score(target, Z.argmax(axis=1))
    assert seen["loss"] == pytest.approx(log_loss(target, softmax(Z, axis=1)))
    assert seen["dead"] == np.mean([not column.any() for column in [*A1.T, *A2.T]]) > 0
