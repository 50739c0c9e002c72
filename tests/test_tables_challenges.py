"""The numbers in the tables of the challenges."""

import pytest


@pytest.fixture(scope="module")
def tables():
    from snippets.tables import challenges

    return challenges


@pytest.mark.parametrize("value, shown", {
    0.00012: "1.2 × 10<sup>−4</sup>", 0.0012: "0.0012", 1.2: "1.2", 12.3: "12", 1234.0: "1234", 12345.0: "1.2 × 10<sup>4</sup>",
}.items())  # fmt: skip
def test_number_is_written_out_where_that_is_short(tables, value, shown):
    assert tables.number(value) == shown


def test_loss_above_a_million_is_no_loss(tables):
    assert tables.DIVERGED == 1e6
    assert tables.cell({"low": 1.0, "median": 2.0, "high": 1.05e6}) == "2.0 (1.0 to diverged)"
    assert tables.cell({"low": 1.0, "median": 1.05e6, "high": 2e6}) == "–"
