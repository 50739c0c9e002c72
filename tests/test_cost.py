"""Forward mode against loops and nudging; what the program that measures computes."""

import numpy as np
import pytest
from conftest import needs
from oracles import BATCHES, assert_close, batch, parameter_gradients, two_layers

from snippets import cost

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("sizes", BATCHES)
def test_loss_and_forward_mode_agree_with_loops_and_nudging(sizes):
    X, Y, parameters = batch(*sizes)

    def right(*parameters):
        return ((two_layers(X, *parameters) - Y) ** 2).mean()

    loss = cost.batch_loss(X, Y, parameters)
    assert type(loss) is float and loss == pytest.approx(right(*parameters), rel=1e-13)
    gradients = parameter_gradients(right, parameters)
    found = np.array(list(cost.forward_mode(X, Y, parameters)))
    assert_close(found, np.concatenate([gradient.ravel() for gradient in gradients]))


def test_a_unit_at_exactly_zero_passes_no_change_on():
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    parameters = [one, -np.ones(1), one, np.zeros(1)]
    assert list(cost.forward_mode(one, zero, parameters)) == [0.0, 0.0, 0.0, 0.25]


def test_counting_leaves_the_arrays_and_the_next_count_alone():
    A, seen = np.ones((2, 3)), []
    for _ in range(2):
        assert cost.count_multiplications(lambda A: seen.append(A @ A.T), A) == 12
    assert type(A) is np.ndarray and (seen[0] == 3.0).all()
    assert cost.count_multiplications(lambda A: A + A, A) == 0


@pytest.mark.parametrize(
    "seconds, text", [(2e-5, "20 µs"), (9.94, "9.9 s"), (10.6, "11 s"), (86400 * 12, "12 days")]
)
def test_times_are_written_in_units_that_fit(seconds, text):
    from snippets.tables import cost as tables

    assert tables.in_units(seconds, tables.UNITS).replace("\u00a0", " ") == text


def test_loop_batches_and_pytorch_take_the_same_steps():
    needs("torch")
    from snippets.recorded.cost import record_cost

    for apart in (epoch["apart"] for epoch in record_cost(quick=True)["epochs"]):
        assert max(apart["loop, the same units"], apart["PyTorch, float64"]) < 1e-13
        assert 1e-13 < apart["PyTorch, float32"] < 1e-5 < apart["loop, sigmoids"]
