"""The batch against loops and nudging; and every refusal."""

import re

import numpy as np
import pytest
from oracles import BATCHES, assert_close, batch, frozen, parameter_gradients, two_layers

from snippets import matrix_form

pytestmark = pytest.mark.filterwarnings("error")


def gradients_of(X, Y, parameters):
    Z1, A1, Z2, A2 = frozen(*matrix_form.forward_batch(X, *parameters))
    return matrix_form.backward_batch(X, Y, Z1, A1, A2, parameters[2])


@pytest.mark.parametrize("sizes", BATCHES)
def test_prediction_loss_and_gradients_agree_with_loops_and_nudging(sizes):
    X, Y, parameters = batch(*sizes)
    A2 = matrix_form.forward_batch(X, *parameters)[3]
    assert_close(A2, two_layers(X, *parameters), rtol=1e-13)

    def loss(*parameters):
        return ((two_layers(X, *parameters) - Y) ** 2).mean()

    assert matrix_form.mean_squared_error(A2, Y) == pytest.approx(loss(*parameters), rel=1e-13)
    expected = parameter_gradients(loss, parameters)
    for actual, by_nudging in zip(gradients_of(X, Y, parameters), expected, strict=True):
        assert_close(actual, by_nudging)


def test_a_unit_at_exactly_zero_passes_nothing_back():
    X, Y = np.array([[1.0, -1.0], [2.0, 2.0]]), np.array([[1.0], [1.0]])
    W1, b1, W2, b2 = np.ones((2, 2)), np.array([0.0, -4.0]), np.ones((1, 2)), np.zeros(1)
    dL_dW1, dL_db1, _, _ = gradients_of(X, Y, [W1, b1, W2, b2])
    assert dL_dW1[1].tolist() == [0.0, 0.0] and dL_db1[1] == 0.0  # below zero once, at zero once
    assert dL_dW1[0, 0] == dL_dW1[0, 1] == 2 * dL_db1[0] < 0  # at zero for the first example only


@pytest.mark.parametrize(
    "name, shape, expected",
    [
        ("X", (0, 2), "(N > 0, 2)"),
        ("X", (2,), "(N > 0, 2)"),
        ("b1", (3, 1), "(3,)"),
        ("b2", (), "(2,)"),
    ],
)
def test_forward_refuses_what_numpy_would_broadcast(name, shape, expected):
    shapes = {"X": (3, 2), "W1": (3, 2), "b1": (3,), "W2": (2, 3), "b2": (2,)}
    matrix_form.forward_batch(**{name: np.ones(right) for name, right in shapes.items()})
    wrong = {name: np.ones(given) for name, given in (shapes | {name: shape}).items()}
    message = "^" + re.escape(f"{name} has shape {shape}: expected {expected}")
    with pytest.raises(ValueError, match=message):
        matrix_form.forward_batch(**wrong)


@pytest.mark.parametrize(
    "prediction, target, message",
    [
        ((3, 1), (3,), "Y has shape (3,): expected (3, 1)"),
        ((0, 2), (0, 2), "A2 has shape (0, 2): expected (N > 0, 2)"),
        ((2,), (2,), "A2 has shape (2,): expected (N > 0, 2)"),
    ],
)
def test_a_target_of_another_shape_and_the_mean_of_nothing_are_refused(prediction, target, message):
    A2, Y = np.full(prediction, 0.5), np.ones(target)
    for call in (
        lambda: matrix_form.mean_squared_error(A2, Y),
        lambda: matrix_form.backward_batch(A2, Y, A2, A2, A2, np.ones((1, 1))),
    ):
        with pytest.raises(ValueError, match="^" + re.escape(message)):
            call()
