"""What the table of the activations looks at: how fine, and how strictly."""

import numpy as np

from snippets.tables import activations


def test_peaks_are_looked_for_where_they_can_be():
    assert len(activations.grid) == 100_001 and (activations.grid[0], activations.grid[-1]) == (-5, 5) and 0 in np.round(activations.grid, 12)


def test_differences_are_held_to_nine_digits():
    assert 1e-11 < activations.TOLERANCE <= 1e-9
