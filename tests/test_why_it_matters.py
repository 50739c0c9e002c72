"""Nudging: the right gradient, the number of passes it costs, and parameters left as they were."""

from itertools import pairwise

import numpy as np
import pytest
from oracles import assert_close

from snippets.why_it_matters import count_parameters, gradient_by_nudging

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(
    "sizes, count",
    [([2, 3, 1], 13), ([64, 30, 10], 2260), ([1, 1], 2), ([5, 2, 7, 3], 57), ([4], 0)],
)
def test_parameters_are_counted(sizes, count):
    assert count_parameters(sizes) == count


def test_nudging_finds_a_known_gradient_and_counts_its_passes():
    W, b = np.random.default_rng(0).normal(size=(2, 3)), np.array(0.5)
    W0, calls = W.copy(), []

    def loss():
        calls.append((W.copy(), b.item()))
        return np.sum(np.sin(W)) * b.item() ** 2

    (dL_dW, dL_db), passes = gradient_by_nudging(loss, [W, b])
    assert passes == len(calls) == 2 * 7
    assert_close(dL_dW, 0.25 * np.cos(W0), rtol=1e-8)
    assert_close(dL_db, np.sum(np.sin(W0)), rtol=1e-8)
    np.testing.assert_array_equal(W, W0)
    assert b == 0.5


def test_one_entry_at_a_time_moves_up_and_down_by_the_default_h():
    W, seen = np.array([1.0, 2.0]), []
    gradient_by_nudging(lambda: seen.append(W.tolist()) or 0.0, [W])
    assert seen == [[1 + 1e-5, 2], [1 - 1e-5, 2], [1, 2 + 1e-5], [1, 2 - 1e-5]]


@pytest.mark.parametrize("h", [0.5, 0.25])
def test_the_error_on_a_cube_is_exactly_h_squared(h):
    w = np.array([2.0])
    assert gradient_by_nudging(lambda: w.item() ** 3, [w], h)[0][0].tolist() == [12 + h**2]


@pytest.mark.parametrize("failing_call", [1, 2, 3])
def test_a_loss_that_fails_leaves_the_parameters_as_they_were(failing_call):
    W, calls = np.array([1.0, 2.0]), []

    def loss():
        calls.append(1)
        if len(calls) == failing_call:
            raise ArithmeticError("no loss")
        return 0.0

    with pytest.raises(ArithmeticError, match="no loss"):
        gradient_by_nudging(loss, [W])
    assert W.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("dtype", ["int64", "bool", "complex128", "float32"])
def test_a_parameter_that_is_not_of_floats_is_refused_by_name(dtype):
    W, b = np.array([1.0]), np.array([1, 0], dtype)
    with pytest.raises(TypeError, match=rf"parameters\[1\] has dtype {dtype}: expected floats"):
        gradient_by_nudging(lambda: 0.0, [W, b])
    assert W.tolist() == [1.0] and b.tolist() == [1, 0]


def test_parameters_and_passes_in_the_table_are_those_of_the_formula():
    from snippets.tables import why_it_matters as table

    for row in table.PASSES:
        sizes = [int(size) for size in row["Layers"].split(" – ")]
        count = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
        shown = row["Parameters"], row["Forward passes to nudge them all"]
        assert [int(cell.replace("\u202f", "")) for cell in shown] == [count, 2 * count]
    assert table.nudging_days == pytest.approx(2 * 1796010 * 0.001 * 10_000 / 86_400)
    assert table.backpropagation_minutes == pytest.approx(3 * 0.001 * 10_000 / 60)
