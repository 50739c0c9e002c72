"""The table of the slips: its settings, and how it writes what varies."""

import pytest


@pytest.fixture(scope="module")
def tables():
    from snippets.tables import errata

    return errata


def test_settings(tables):
    assert (tables.TOLERANCE, tables.STEP, tables.THRESHOLD) == (1e-6, 1e-5, 1e-7)
    assert tables.FLOAT32_STEPS == [0.1, 0.03, 0.01, 0.003, 0.001, 0.0001]


def test_spread_is_the_median_with_the_ends_where_they_differ(tables):
    assert tables.spread([0.0, 1.0, 5.0]) == "1.00 (0.00 to 5.00)"
    assert tables.spread([2.0, 2.0]) == "2.00"


def test_error_as_large_as_the_tolerance_does_not_pass(tables, monkeypatch):
    monkeypatch.setattr(tables, "relative_error", lambda gradient, nudged: 1e-6)
    assert tables.compared(1.0, 1.0) == ("error below 10<sup>−4</sup>", False)


def test_layers_have_the_sizes_of_their_names(tables):
    assert tables.SIZES == {"2–3–1": [2, 3, 1], "784–100–10": [784, 100, 10], "11 × 50": [50] * 11, "51 × 50": [50] * 51}
