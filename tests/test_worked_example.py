"""The worked example: published digits, and right gradients for whoever changes it."""

import math
from itertools import chain

import pytest
from conftest import edited

from snippets import worked_example
from snippets.tables import worked_example as table

PUBLISHED = {
    "z1": "1.1000000000",
    "a1": "1.1000000000",
    "z2": "1.0800000000",
    "a2": "0.746493983338",
    "loss": "0.0642653005",
    "dL_da2": "-0.5070120333",
    "da2_dz2": "0.189240716178",
    "dL_dz2": "-0.0959473202974",
    "dL_dW2": "-0.105542052327",
    "dL_db2": "-0.0959473202974",
    "dL_da1": "-0.0767578562379",
    "da1_dz1": "1.0000000000",
    "dL_dz1": "-0.0767578562379",
    "dL_dW1": "-0.153515712476",
    "dL_db1": "-0.0767578562379",
    "W1_new": "0.515351571248",
    "b1_new": "0.107675785624",
    "W2_new": "0.810554205233",
    "b2_new": "0.20959473203",
    "a2_new": "0.7562654",
    "loss_new": "0.0594065",
}


def loss(x, y, W1, b1, W2, b2):
    return (1 / (1 + math.exp(-(W2 * max(W1 * x + b1, 0.0) + b2))) - y) ** 2


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_digits(name):
    decimals = len(PUBLISHED[name].partition(".")[2])
    assert f"{getattr(worked_example, name):.{decimals}f}" == PUBLISHED[name]


def test_the_setup_is_the_articles():
    setup = [getattr(worked_example, name) for name in "x y W1 b1 W2 b2 learning_rate".split()]
    assert setup == [2.0, 1.0, 0.5, 0.1, 0.8, 0.2, 0.1]


@pytest.mark.parametrize(
    "setup",
    [
        dict(x=2.0, y=1.0, W1=0.5, b1=0.1, W2=0.8, b2=0.2),
        dict(x=-3.0, y=0.0, W1=-0.5, b1=0.25, W2=-1.5, b2=1.0),
        dict(x=0.5, y=0.25, W1=0.75, b1=0.0, W2=2.0, b2=-1.0),
        dict(x=2.0, y=1.0, W1=0.5, b1=-3.0, W2=0.8, b2=0.2),  # a dead ReLU
    ],
)
def test_with_another_setup_the_gradients_still_agree_with_nudging(setup):
    values, h = edited(worked_example, **setup, learning_rate=0.25), 1e-5
    assert values["loss"] == pytest.approx(loss(**setup), rel=1e-14)
    for name in ("W1", "b1", "W2", "b2"):
        up, down = (loss(**setup | {name: setup[name] + step}) for step in (h, -h))
        assert values[f"dL_d{name}"] == pytest.approx((up - down) / (2 * h), rel=1e-7, abs=1e-10)
        assert values[f"{name}_new"] == setup[name] - 0.25 * values[f"dL_d{name}"]


def test_a_relu_at_exactly_zero_passes_nothing_back():
    values = edited(worked_example, b1=-1.0)
    assert values["z1"] == 0.0
    assert values["da1_dz1"] == values["dL_dW1"] == values["dL_db1"] == 0.0
    assert values["dL_db2"] != 0.0


# The tables, against the published digits


def by_name(*tables):
    shown = [{key: cell.replace("−", "-") for key, cell in row.items()} for row in chain(*tables)]
    return {row["Name"].strip("`"): row for row in shown}


ROWS = by_name(table.FORWARD, table.OUTPUT_LAYER, table.HIDDEN_LAYER, table.UPDATE)
CHECK = by_name(table.CHECK)


@pytest.mark.parametrize("name", [*PUBLISHED][:-2])
def test_row_has_the_published_value_and_the_check_a_central_difference(name):
    value = ROWS[name]["Value"]
    assert float(value) == pytest.approx(float(PUBLISHED[name]), rel=5e-6)
    if "_new" not in name:
        assert CHECK[name]["Value"] == value
        assert CHECK[name]["Central difference"] == (value if "d" in name else "–")


def test_step_table_shows_the_loss_falling_to_the_published_value():
    before, after, change = [float(row["Loss"].replace("−", "-")) for row in table.STEP]
    assert (round(before, 7), round(after, 7)) == (0.0642653, 0.0594065)
    assert change == pytest.approx(after - before, abs=1e-7)
    assert table.fall == pytest.approx(1 - 0.0594065 / 0.0642653, rel=1e-4)
    too_late = table.dL_dW1_too_late / float(PUBLISHED["dL_dW1"])
    assert too_late == pytest.approx(0.810554205233 / 0.8, rel=1e-9)
