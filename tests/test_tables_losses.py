"""The cases of the table of the losses: what they are, and that they come again in each build."""

import numpy as np

from snippets.tables import losses


def test_cases_are_one_example_and_more_and_come_again():
    assert losses.SHAPES[0] == (1, 2) and losses.TOLERANCE <= 1e-7
    np.testing.assert_allclose(losses.z[0], [-1.6051493968851136, 0.7293494040178566, 0.8061393585150219, -0.476376747401162], rtol=1e-12)


def test_targets_are_zeros_and_ones_and_probabilities_stay_clear_of_both():
    assert set(losses.y.flat) == {0.0, 1.0}
    drawn = losses.probabilities(1000, 10)
    assert 0.1 <= drawn.min() < 0.105 and 0.895 < drawn.max() <= 0.9
