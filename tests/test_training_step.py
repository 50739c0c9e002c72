"""The training step of the chapter on the process, against loops and nudging."""

import math
from pathlib import Path

import numpy as np
import pytest
from oracles import assert_close, parameter_gradients, two_layers

from snippets import training_step as step
from snippets.tables import process as table

PARAMETERS = [table.W1, table.b1, table.W2, table.b2]  # before the step


def loss(W1, b1, W2, b2):
    """The loss, unit by unit, with loops."""
    return ((two_layers(step.X.T, W1, b1.ravel(), W2, b2.ravel()) - step.y) ** 2).item()


def test_each_gradient_is_the_slope_of_the_loss():
    assert step.loss.item() == pytest.approx(loss(*PARAMETERS), rel=1e-14)
    found = step.dL_dW1, step.dL_db1, step.dL_dW2, step.dL_db2
    for gradient, by_nudging in zip(found, parameter_gradients(loss, PARAMETERS), strict=True):
        assert_close(gradient, by_nudging)


def test_the_step_goes_against_the_gradient_and_lowers_the_loss():
    stepped = step.W1, step.b1, step.W2, step.b2
    gradients = step.dL_dW1, step.dL_db1, step.dL_dW2, step.dL_db2
    for after, before, gradient in zip(stepped, PARAMETERS, gradients, strict=True):
        assert_close(after, before - step.learning_rate * gradient)
    assert step.loss_new.item() == pytest.approx(loss(*stepped), rel=1e-14)
    assert step.loss_new < step.loss


def test_the_tables_hold_the_products_that_they_show():
    for row in [*table.SUMS, *table.WEIGHTS]:
        shown, result = list(row.values())[-2:]
        value = eval(shown.replace("−", "-").replace("×", "*"))
        assert value == pytest.approx(float(result.replace("−", "-")), rel=1e-3)
    assert math.isclose(table.a2, step.a2.item())


@pytest.mark.parametrize("bias", [-1.0, -0.9], ids=["off", "at zero"])
def test_a_unit_that_is_off_passes_nothing_back(bias):
    given = "b1 = np.array([[0.1], [0.0]])"
    source = Path(step.__file__).read_text(encoding="utf-8")
    assert given in source
    setup = f"b1 = np.array([[0.1], [{bias}]])"
    exec(source.replace(given, setup), values := {})
    assert values["z1"][1, 0] == pytest.approx(bias + 0.9) and values["z1"][1, 0] <= 0
    assert not values["dL_dW1"][1].any() and not values["dL_db1"][1].any()
    assert np.array_equal(values["dL_dW1"][0], values["dL_dz1"][0] * values["X"][:, 0])
    assert values["dL_dz1"][0, 0] != 0
