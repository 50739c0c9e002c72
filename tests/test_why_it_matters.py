"""The number of parameters, and of the passes that nudging them costs."""

from itertools import pairwise

import pytest

from snippets.why_it_matters import count_parameters

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(
    "sizes, count",
    [([2, 3, 1], 13), ([64, 30, 10], 2260), ([1, 1], 2), ([5, 2, 7, 3], 57), ([4], 0)],
)
def test_parameters_are_counted(sizes, count):
    assert count_parameters(sizes) == count


def test_parameters_and_passes_in_the_table_are_those_of_the_formula():
    from snippets.tables import why_it_matters as table

    for row in table.PASSES:
        sizes = [int(size) for size in row["Layers"].split(" – ")]
        count = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
        shown = row["Parameters"], row["Runs to nudge them all"]
        assert [int(cell.replace("\u202f", "")) for cell in shown] == [count, 2 * count]
    assert table.nudging_days == pytest.approx(2 * 1796010 * 0.001 * 10_000 / 86_400)
    assert table.backpropagation_minutes == pytest.approx(3 * 0.001 * 10_000 / 60)
    assert table.passes == 2 * 13
