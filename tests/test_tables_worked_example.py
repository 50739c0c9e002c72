"""The worked example's table: its tolerance, and how a term is written."""

import pytest

from snippets.tables import worked_example


def test_differences_are_held_to_eight_digits():
    assert 1e-11 < worked_example.TOLERANCE <= 1e-8


@pytest.mark.parametrize("value, text", [(-0.5, "(−0.5)"), (0, "0"), (0.5, "0.5"), (2, "2")])
def test_negative_term_stands_in_brackets(value, text):
    assert worked_example.term(value) == text
