"""Three ways to a gradient against each other and against slow, plain ones; counts against closed forms; the record against both."""

import itertools
import json

import numpy as np
import pytest
from conftest import ROOT, needs
from oracles import assert_close, frozen, gradient_of, parameter_gradients, two_layers

from snippets import cost, efficiency, matrix_form
from snippets.tables import cost as tables

pytestmark = pytest.mark.filterwarnings("error")

SIZES = [
    (1, 1, 1, 1),
    (1, 3, 2, 2),
    (5, 2, 1, 1),
    (4, 3, 4, 2),
    (3, 1, 3, 3),
    (6, 4, 5, 1),
]  # N, D, H, K


def draw(N, D, H, K, seed=0):
    """`X, Y` and the parameters `W1, b1, W2, b2`."""
    rng = np.random.default_rng(seed)
    X, Y = frozen(rng.normal(size=(N, D)), rng.uniform(size=(N, K)))
    return (
        X,
        Y,
        [rng.normal(size=(H, D)), rng.normal(size=H), rng.normal(size=(K, H)), rng.normal(size=K)],
    )


def error(X, Y):
    return lambda *parameters: ((two_layers(X, *parameters) - Y) ** 2).mean()


def flat(arrays):
    return np.concatenate([array.ravel() for array in arrays])


@pytest.mark.parametrize("sizes", SIZES)
def test_loss_agrees_with_loops(sizes):
    X, Y, parameters = draw(*sizes)
    found = cost.loss(X, Y, frozen(*parameters))
    assert type(found) is float and found == pytest.approx(error(X, Y)(*parameters), rel=1e-13)


@pytest.mark.parametrize("sizes", SIZES)
def test_a_derivative_along_a_direction_is_that_of_the_loss_on_this_line(sizes):
    X, Y, parameters = draw(*sizes, seed=1)
    direction = draw(*sizes, seed=2)[2]
    found = cost.directional_derivative(X, Y, frozen(*parameters), frozen(*direction))
    on_the_line = gradient_of(
        lambda t: error(X, Y)(*(W + t * W_dot for W, W_dot in zip(parameters, direction))), 0.0
    )
    assert type(found) is float and found == pytest.approx(on_the_line.item(), rel=1e-8)


@pytest.mark.parametrize("sizes", SIZES)
def test_both_ways_give_the_gradient_number_by_number(sizes):
    X, Y, parameters = draw(*sizes, seed=3)
    expected = flat(parameter_gradients(error(X, Y), parameters))
    assert_close(np.array(list(cost.forward_mode(X, Y, frozen(*parameters)))), expected)
    before = [W.copy() for W in parameters]
    assert_close(
        np.array(list(cost.finite_differences(X, Y, parameters))), expected, rtol=1e-6, atol=1e-9
    )
    assert all((W == was).all() for W, was in zip(parameters, before))


def test_finite_differences_are_central_with_the_step_that_is_asked_for():
    X, Y, parameters = draw(2, 1, 1, 1)
    for h, options in [(0.25, {"h": 0.25}), (1e-5, {})]:
        above, below = (
            cost.loss(X, Y, [*parameters[:3], parameters[3] + step]) for step in (h, -h)
        )
        assert list(cost.finite_differences(X, Y, parameters, **options))[-1] == pytest.approx(
            (above - below) / (2 * h), rel=1e-12
        )


def test_a_unit_at_exactly_zero_passes_no_change_on():
    X, Y, parameters = (
        np.ones((1, 1)),
        np.zeros((1, 1)),
        [np.ones((1, 1)), -np.ones(1), np.ones((1, 1)), np.zeros(1)],
    )
    assert list(cost.forward_mode(X, Y, parameters)) == [0.0, 0.0, 0.0, 0.25]


@pytest.mark.parametrize("z", [-1e4, 1e4])
def test_saturated_outputs_are_flat_without_a_warning(z):
    X, Y, parameters = (
        np.ones((2, 1)),
        np.ones((2, 1)),
        [np.ones((1, 1)), np.zeros(1), np.zeros((1, 1)), np.array([z])],
    )
    assert cost.loss(X, Y, parameters) == float(z < 0)
    assert list(cost.forward_mode(X, Y, parameters)) == [0.0] * 4


# Counts


@pytest.mark.parametrize("N, D, H, K", SIZES)
def test_multiplications_are_those_of_the_products(N, D, H, K):
    X, Y, parameters = draw(N, D, H, K)
    Z1, A1, Z2, A2 = matrix_form.forward(X, *parameters)
    first, second = N * D * H, N * H * K
    assert cost.count_multiplications(matrix_form.forward, X, *parameters) == first + second
    assert (
        cost.count_multiplications(matrix_form.backward, X, Y, Z1, A1, A2, parameters[2])
        == first + 2 * second
    )
    both = cost.count_multiplications(
        lambda X, Y, *both: cost.directional_derivative(X, Y, both[:4], both[4:]),
        X,
        Y,
        *parameters,
        *parameters,
    )
    assert both == 2 * first + 3 * second
    counter = efficiency.Counter()
    efficiency.forward(X, [parameters[0], parameters[2]], counter.product)
    assert counter.multiplications == first + second


def test_counting_leaves_the_arrays_and_the_next_count_alone():
    A = np.ones((2, 3))
    seen = []
    assert [cost.count_multiplications(lambda A: seen.append(A @ A.T), A) for _ in range(2)] == [
        12,
        12,
    ]
    assert type(A) is np.ndarray and (seen[0] == 3.0).all()
    assert cost.count_multiplications(lambda A: A + A, A) == 0


# The record, which the module of the tables compares with closed forms


def test_times_are_told_in_units_that_fit():
    told = {
        2e-5: "20 µs",
        1.94e-3: "1.9 ms",
        1.0: "1.0 s",
        59.4: "59 s",
        60: "1.0 min",
        3600 * 3.14: "3.1 h",
        86400 * 12: "12 days",
    }
    assert {
        seconds: tables.in_units(seconds, tables.UNITS).replace("\u00a0", " ") for seconds in told
    } == told
    assert (
        tables.in_units(999, tables.BYTES) == "999\u00a0bytes"
        and tables.in_units(2.5e6, tables.BYTES) == "2.5\u00a0MB"
    )


def test_a_ratio_is_of_medians_with_the_quartiles_of_the_rounds():
    found = tables.ratio({"a": [2.0, 8.0, 6.0], "b": [2.0, 2.0, 1.0]}, "a", "b")
    assert found == {"median": 3.0, "low": 1.0, "high": 6.0}
    assert tables.with_spread(found) == "3.00 [1.00–6.00]"


# The program that measures, in a quick run: what it counts, never how long it took


@pytest.fixture(scope="module")
def quick():
    needs("torch")
    from snippets.recorded.cost import record_cost

    return record_cost(quick=True)


def test_the_measurement_counts_what_closed_forms_give(quick):
    for network in quick["growth"]:
        w, product = network["width"], quick["N"] * network["width"] ** 2
        assert network["parameters"] == 2 * w * w + 2 * w
        assert network["bytes"] == {
            "parameters": 8 * network["parameters"],
            "activations": 8 * 4 * quick["N"] * w,
        }
        assert list(network["multiplications"].values()) == [
            2 * product,
            3 * product,
            5 * product,
            4 * product,
        ]
        assert all(peak > 0 for peak in network["peak"].values())


def test_loop_batches_and_pytorch_take_the_same_steps(quick):
    for of in quick["epochs"]:
        assert (
            of["apart"]["loop, the same units"] < 1e-13 and of["apart"]["PyTorch, float64"] < 1e-13
        )
        assert 1e-13 < of["apart"]["PyTorch, float32"] < 1e-5 < of["apart"]["loop, sigmoids"]
