"""The training step with two hidden units, against nudging, also with other numbers."""

import math

import pytest
from conftest import edited

from snippets import two_units

PARAMETERS = "W1a", "b1a", "W1b", "b1b", "W2a", "W2b", "b2"
SETUP = {name: getattr(two_units, name) for name in ("x", "y", *PARAMETERS)}
SETUPS = {
    "as printed": {},
    "other signs": dict(x=-3.0, y=0.0, W1a=-0.5, b1a=0.25, W1b=-0.25, b1b=0.5, W2a=-1.5, b2=1.0),
    "unit a is off": dict(b1a=-3.0, b1b=0.25),
    "unit b is off": dict(b1b=-3.0),
    "sums below 1": dict(b1a=-0.5, b1b=-1.0),
}


def loss(x, y, W1a, b1a, W1b, b1b, W2a, W2b, b2):
    z2 = W2a * max(W1a * x + b1a, 0.0) + W2b * max(W1b * x + b1b, 0.0) + b2
    return (1 / (1 + math.exp(-z2)) - y) ** 2


@pytest.mark.parametrize("changes", SETUPS.values(), ids=SETUPS)
def test_each_gradient_is_the_slope_of_the_loss(changes):
    setup, h = SETUP | changes, 1e-5
    values = edited(two_units, **changes, learning_rate=0.25)
    assert values["loss"] == pytest.approx(loss(**setup), rel=1e-14)
    for name in ("x", *PARAMETERS):
        up, down = (loss(**setup | {name: setup[name] + step}) for step in (h, -h))
        slope = (up - down) / (2 * h)
        assert values[f"dL_d{name}"] == pytest.approx(slope, rel=1e-7, abs=1e-10)
    moved = {name: setup[name] - 0.25 * values[f"dL_d{name}"] for name in PARAMETERS}
    assert {name: values[f"{name}_new"] for name in PARAMETERS} == moved
    assert values["loss_new"] == pytest.approx(loss(**setup | moved), rel=1e-14)


@pytest.mark.parametrize("unit, bias", [("a", -1.0), ("b", -1.5)])
def test_a_unit_at_exactly_zero_passes_nothing_back(unit, bias):
    values = edited(two_units, **{f"b1{unit}": bias})
    assert values[f"z1{unit}"] == values[f"a1{unit}"] == 0.0
    assert values[f"dL_dW1{unit}"] == values[f"path_{unit}"] == 0.0


def test_the_paths_of_both_units_add_up_at_the_input():
    values = edited(two_units, b1b=-0.25)
    assert values["path_a"] * values["path_b"] < 0
    assert values["dL_dx"] == values["path_a"] + values["path_b"]
