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
    """Two by two weights, a bias a unit; small numbers, exact in binary."""
    return [
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[5.0], [6.0]]),
        np.array([[7.0, 8.0]]),
        np.array([[9.0]]),
    ]


@pytest.mark.parametrize("given, rate", [((), 0.01), ((0.25,), 0.25)])
def test_update_moves_every_parameter_in_place_against_its_gradient(given, rate):
    W1, b1, W2, b2 = parameters = parameters_of()
    process.update_weights(parameters, frozen(*(-4 * value for value in parameters)), *given)
    for value, before in zip((W1, b1, W2, b2), parameters_of(), strict=True):
        assert_close(value, (1 + 4 * rate) * before)


ONE = np.ones((1, 1))


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(
    "wrong, gradient, error, message",
    [
        (np.array([[1]]), ONE, TypeError, "parameters[{}] is a ndarray of int64: expected"),
        (np.array([[1j]]), ONE, TypeError, "parameters[{}] is a ndarray of complex128: expected"),
        (3.0, np.ones(()), TypeError, "parameters[{}] is a float of float64: expected"),
        (ONE, np.ones(1), ValueError, "gradients[{}] has shape (1,): expected (1, 1)"),
        (ONE, 1.0, ValueError, "gradients[{}] has shape (): expected (1, 1)"),
    ],
)
def test_an_update_that_cannot_be_made_whole_changes_nothing(
    place, wrong, gradient, error, message
):
    parameters, gradients = parameters_of(), parameters_of()
    parameters[place], gradients[place] = np.copy(wrong) if wrong is ONE else wrong, gradient
    before = [np.copy(value) for value in parameters]
    with pytest.raises(error, match="^" + re.escape(message.format(place))):
        process.update_weights(parameters, gradients)
    for value, old in zip(parameters, before, strict=True):
        assert np.array_equal(value, old)


@pytest.mark.parametrize("count", [3, 5])
def test_an_update_wants_the_four_parameters_and_their_gradients(count):
    four, other = parameters_of(), [np.ones((2, 2))] * count
    with pytest.raises(ValueError, match=f"^gradients has {count} arrays: expected 4"):
        process.update_weights(four, other)
    with pytest.raises(ValueError, match=f"^parameters has {count} arrays: expected 4"):
        process.update_weights(other, other)
    assert np.array_equal(four[0], parameters_of()[0])
