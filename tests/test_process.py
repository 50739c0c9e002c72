"""The four steps for one example: against loops and nudging; an update is all or nothing."""

import re

import numpy as np
import pytest
from oracles import assert_close, batch, frozen, parameter_gradients, two_layers

from snippets import process

pytestmark = pytest.mark.filterwarnings("error")

SIZES = [(1, 1, 1), (3, 1, 1), (1, 4, 2), (2, 3, 1), (4, 5, 3)]  # D, H, K


def draw(D, H, K):
    """`X, y` and the parameters `W1, b1, W2, b2`, columns, all read-only."""
    X, Y, (W1, b1, W2, b2) = batch(1, D, H, K)
    return X.T, Y.T, frozen(W1, b1[:, None], W2, b2[:, None])


def gradients_of(X, y, parameters):
    z1, a1, z2, a2 = frozen(*process.forward_pass(X, *parameters))
    (dL_dz2,) = frozen(process.output_gradient(a2, y))
    return process.propagate_backward(X, z1, a1, parameters[2], dL_dz2)


@pytest.mark.parametrize("sizes", SIZES)
def test_prediction_and_gradients_agree_with_loops_and_nudging(sizes):
    X, y, parameters = draw(*sizes)

    def by_loops(W1, b1, W2, b2):
        return two_layers(X.T, W1, b1.ravel(), W2, b2.ravel()).T

    assert_close(process.forward_pass(X, *parameters)[3], by_loops(*parameters), rtol=1e-13)
    expected = parameter_gradients(lambda *p: ((by_loops(*p) - y) ** 2).sum(), parameters)
    for actual, by_nudging in zip(gradients_of(X, y, parameters), expected, strict=True):
        assert_close(actual, by_nudging)


@pytest.mark.parametrize("b1, passes", [(-2.0, 0.0), (-1.0, 0.0), (-0.5, 1.0)])
def test_only_a_relu_above_zero_passes_its_gradient_back(b1, passes):
    X, y = np.array([[1.0]]), np.array([[1.0]])
    parameters = [np.array([[1.0]]), np.array([[b1]]), np.array([[2.0]]), np.array([[0.0]])]
    dL_dW1, dL_db1, dL_dW2, dL_db2 = gradients_of(X, y, parameters)
    assert dL_db2.item() < 0
    assert dL_dW1.item() == dL_db1.item() == 2.0 * passes * dL_db2.item()


@pytest.mark.parametrize(
    "name, shape, expected",
    [
        ("X", (2, 3), "(2, 1)"),  # three examples
        ("X", (2,), "(2, 1)"),
        ("b1", (3,), "(3, 1)"),
        ("b1", (1, 1), "(3, 1)"),
        ("b2", (1, 2), "(2, 1)"),
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
@pytest.mark.parametrize("shape", [(2,), (1, 2), ()])
def test_a_target_of_another_shape_than_the_prediction_is_refused(function, shape):
    with pytest.raises(ValueError, match=r"^y has shape \(.*\): expected \(2, 1\)"):
        function(np.full((2, 1), 0.5), np.ones(shape))


def parameters_of():
    """Two by two weights, a bias a unit."""
    numbers = np.arange(1.0, 10.0)
    return [numbers[:4].reshape(2, 2), numbers[4:6, None], numbers[None, 6:8], numbers[8:, None]]


@pytest.mark.parametrize("given, rate", [((), 0.01), ((0.25,), 0.25)])
def test_update_moves_every_parameter_in_place_against_its_gradient(given, rate):
    W1, b1, W2, b2 = parameters = parameters_of()
    process.update_weights(parameters, frozen(*(-4 * value for value in parameters)), *given)
    for value, before in zip((W1, b1, W2, b2), parameters_of(), strict=True):
        assert_close(value, (1 + 4 * rate) * before)


@pytest.mark.parametrize(
    "wrong, gradient, error, message",
    [
        (np.array([[1]]), [[1.0]], TypeError, "parameters[3] is a ndarray of int64: expected"),
        (3.0, 1.0, TypeError, "parameters[3] is a float of float64: expected"),
        (np.array([[1.0]]), [1.0], ValueError, "gradients[3] has shape (1,): expected (1, 1)"),
        (np.array([[1.0]]), 1.0, ValueError, "gradients[3] has shape (): expected (1, 1)"),
    ],
)
def test_an_update_that_cannot_be_made_whole_changes_nothing(wrong, gradient, error, message):
    given = [*parameters_of()[:3], wrong]
    with pytest.raises(error, match="^" + re.escape(message)):
        process.update_weights(given, [*parameters_of()[:3], np.array(gradient)])
    for value, old in zip(given[:3], parameters_of()[:3], strict=True):
        assert np.array_equal(value, old)


@pytest.mark.parametrize("count", [3, 5])
def test_an_update_wants_the_four_parameters_and_their_gradients(count):
    four, other = parameters_of(), [np.ones((2, 2))] * count
    with pytest.raises(ValueError, match=f"^gradients has {count} arrays: expected 4"):
        process.update_weights(four, other)
    with pytest.raises(ValueError, match=f"^parameters has {count} arrays: expected 4"):
        process.update_weights(other, other)
    assert np.array_equal(four[0], parameters_of()[0])
