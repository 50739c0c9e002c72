"""The number of parameters."""

import pytest

from snippets.why_it_matters import count_parameters

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(
    "sizes, count",
    [([2, 3, 1], 13), ([64, 30, 10], 2260), ([1, 1], 2), ([5, 2, 7, 3], 57), ([4], 0)],
)
def test_parameters_are_counted(sizes, count):
    assert count_parameters(sizes) == count
