"""The training step of the chapter on the process, against nudging and exact arithmetic."""

import math
from decimal import Decimal, getcontext
from pathlib import Path

import numpy as np
import pytest

from snippets import training_step as step
from snippets.tables import process as table

getcontext().prec = 40


def exact_loss(W1, b1, W2, b2):
    """The loss in 40 digits, unit by unit, without NumPy."""
    X = [Decimal(float(x)) for x in step.X[:, 0]]
    hidden = [
        max(Decimal(0), sum(Decimal(float(w)) * x for w, x in zip(row, X)) + Decimal(float(b)))
        for row, b in zip(W1, b1[:, 0])
    ]
    z2 = sum(Decimal(float(w)) * a for w, a in zip(W2[0], hidden)) + Decimal(b2.item())
    return (1 / (1 + (-z2).exp()) - Decimal(step.y.item())) ** 2


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_each_gradient_is_the_slope_of_the_loss(name):
    parameters = {key: getattr(table, key).copy() for key in ("W1", "b1", "W2", "b2")}
    gradient, h = getattr(step, f"dL_d{name}"), 1e-6
    for index in map(
        tuple, [(i, j) for i in range(gradient.shape[0]) for j in range(gradient.shape[1])]
    ):
        values = []
        for nudge in (h, -h):
            nudged = parameters | {name: parameters[name].copy()}
            nudged[name][index] += nudge
            values.append(exact_loss(**nudged))
        slope = float(values[0] - values[1]) / (2 * h)
        assert gradient[index] == pytest.approx(slope, rel=1e-8)


def test_the_step_lowers_the_loss_as_the_gradient_predicts():
    squares = sum(
        float((getattr(step, f"dL_d{name}") ** 2).sum()) for name in ("W1", "b1", "W2", "b2")
    )
    change = step.loss_new.item() - step.loss.item()
    assert change == pytest.approx(-step.learning_rate * squares, rel=0.05) and change < 0
    assert step.loss.item() == pytest.approx(
        float(exact_loss(table.W1, table.b1, table.W2, table.b2)), rel=1e-14
    )


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
