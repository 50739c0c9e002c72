"""The experiments behind the chapter on automatic differentiation."""

import pytest


@pytest.fixture(scope="module")
def tables():
    from snippets.tables import autodiff

    return autodiff


def test_engine_is_held_to_fourteen_digits(tables):
    assert tables.TOLERANCE == 1e-14


def test_counterexample_starts_at_one(tables):
    assert [node.value for node in tables.counterexample()] == [1, 2, 6, 8, 14]
