"""The check that readers take home: what it finds, where, what it leaves alone; and the nudges."""

import math

import numpy as np
import pytest
from oracles import frozen

from snippets.gradient_checking import (
    central_difference,
    check_gradient,
    complex_step,
    forward_difference,
    matched,
    nudged,
)

pytestmark = pytest.mark.filterwarnings("error")


def quadratic():
    """A loss with hardly any rounding, its parameters of several shapes, and their gradients."""
    parameters = {
        "W": np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]]),
        "b": np.array([0.5, 2.0]),
        "c": np.array(1.5),
    }

    def loss():
        return sum((k + 1) * (W**2).sum() for k, W in enumerate(parameters.values()))

    gradients = {
        name: np.array(2.0 * (k + 1) * W) for k, (name, W) in enumerate(parameters.items())
    }
    return loss, parameters, gradients


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


# The check


def test_right_gradients_pass_in_a_dict_and_in_a_list():
    loss, parameters, gradients = quadratic()
    assert 0 <= check_gradient(loss, parameters, gradients)["error"] < 1e-9
    lists = list(parameters.values()), list(gradients.values())
    assert 0 <= check_gradient(loss, *lists)["error"] < 1e-9


@pytest.mark.parametrize("name, index", [("W", (0, 1)), ("W", (1, 2)), ("b", (1,)), ("c", ())])
def test_the_one_wrong_entry_is_named(name, index):
    loss, parameters, gradients = quadratic()
    right = float(gradients[name][index])
    gradients[name][index] = 1.25 * right
    worst = check_gradient(loss, parameters, gradients)
    assert list(worst) == ["error", "parameter", "entry", "gradient", "nudging"]
    assert (worst["parameter"], worst["entry"], worst["gradient"]) == (name, index, 1.25 * right)
    assert worst["nudging"] == pytest.approx(right, rel=1e-8)
    assert worst["error"] == pytest.approx(0.2, rel=1e-8)
    assert type(worst["error"]) is type(worst["gradient"]) is type(worst["nudging"]) is float


@pytest.mark.parametrize(
    "given, nudging, error", [(0, 4, 1), (4, 0, 1), (3, 4, 0.25), (4, 3, 0.25)]
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_error_is_a_share_of_the_larger(given, nudging, error, sign):
    w = np.array([0.0])
    worst = check_gradient(lambda: sign * nudging * w[0] + 1.0, [w], [np.array([sign * given])])
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


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_loss_that_is_nan_or_infinite_never_passes(value):
    assert not check_gradient(lambda: value, [np.zeros(1)], [np.zeros(1)])["error"] < 1e-6


def test_each_entry_is_nudged_alone_up_and_down_by_the_default_step_and_put_back():
    w, points = np.array([1.0, 2.0]), []
    check_gradient(lambda: points.append(w.tolist()) or 1.0, [w], frozen([0.0, 0.0]))
    assert points == [[1 + 1e-5, 2], [1 - 1e-5, 2], [1, 2 + 1e-5], [1, 2 - 1e-5]]
    assert w.tolist() == [1.0, 2.0]


def with_a_generator(entries, seed=0):
    """The entries that a check with a generator nudges: of 40, and of 3."""
    looked, parameters = set(), {"big": np.zeros((5, 8)), "small": np.zeros(3)}

    def loss():
        for name, W in parameters.items():
            looked.update((name, *index) for index in np.argwhere(W > 0).tolist())
        return 1.0

    gradients = {name: np.zeros(W.shape) for name, W in parameters.items()}
    check_gradient(loss, parameters, gradients, np.random.default_rng(seed), **entries)
    return looked


def test_with_a_generator_it_looks_at_so_many_random_entries_of_each_array():
    assert len(with_a_generator({"entries": 6})) == 6 + 3
    assert len(with_a_generator({})) == 10 + 3
    assert with_a_generator({}) == with_a_generator({}) != with_a_generator({}, seed=1)


@pytest.mark.parametrize("wrap", [float, np.float64, lambda v: np.array([[v]]), lambda v: [v]])
def test_one_number_is_taken_in_any_wrapping_and_no_more_than_one(wrap):
    W = np.array([2.0])
    assert nudged(lambda: wrap(W[0]), W, (0,), 0.5) == (2.5, 1.5)
    with pytest.raises(ValueError):
        nudged(lambda: np.zeros(3), W, (0,), 0.5)


@pytest.mark.parametrize(
    "parameters, gradients, error, message",
    [
        ({"b": np.zeros(2, np.float32)}, {"b": np.zeros(2)}, TypeError, "'b' has dtype float32"),
        ({"b": np.zeros(2, int)}, {"b": np.zeros(2)}, TypeError, "'b' has dtype int64"),
        ([np.zeros(2)], [np.zeros((2, 1))], ValueError, r"0 has shape \(2, 1\): expected \(2,\)"),
        ([np.zeros(2)], [np.zeros(())], ValueError, r"0 has shape \(\): expected \(2,\)"),
        ({"W": 1, "b": 1}, {"W": 1}, ValueError, r"of \['W'\] for parameters \['W', 'b'\]"),
        ([1], [1, 1], ValueError, r"gradients of \[0, 1\] for parameters \[0\]"),
        ([], [], ValueError, r"gradients of \[\] for parameters \[\]"),
    ],
)
def test_parameters_and_gradients_that_do_not_fit_are_refused(
    parameters, gradients, error, message
):
    with pytest.raises(error, match=message):
        matched(parameters, gradients)


def test_names_in_another_order_are_matched():
    W, b, dL_dW, dL_db = np.zeros(2), np.zeros(3), np.ones(2), np.ones(3)
    found = matched({"W": W, "b": b}, {"b": dL_db, "W": dL_dW})
    assert [(name, id(p), id(g)) for name, p, g in found] == [
        ("W", id(W), id(dL_dW)),
        ("b", id(b), id(dL_db)),
    ]


def test_a_view_is_nudged_in_the_model_it_belongs_to():
    theta = np.arange(6.0)

    def loss():
        return (theta**3).sum()

    W, b = theta[:4].reshape(2, 2), theta[4:]
    assert check_gradient(loss, {"W": W, "b": b}, {"W": 3 * W**2, "b": 3 * b**2})["error"] < 1e-8


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


def test_an_array_without_entries_is_passed_over():
    empty, W = np.zeros((0, 3)), np.array([1.0])
    assert check_gradient(lambda: W[0], [empty, W], [empty, np.ones(1)])["parameter"] == 1


# The table


def test_each_slip_in_the_table_is_found_in_the_parameters_that_it_spoils():
    from snippets.tables import gradient_checking as tables

    rows = {row.pop("Slip"): row for row in map(dict, tables.BROKEN)}
    assert rows.pop("none")["verdict"] == "passes" and len(rows) >= 4
    for slip, row in rows.items():
        found = set(row["worst entry in"].replace("`", "").split(", "))
        spoilt = {"W1", "b1"} if "Z1 > 0" in slip else {slip.replace("dL_d", "").strip("`")[:2]}
        assert row["verdict"] == "**fails**" and found <= spoilt
