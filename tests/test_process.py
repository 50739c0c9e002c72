"""The four steps for one example: against loops and nudging; an update is all or nothing."""

import re

import numpy as np
import pytest
from oracles import assert_close, frozen, parameter_gradients, two_layers

from snippets import process

pytestmark = pytest.mark.filterwarnings("error")

SIZES = [(1, 1, 1), (3, 1, 1), (1, 4, 2), (2, 3, 1), (4, 5, 3)]  # D, H, K


def draw(D, H, K, seed=0):
    """`X, y` and the parameters `W1, b1, W2, b2`, columns, all read-only."""
    rng = np.random.default_rng(seed)
    X, y, *parameters = frozen(
        rng.normal(size=(D, 1)),
        rng.uniform(size=(K, 1)),
        rng.normal(size=(H, D)),
        rng.normal(size=(H, 1)),
        rng.normal(size=(K, H)),
        rng.normal(size=(K, 1)),
    )
    return X, y, parameters


def gradients_of(X, y, parameters):
    z1, a1, z2, a2 = frozen(*process.forward_pass(X, *parameters))
    (dL_dz2,) = frozen(process.output_gradient(a2, y))
    return process.propagate_backward(X, z1, a1, parameters[2], dL_dz2)


def by_loops(X, W1, b1, W2, b2):
    return two_layers(X.T, W1, b1.ravel(), W2, b2.ravel()).T


@pytest.mark.parametrize("sizes", SIZES)
def test_forward_pass_agrees_with_loops(sizes):
    X, y, parameters = draw(*sizes)
    W1, b1, W2, b2 = parameters
    z1, a1, z2, a2 = process.forward_pass(X, *parameters)
    assert_close(a2, by_loops(X, *parameters), rtol=1e-13)
    assert_close(z2, np.log(a2 / (1 - a2)))
    assert_close(z1, np.array([[np.dot(w, X[:, 0])] for w in W1]) + b1, rtol=1e-13)
    np.testing.assert_array_equal(a1, np.where(z1 > 0, z1, 0.0))


def test_squared_error_is_summed_over_the_outputs():
    loss = process.squared_error(np.array([[0.5], [1.0], [0.0]]), np.array([[1.0], [0.0], [0.5]]))
    assert type(loss) is float and loss == 1.5


@pytest.mark.parametrize("sizes", SIZES)
def test_the_gradients_agree_with_nudging_every_parameter(sizes):
    X, y, parameters = draw(*sizes, seed=1)
    expected = parameter_gradients(lambda *p: ((by_loops(X, *p) - y) ** 2).sum(), parameters)
    for actual, by_nudging in zip(gradients_of(X, y, parameters), expected, strict=True):
        assert_close(actual, by_nudging)


@pytest.mark.parametrize("b1, passes", [(-2.0, 0.0), (-1.0, 0.0), (-0.5, 1.0)])
def test_only_a_relu_above_zero_passes_its_gradient_back(b1, passes):
    X, y = np.array([[1.0]]), np.array([[1.0]])
    parameters = [np.array([[1.0]]), np.array([[b1]]), np.array([[2.0]]), np.array([[0.0]])]
    dL_dW1, dL_db1, dL_dW2, dL_db2 = gradients_of(X, y, parameters)
    assert dL_db2.item() < 0
    assert dL_dW1.item() == dL_db1.item() == 2.0 * passes * dL_db2.item()


@pytest.mark.parametrize("z", [-1e4, 1e4])
def test_a_saturated_output_gives_zero_gradients_without_a_warning(z):
    parameters = [np.ones((2, 1)), np.zeros((2, 1)), np.ones((1, 2)), np.array([[z]])]
    assert process.forward_pass(np.ones((1, 1)), *parameters)[3].item() == float(z > 0)
    assert all(
        (gradient == 0).all()
        for gradient in gradients_of(np.ones((1, 1)), np.full((1, 1), 0.5), parameters)
    )


@pytest.mark.parametrize(
    "name, shape, expected",
    [
        ("X", (2, 3), "(2, 1)"),  # three examples
        ("X", (2,), "(2, 1)"),
        ("X", (3, 1), "(2, 1)"),
        ("b1", (3,), "(3, 1)"),
        ("b1", (1, 1), "(3, 1)"),
        ("b2", (1, 2), "(2, 1)"),
        ("b2", (), "(2, 1)"),
    ],
)
def test_forward_pass_refuses_what_numpy_would_broadcast(name, shape, expected):
    shapes = {"X": (2, 1), "W1": (3, 2), "b1": (3, 1), "W2": (2, 3), "b2": (2, 1)}
    process.forward_pass(**{name: np.ones(right) for name, right in shapes.items()})
    wrong = {name: np.ones(given) for name, given in (shapes | {name: shape}).items()}
    message = "^" + re.escape(f"{name} has shape {shape}: expected {expected}")
    with pytest.raises(ValueError, match=message):
        process.forward_pass(**wrong)


@pytest.mark.parametrize("function", [process.squared_error, process.output_gradient])
@pytest.mark.parametrize("shape", [(2,), (1, 2), (1, 1), (2, 2), ()])
def test_a_target_of_another_shape_than_the_prediction_is_refused(function, shape):
    with pytest.raises(ValueError, match=r"^y has shape \(.*\): expected \(2, 1\)"):
        function(np.full((2, 1), 0.5), np.ones(shape))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_update_moves_every_parameter_in_place_against_its_gradient(dtype):
    W, b = np.array([[1.0, 2.0]], dtype), np.array(4.0, dtype)
    process.update_weights([W, b], frozen([[8.0, -4.0]], 16.0), learning_rate=0.25)
    assert W.tolist() == [[-1.0, 3.0]] and b == 0.0
    assert W.dtype == b.dtype == dtype


def test_the_learning_rate_is_a_hundredth_unless_another_is_given():
    W = np.array([1.0])
    process.update_weights([W], [np.array([1.0])])
    assert W[0] == 0.99


ONES = np.ones(2)


@pytest.mark.parametrize(
    "second, gradients, error, message",
    [
        (np.array([1, 2]), [ONES] * 2, TypeError, r"parameters\[1\] .* int64: expected an ndarray"),
        (np.array([1j, 2]), [ONES] * 2, TypeError, r"parameters\[1\] .* complex128"),
        (3.0, [ONES, np.ones(())], TypeError, r"parameters\[1\] is a float"),
        (np.ones((2, 1)), [ONES] * 2, ValueError, r"gradients\[1\] .* expected \(2, 1\)"),
        (ONES, [ONES, 1.0], ValueError, r"gradients\[1\] has shape \(\): expected \(2,\)"),
        (ONES, [ONES], ValueError, "gradients has 1 arrays: expected 2"),
        (ONES, [ONES] * 3, ValueError, "gradients has 3 arrays: expected 2"),
    ],
)
def test_an_update_that_cannot_be_made_whole_changes_nothing(second, gradients, error, message):
    first, before = np.array([1.0, 2.0]), np.copy(second)
    with pytest.raises(error, match=message):
        process.update_weights([first, second], gradients)
    assert first.tolist() == [1.0, 2.0] and np.array_equal(second, before)
