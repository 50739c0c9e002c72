"""The tolerance of the table of the variants."""

from snippets.tables import matrix_form


def test_a_wrong_factor_is_far_beyond_the_tolerance_and_rounding_far_below():
    assert 1e-8 < matrix_form.TOLERANCE <= 1e-6
