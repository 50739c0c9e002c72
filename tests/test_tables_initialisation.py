"""The numbers in the tables of first weights."""

import pytest


@pytest.fixture(scope="module")
def tables():
    from snippets.tables import initialisation

    return initialisation


@pytest.mark.parametrize("value, shown", {
    0.00012: "1.2 × 10<sup>−4</sup>", 0.0012: "0.0012", 0.012: "0.012", 0.12: "0.12", 1.2: "1.2", 12.3: "12", 123.0: "1.2 × 10<sup>2</sup>",
}.items())  # fmt: skip
def test_number_is_written_out_where_that_is_short(tables, value, shown):
    assert tables.number(value) == shown
