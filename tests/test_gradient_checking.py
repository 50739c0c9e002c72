"""The check that readers take home: what it finds, where, what it leaves alone; and the three ways to nudge."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from oracles import assert_close, frozen, gradient_of

from snippets import gradient_checking
from snippets.gradient_checking import (
    central_difference,
    check_gradient,
    complex_step,
    forward_difference,
    matched,
    nudged,
)
from snippets.tables import gradient_checking as tables

pytestmark = pytest.mark.filterwarnings("error")


def quadratic(rng=None):
    """A loss without any rounding to speak of, its parameters of several shapes, and their gradients."""
    parameters = {
        "W": np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]]),
        "b": np.array([0.5, 2.0]),
        "c": np.array(1.5),
    }
    return (
        lambda: sum((k + 1) * (W**2).sum() for k, W in enumerate(parameters.values())),
        parameters,
        {name: np.asarray(2.0 * (k + 1) * W) for k, (name, W) in enumerate(parameters.items())},
    )


# The three formulas


@pytest.mark.parametrize("h", [0.5, 0.25])
def test_on_a_cube_each_formula_is_off_by_what_it_leaves_out(h):
    x = np.array([[2.0, -1.0]])
    exact = 3 * x**2
    np.testing.assert_array_equal(
        forward_difference(lambda x: x * x * x, x, h), exact + 3 * x * h + h**2
    )
    np.testing.assert_array_equal(central_difference(lambda x: x * x * x, x, h), exact + h**2)
    np.testing.assert_allclose(complex_step(lambda x: x * x * x, x, h), exact - h**2, rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("formula", [forward_difference, central_difference, complex_step])
def test_formulas_keep_precision_and_shape(formula, dtype):
    found = formula(np.exp, np.zeros((2, 3), dtype), 2.0**-8)
    assert found.dtype == dtype and found.shape == (2, 3)
    np.testing.assert_allclose(found, 1, rtol=0.01)


def test_complex_step_is_exact_to_the_last_digits():
    x = np.linspace(-2, 2, 9)
    assert_close(complex_step(np.sin, x, 1e-20), np.cos(x), rtol=4e-16, atol=0)


# The check


@pytest.mark.parametrize("as_list", [False, True])
def test_right_gradients_pass(as_list):
    loss, parameters, gradients = quadratic()
    if as_list:
        parameters, gradients = list(parameters.values()), list(gradients.values())
    assert 0 <= check_gradient(loss, parameters, gradients)["error"] < 1e-9


@pytest.mark.parametrize("name, index", [("W", (0, 1)), ("W", (1, 2)), ("b", (1,)), ("c", ())])
def test_the_one_wrong_entry_is_named(name, index):
    loss, parameters, gradients = quadratic()
    right = float(gradients[name][index])
    gradients[name][index] = 1.25 * right
    worst = check_gradient(loss, parameters, gradients)
    assert list(worst) == ["error", "parameter", "entry", "gradient", "nudging"]
    assert (worst["parameter"], worst["entry"], worst["gradient"]) == (name, index, 1.25 * right)
    assert worst["nudging"] == pytest.approx(right, rel=1e-8) and worst["error"] == pytest.approx(
        0.2, rel=1e-8
    )
    assert type(worst["error"]) is type(worst["gradient"]) is type(worst["nudging"]) is float


@pytest.mark.parametrize(
    "given, nudging, error",
    [
        (0.0, 4.0, 1.0),
        (4.0, 0.0, 1.0),
        (3.0, 4.0, 0.25),
        (4.0, 3.0, 0.25),
        (-4.0, 4.0, 2.0),
        (-3.0, -4.0, 0.25),
        (0.0, -4.0, 1.0),
    ],
)
def test_the_error_is_a_share_of_the_larger(given, nudging, error):
    w = np.array([0.0])
    worst = check_gradient(lambda: nudging * w[0] + 1.0, [w], [np.array([given])])
    assert worst["error"] == pytest.approx(error, abs=1e-8)


@pytest.mark.parametrize("constant", [8.0, -8.0])
def test_below_a_ten_thousandth_of_the_loss_it_is_a_share_of_that(constant):
    w = np.array([0.0])
    worst = check_gradient(lambda: w[0] * 2e-4 + constant, [w], [np.array([0.0])], h=2.0**-4)
    assert worst["error"] == pytest.approx(2e-4 / 8e-4, rel=1e-3)


def test_where_everything_is_zero_everything_agrees():
    assert check_gradient(lambda: 0.0, [np.zeros(2)], [np.zeros(2)])["error"] == 0.0


@pytest.mark.parametrize("at", range(3))
def test_nan_is_the_worst_wherever_it_is(at):
    loss, parameters, gradients = quadratic()
    gradients["W"][1] = -gradients["W"][1]
    gradients["W"][0, at] = np.nan
    worst = check_gradient(loss, parameters, gradients)
    assert math.isnan(worst["error"]) and worst["entry"] == (0, at) and not worst["error"] < 1e-6


def test_a_loss_that_is_nan_or_infinite_never_passes():
    for value in (np.nan, np.inf):
        assert not check_gradient(lambda: value, [np.zeros(1)], [np.zeros(1)])["error"] < 1e-6


def test_each_entry_is_nudged_alone_up_and_down_by_the_default_step_and_put_back():
    w, points = np.array([1.0, 2.0]), []
    check_gradient(lambda: points.append(w.tolist()) or 1.0, [w], frozen([0.0, 0.0]))
    assert points == [[1 + 1e-5, 2], [1 - 1e-5, 2], [1, 2 + 1e-5], [1, 2 - 1e-5]]
    assert w.tolist() == [1.0, 2.0]


def test_with_a_generator_it_looks_at_so_many_random_entries_of_each_array():
    looked = []
    loss, parameters, gradients = quadratic()
    parameters = {"big": np.zeros((5, 8)), "small": np.zeros(3)}

    def note():
        looked.extend(
            (name, *map(int, index))
            for name, W in parameters.items()
            for index in np.argwhere(W > 0)
        )
        return 1.0

    gradients = {name: np.zeros(W.shape) for name, W in parameters.items()}
    check_gradient(note, parameters, gradients, rng=np.random.default_rng(0), entries=6)
    big = [place for place in looked if place[0] == "big"]
    assert len(big) == len(set(big)) == 6 and len(set(looked)) == 9
    first = list(looked)
    looked.clear()
    check_gradient(note, parameters, gradients, rng=np.random.default_rng(1))
    assert len(looked) == len(set(looked)) == 10 + 3 and first != looked[:9]
    looked.clear()
    check_gradient(note, parameters, gradients, entries=6)  # without a generator: all
    assert len(set(looked)) == 43


def test_a_view_is_nudged_in_the_model_it_belongs_to():
    theta = np.arange(6.0)
    loss = lambda: (theta**3).sum()
    W, b = theta[:4].reshape(2, 2), theta[4:]
    assert check_gradient(loss, {"W": W, "b": b}, {"W": 3 * W**2, "b": 3 * b**2})["error"] < 1e-8


@pytest.mark.parametrize("wrap", [float, np.float64, lambda v: np.array([[v]]), lambda v: [v]])
def test_one_number_is_taken_in_any_wrapping(wrap):
    W = np.array([2.0])
    assert nudged(lambda: wrap(W[0]), W, (0,), 0.5) == (2.5, 1.5)


@pytest.mark.parametrize("call", [1, 2])
def test_a_loss_that_fails_leaves_the_model_as_it_was(call):
    W, calls = np.array([[1.0, 2.0]]), []

    def loss():
        calls.append(1)
        if len(calls) == call:
            raise RuntimeError("no")
        return 1.0

    with pytest.raises(RuntimeError):
        nudged(loss, W, (0, 1), 0.5)
    assert W.tolist() == [[1.0, 2.0]]


def test_a_loss_for_each_example_is_refused():
    with pytest.raises(ValueError):
        nudged(lambda: np.zeros(3), np.zeros(1), (0,), 0.5)


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.complex128, bool])
def test_parameters_that_would_lose_the_nudge_are_refused(dtype):
    with pytest.raises(TypeError) as error:
        matched({"b": np.zeros(2, dtype)}, {"b": np.zeros(2)})
    assert (
        str(error.value)
        == f"parameter 'b' has dtype {np.dtype(dtype)}: expected float64, so that h is not lost"
    )


@pytest.mark.parametrize("shape", [(2, 1), (1, 2), (3,), ()])
def test_a_gradient_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError) as error:
        matched([np.zeros(2)], [np.zeros(shape)])
    assert str(error.value) == f"the gradient of 0 has shape {shape}: expected (2,)"


@pytest.mark.parametrize(
    "parameters, gradients, names",
    [
        ({"W": 1, "b": 1}, {"W": 1}, "gradients of ['W'] for parameters ['W', 'b']"),
        ({"W": 1}, {"W": 1, "b": 1}, "gradients of ['W', 'b'] for parameters ['W']"),
        ([1], [1, 1], "gradients of [0, 1] for parameters [0]"),
        ([], [], "gradients of [] for parameters []"),
        ({}, {}, "gradients of [] for parameters []"),
    ],
)
def test_gradients_of_other_parameters_are_refused(parameters, gradients, names):
    with pytest.raises(ValueError) as error:
        matched(parameters, gradients)
    assert str(error.value) == names + ": expected one of each"


def test_names_in_another_order_are_matched():
    W, b = np.zeros(2), np.zeros(3)
    dL_dW, dL_db = np.ones(2), np.ones(3)
    found = matched({"W": W, "b": b}, {"b": dL_db, "W": dL_dW})
    assert [name for name, *_ in found] == ["W", "b"]
    assert found[0][1] is W and found[0][2] is dL_dW and found[1][1] is b and found[1][2] is dL_db


def test_an_array_without_entries_is_passed_over():
    W = np.array([1.0])
    assert (
        check_gradient(lambda: W[0], [np.zeros((0, 3)), W], [np.zeros((0, 3)), np.ones(1)])[
            "parameter"
        ]
        == 1
    )


# The tables


@pytest.fixture(autouse=True)
def sixty_digits():
    """Other tests want another precision, in the same process."""
    with localcontext(prec=60):
        yield


@pytest.mark.parametrize("order", range(4))
def test_derivatives_of_the_bell_are_those_that_differences_of_sixty_digits_find(order):
    h, weights = (
        Decimal(10) ** -12,
        {0: {0: 1}, 1: {1: 1, -1: -1}, 2: {1: 1, 0: -2, -1: 1}, 3: {2: 1, 1: -2, -1: 2, -2: -1}}[
            order
        ],
    )
    for x in ("0.5", "1.25", "2.5"):
        slope = (
            sum(w / (1 + (Decimal(x) + k * h) ** 2) for k, w in weights.items())
            / h**order
            / (2 if order % 2 else 1)
        )
        assert tables.derivative(float(x), order) == pytest.approx(float(slope), rel=1e-9)


def test_the_curves_have_the_error_of_exact_arithmetic_where_the_formula_rules():
    """At a large step rounding does not count: the error of the formulas in 60 digits."""
    h = tables.STEPS[6]
    exact = [(Decimal(x), -2 * Decimal(x) / (1 + Decimal(x) ** 2) ** 2) for x in tables.X.tolist()]

    def f(x):
        return 1 / (1 + x * x)

    step = Decimal(float(h))
    forward = np.median([float(abs((f(x + step) - f(x)) / step / d - 1)) for x, d in exact])
    central = np.median(
        [float(abs((f(x + step) - f(x - step)) / (2 * step) / d - 1)) for x, d in exact]
    )
    curves = tables.CURVES["float64"]
    assert curves["forward differences"][6] == pytest.approx(forward, rel=1e-9)
    assert curves["central differences"][6] == pytest.approx(central, rel=1e-9)


@pytest.mark.parametrize(
    "method, order, factor", [("forward differences", 1, 2), ("central differences", 2, 6)]
)
def test_the_predicted_step_is_the_lowest_point_of_the_two_errors(method, order, factor):
    x = np.linspace(0.5, 2.5, 201)
    f, f1 = np.median(1 / (1 + x**2)), np.median(2 * x / (1 + x**2) ** 2)
    higher = {
        1: np.abs((6 * x**2 - 2) / (1 + x**2) ** 3),
        2: np.abs(24 * x * (1 - x**2) / (1 + x**2) ** 4),
    }[order]
    h = np.geomspace(1e-9, 1e-3, 200_001)
    total = (np.median(higher) / factor * h**order + 2**-52 * f / h) / f1
    step, error = tables.predicted(method, 2**-52)
    assert step == pytest.approx(h[total.argmin()], rel=1e-3) and error == pytest.approx(
        total.min(), rel=1e-6
    )


def test_a_nudge_crosses_a_kink_when_a_unit_changes_sides():
    """Counted again from the arrays: b1 moves z1 by h, W1 by h times its input."""
    X, _, model = tables.relu_network(0)
    Z1 = np.einsum("nd,hd->nh", X, model["W1"]) + model["b1"]
    h = 1e-2
    biases = (np.abs(Z1) < h).any(axis=0)
    weights = (np.abs(Z1)[:, :, None] < h * np.abs(X)[:, None, :]).any(axis=0)
    crossed, _ = tables.crossing(h)
    assert crossed[: weights.size + biases.size].tolist() == [*weights.ravel(), *biases]


def test_a_slip_of_one_row_is_missed_as_often_as_counting_says():
    hits = [
        set(np.random.default_rng(seed).permutation(32)[:10]) & {12, 13, 14, 15}
        for seed in range(tables.TRIES)
    ]
    assert tables.missed == sum(not hit for hit in hits) / tables.TRIES
    assert tables.missed_theory == pytest.approx(math.prod((28 - k) / (32 - k) for k in range(10)))


@pytest.mark.parametrize("slip", tables.BACKWARDS)
def test_each_slip_is_found_in_the_parameters_that_it_spoils(slip):
    spoilt = {"none": set(), "no `Z1 > 0`": {"W1", "b1"}}.get(
        slip, {slip.replace("dL_d", "").strip("`")[:2]}
    )
    row = next(row for row in tables.BROKEN if row["Slip"] == slip)
    if slip == "none":
        assert row["verdict"] == "passes" and row["worst entry in"] == "–"
    else:
        assert (
            row["verdict"] == "**fails**"
            and set(row["worst entry in"].replace("`", "").split(", ")) <= spoilt
        )
