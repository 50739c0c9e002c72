"""The tables of the cost, which only a lab shows: as the page of the lab was approved, and what is taken from them."""

import pytest
from test_published import approved

from snippets._weave.chapter import as_table
from snippets.tables import cost


@pytest.mark.parametrize("name", ["TIMES", "IN_PASSES", "MEMORY", "EPOCHS", "SURROUNDINGS"])
def test_table_is_the_approved_one(name):
    assert as_table(getattr(cost, name), name) in approved()["docs/labs/cost.py"]


@pytest.mark.parametrize("value, text", [(0.5, "500 ms"), (1.0, "1.0 s"), (9.94, "9.9 s"), (10.0, "10 s"), (10.6, "11 s"), (90.0, "1.5 min")])
def test_value_is_in_the_largest_unit_that_is_not_larger(value, text):
    assert cost.in_units(value, cost.UNITS).replace("\u00a0", " ") == text


def test_extremes_are_those_of_the_tables():
    times = [float(row["PyTorch by NumPy, both passes"]) for row in cost.IN_PASSES]
    assert float(cost.small_pytorch) == times[0] and float(cost.large_pytorch) == times[len(times) - 1]
    worst = max(cost.IN_PASSES, key=lambda row: float(row["Backward, measured"].split()[0]))
    assert cost.worst_parameters == worst["Parameters"]


def test_record_is_named_as_what_it_reads():
    assert cost.READS == ["snippets/recorded/cost.json"]
