"""How strictly the table of the notations looks."""

import pytest

from snippets import transpose
from snippets.tables import transpose as table


def test_a_wrong_product_is_far_beyond_the_tolerance_and_rounding_far_below():
    assert 1e-9 < table.TOLERANCE <= 1e-6


def test_gradient_that_is_missing_is_an_error():
    dL_dW2, dL_da1 = transpose.in_scalars(table.W2, table.a1, table.y)
    assert table.error([dL_dW2, dL_da1]) < table.TOLERANCE
    with pytest.raises(ValueError, match="shorter|longer"):
        table.error([dL_dW2])
