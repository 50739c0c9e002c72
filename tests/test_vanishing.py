"""The lab "Vanishing, exploding, dead": its functions against central differences, scikit-learn and quadrature, and Nielsen's numbers."""

import ast
import math
import types

import numpy as np
import pytest
from conftest import ROOT

SOURCE = ROOT / "docs/labs/vanishing.py"
BOOK = {
    2: [0.07, 0.31],
    3: [0.012, 0.060, 0.283],
    4: [0.003, 0.017, 0.070, 0.285],
}  # neuralnetworksanddeeplearning.com/chap5.html
SETTINGS = {
    "digits",
    "order",
    "X",
    "Y",
    "WIDTH",
    "IMAGES",
    "NIELSEN",
    "TRAINING",
    "DEPTH",
    "TESTS",
    "LIMIT",
    "SEEDS",
}


@pytest.fixture
def lab():
    """The functions and settings of the lab, without its experiments."""

    def wanted(node):
        names = {
            name.id
            for target in getattr(node, "targets", [])
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
        imported = isinstance(
            node, (ast.Import, ast.ImportFrom)
        ) and "matplotlib" not in ast.unparse(node)
        return imported or isinstance(node, ast.FunctionDef) or names & SETTINGS

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
    assert lab.X.shape == (1797, 64) and lab.X.min() == 0 and lab.X.max() == 1
    pairs = {(*pixels, target) for pixels, target in zip(digits.data, digits.target)}
    assert {(*(16 * pixels), row.argmax()) for pixels, row in zip(lab.X, lab.Y)} == pairs
    assert (lab.Y.sum(axis=1) == 1).all() and lab.TRAINING + lab.TESTS == 1797


def test_nielsens_recorded_speeds_round_to_those_of_his_book(lab):
    rounded = {
        depth: [round(speed, 2 if depth == 2 else 3) for speed in his]
        for depth, his in lab.NIELSEN.items()
    }
    assert rounded == BOOK


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_speeds_as_nielsen_measures_them_one_image_at_a_time(lab, activation):
    """His equations BP1, BP2 and BP3 for one image as a column, then the mean over the images, then the length."""
    layers = lab.nielsen_network(3, np.random.default_rng(5))
    f = {"sigmoid": logistic, "relu": lambda z: np.maximum(z, 0)}[activation]
    slope = {
        "sigmoid": lambda z: logistic(z) * (1 - logistic(z)),
        "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    }[activation]
    sums = [0.0, 0.0, 0.0]
    for x, y in zip(lab.X[:1000], lab.Y[:1000]):
        a, zs = x[:, None], []
        for layer in layers:
            zs.append(layer["W"] @ a + layer["b"][:, None])
            a = f(zs[-1])
        delta = logistic(zs[-1]) - y[:, None]
        for l in (2, 1, 0):
            delta = layers[l + 1]["W"].T @ delta * slope(zs[l])
            sums[l] = sums[l] + delta
    measured, mean_slope = lab.speeds(layers, activation)
    assert measured == pytest.approx([np.linalg.norm(total / 1000) for total in sums])
    Z1 = lab.X[:1000] @ layers[0]["W"].T + layers[0]["b"]
    Z2 = f(Z1) @ layers[1]["W"].T + layers[1]["b"]
    Z3 = f(Z2) @ layers[2]["W"].T + layers[2]["b"]
    assert mean_slope == pytest.approx(np.sqrt(np.mean([slope(Z) ** 2 for Z in (Z1, Z2, Z3)])))


def test_the_speed_is_the_slope_of_nielsens_cost(lab):
    layers, h = lab.nielsen_network(2, np.random.default_rng(6)), 1e-5

    def cost():
        A = lab.X[:1000]
        for layer in layers:
            A = logistic(A @ layer["W"].T + layer["b"])
        Y = lab.Y[:1000]
        return -(Y * np.log(A) + (1 - Y) * np.log(1 - A)).sum() / 1000

    for layer, speed in zip(layers, lab.speeds(layers)[0]):
        slopes = []
        for j in range(30):
            layer["b"][j] += h
            above = cost()
            layer["b"][j] -= 2 * h
            slopes.append((above - cost()) / (2 * h))
            layer["b"][j] += h
        assert speed == pytest.approx(np.linalg.norm(slopes), rel=1e-6)


def test_nielsens_ratios_lie_within_the_spread_of_other_seeds_too(lab):
    for depth, book in BOOK.items():
        ours = np.array(
            [
                lab.speeds(lab.nielsen_network(depth, np.random.default_rng(seed)))[0]
                for seed in range(1000, 1200)
            ]
        )
        for layer in range(1, depth):
            low, high = np.percentile(ours[:, layer] / ours[:, layer - 1], [5, 95])
            assert low < lab.NIELSEN[depth][layer] / lab.NIELSEN[depth][layer - 1] < high
            assert (
                low < book[layer] / book[layer - 1] < high
            )  # with the digits that the book prints
        low, high = np.percentile(ours[:, -1] / ours[:, 0], [5, 95])
        assert low < book[-1] / book[0] < high


@pytest.mark.parametrize(
    "activation, norm, residual",
    [
        ("sigmoid", False, False),
        ("sigmoid", True, False),
        ("sigmoid", False, True),
        ("tanh", True, True),
        ("relu", False, False),
        ("leaky_relu", False, False),
        ("elu", False, False),
    ],
)
def test_every_gradient_of_the_lab_by_central_differences(lab, activation, norm, residual):
    rng, h = np.random.default_rng(3), 1e-6
    layers = lab.init_network([64, 5, 5, 10], "he", rng, norm)
    X, Y = lab.X[:8], lab.Y[:8]

    def loss():
        Z = lab.forward(layers, X, activation, residual)[0]
        return -np.mean(np.log((np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))[Y == 1]))

    gradients, arriving = lab.gradients_of(layers, X, Y, activation, residual)
    assert len(arriving) == 2 and min(arriving) > 0
    for layer, gradient in zip(layers, gradients):
        for name, value in layer.items():
            for i in list(np.ndindex(value.shape))[:: max(1, value.size // 25)]:
                kept, values = value[i], []
                for value[i] in (kept + h, kept - h):
                    values.append(loss())
                value[i] = kept
                assert gradient[name][i] == pytest.approx(
                    (values[0] - values[1]) / (2 * h), rel=1e-5, abs=1e-8
                )


def test_a_look_agrees_with_scikit_learn(lab):
    from scipy.special import softmax
    from sklearn.metrics import accuracy_score, log_loss

    layers = lab.init_network([64, 30, 30, 10], "he", np.random.default_rng(1), bias=-0.5)
    seen = lab.look(layers, "relu", False)
    X, target = lab.X[lab.TRAINING :], lab.Y[lab.TRAINING :].argmax(axis=1)
    A1 = np.maximum(X @ layers[0]["W"].T + layers[0]["b"], 0)
    A2 = np.maximum(A1 @ layers[1]["W"].T + layers[1]["b"], 0)
    Z = A2 @ layers[2]["W"].T + layers[2]["b"]
    assert len(target) == lab.TESTS and seen["accuracy"] == accuracy_score(target, Z.argmax(axis=1))
    assert seen["loss"] == pytest.approx(log_loss(target, softmax(Z, axis=1)))
    assert seen["dead"] == np.mean([not column.any() for column in [*A1.T, *A2.T]]) > 0


def test_a_run_is_steps_of_gradient_descent_on_random_batches(lab):
    lab.STEPS = lab.LOOK = 3
    seen = lab.run(11, depth=2, activation="elu", scheme="he", rate=0.2, bias=0.1, max_norm=1.5)
    rng = np.random.default_rng(11)
    layers, lengths = lab.init_network([64, 30, 30, 10], "he", rng, bias=0.1), []
    assert seen["looks"][0] == lab.look(layers, "elu", False)
    for _ in range(3):
        rows = rng.integers(1200, size=32)
        gradients, _ = lab.gradients_of(layers, lab.X[rows], lab.Y[rows], "elu", False)
        lengths.append(
            math.sqrt(sum((g**2).sum() for gradient in gradients for g in gradient.values()))
        )
        step = 0.2 * min(1, 1.5 / lengths[-1])
        layers = [
            {name: value - step * gradient[name] for name, value in layer.items()}
            for layer, gradient in zip(layers, gradients)
        ]
    assert max(lengths) > 1.5 and seen["lengths"] == pytest.approx(lengths)
    assert (
        seen["looks"][1] == pytest.approx(lab.look(layers, "elu", False))
        and len(seen["looks"]) == 2
    )
    assert len(seen["shares"]) == 2 and seen["shares"][-1] == 1 and not seen["diverged"]


def test_a_run_that_diverges_says_so_and_ends(lab):
    seen = lab.run(0, activation="relu", scheme="wide")
    assert (
        seen["diverged"]
        and len(seen["lengths"]) < 10
        and seen["lengths"][-1] > lab.LIMIT > seen["lengths"][-2]
    )


def test_scikit_learns_network_stands_still_with_sigmoids_and_learns_with_tanh(lab):
    """The same depth, width, batches, learning rate and budget in MLPClassifier, which shares no code with the lab."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    scores = {}
    for activation in ("logistic", "tanh"):
        for seed in range(3):
            network = MLPClassifier(
                (30,) * 6,
                activation=activation,
                solver="sgd",
                alpha=0,
                batch_size=32,
                learning_rate_init=0.1,
                momentum=0,
                max_iter=4,
                random_state=seed,
            )
            with pytest.warns(ConvergenceWarning):
                network.fit(lab.X[:1200], lab.Y[:1200].argmax(axis=1))
            scores.setdefault(activation, []).append(
                network.score(lab.X[1200:], lab.Y[1200:].argmax(axis=1))
            )
    assert max(scores["logistic"]) < 0.15 and min(scores["tanh"]) > 0.8
    assert (
        lab.run(0)["looks"][-1]["accuracy"] < 0.15
        and lab.run(0, activation="tanh")["looks"][-1]["accuracy"] > 0.8
    )
