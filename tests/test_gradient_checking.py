"""The check that readers take home: what it finds, where, what it leaves alone; and the nudges."""

import math

import numpy as np
import pytest
from oracles import assert_close

from snippets.gradient_checking import (
    Finding,
    Report,
    check_gradient,
    judge,
    numerical_gradient,
    relative_error,
)

pytestmark = pytest.mark.filterwarnings("error")


# The numerical gradient


@pytest.mark.parametrize("shape", [(), (3,), (2, 1, 2)])
def test_numerical_gradient_finds_a_known_gradient(shape):
    W, c = np.random.default_rng(0).normal(0, 1, (2, *shape))
    W, b = np.array(W), np.array([0.5, 2.0])
    before = W.copy()
    dL_dW, dL_db = numerical_gradient(lambda: np.sum(c * np.sin(W)) * b.prod(), [W, b])
    assert_close(dL_dW, c * np.cos(W), rtol=1e-8, atol=1e-9)
    assert_close(dL_db, np.sum(c * np.sin(W)) * b[::-1], rtol=1e-8, atol=1e-9)
    np.testing.assert_array_equal(W, before)


@pytest.mark.parametrize(
    "nudge",
    [numerical_gradient, lambda loss, W: check_gradient(loss, W, [np.zeros(2)])],
    ids=["numerical_gradient", "check_gradient"],
)
def test_each_entry_is_nudged_alone_and_put_back_even_if_the_loss_fails(nudge):
    W, points = np.array([1.0, 2.0]), []

    def loss():
        points.append(W.tolist())
        if len(points) > 4:
            raise ArithmeticError("no loss")
        return 1.0

    nudge(loss, [W])
    assert points == [[1 + 1e-5, 2], [1 - 1e-5, 2], [1, 2 + 1e-5], [1, 2 - 1e-5]]
    with pytest.raises(ArithmeticError, match="no loss"):
        nudge(loss, [W])
    assert W.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "parameter, kind",
    [
        (np.array([1, 0]), "an array of int64"),
        (np.array([1.0], np.float32), "an array of float32"),
        (np.float64(1.0), "float64"),
        ([1.0], "list"),
    ],
)
def test_what_cannot_be_nudged_is_refused_by_its_place(parameter, kind):
    W = np.array([1.0])
    message = f"parameter 1 is {kind}: expected an array of float64"
    with pytest.raises(TypeError, match=message):
        numerical_gradient(lambda: 0.0, [W, parameter])
    with pytest.raises(TypeError, match=message):
        check_gradient(lambda: 0.0, [W, parameter], [W, parameter])


# The relative error


@pytest.mark.parametrize(
    "a, b, expected",
    [
        ([3.0, 0.0], [0.0, 4.0], 5 / 7),
        ([1.0], [1.0 + 1e-7], 5e-8),
        (2, 1, 1 / 3),
        ([0.0], [0.0], 0.0),
        (np.zeros((2, 0)), np.zeros((2, 0)), 0.0),
        ([5e-324, 5e-324], [5e-324, -5e-324], math.sqrt(0.5)),
        ([1e308, 1e308], [1e308, -1e308], math.sqrt(0.5)),
        ([0.0], [math.nan], math.inf),
        ([math.inf], [math.inf], math.inf),
    ],
)
def test_relative_error_is_the_distance_as_a_share_of_the_size(a, b, expected):
    error = relative_error(a, b)
    assert type(error) is float
    assert error == pytest.approx(expected, rel=1e-6, abs=0)
    assert relative_error(b, a) == error


@pytest.mark.parametrize("a, b", [((3,), (3, 1)), ((2, 3), (3, 2)), ((1,), ())])
def test_gradients_of_different_shapes_are_refused(a, b):
    with pytest.raises(ValueError, match="b has shape .*, but a has shape .*: expected the same"):
        relative_error(np.ones(a), np.ones(b))


# One entry


def at(x, f, gradient, **options):
    """What the check says of a gradient of `f` at `x`."""
    w = np.array([x])
    return judge(lambda: f(w.item()), w, (0,), gradient, **options)


@pytest.mark.parametrize("given, nudging", [(0, 4), (3, 4), (4, 3), (-3, -4)])
def test_the_error_is_a_share_of_the_larger(given, nudging):
    found = at(0.0, lambda x: nudging * x + 1, given)
    assert found.error == pytest.approx(1 if given == 0 else 0.25, abs=1e-8)
    assert found.nudging == pytest.approx(nudging) and found.gradient == given
    assert type(found.error) is type(found.gradient) is type(found.nudging) is float


@pytest.mark.parametrize("constant", [8.0, -8.0])
def test_below_a_ten_thousandth_of_the_loss_it_is_a_share_of_that(constant):
    found = at(0.0, lambda x: x * 2e-4 + constant, 0.0, h=2.0**-4)
    assert found.error == pytest.approx(2e-4 / 8e-4, rel=1e-3)


def test_where_everything_is_zero_everything_agrees():
    assert at(0.0, lambda x: 0.0, 0.0) == ("right", 0.0, 0.0, 0.0, (), 0, ())


@pytest.mark.parametrize("off, verdict", [(0.99e-5, "right"), (1.01e-5, "wrong")])
def test_the_threshold_is_a_hundred_thousandth(off, verdict):
    assert at(0.0, lambda x: x, 1 - off).verdict == verdict


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_loss_that_is_nan_or_infinite_never_passes(value):
    assert at(0.0, lambda x: value, 0.0).verdict == "wrong"


# Kinks


def bent(x):
    """A kink at 0, on a slope and a bend: slopes -1 and 3 at 0."""
    return 2 * abs(x) + x + 5 * x**2 + 1


NEAR = [-2e-5, -9e-6, -3e-6, -1.1e-6, -9e-7, -1e-9, 1e-7, 9e-7, 2e-6, 4e-6, 2e-5]


@pytest.mark.parametrize("x", NEAR)
def test_the_right_gradient_near_a_kink_is_not_condemned_and_wrong_ones_are(x):
    right = (3 if x > 0 else -1) + 10 * x
    assert at(x, bent, right).verdict in ("right", "kink")
    assert abs(x) < 1e-6 or at(x, bent, right).verdict == "right"
    for wrong in (-4.0, 6.0) if abs(x) < 1e-6 else (-4.0, -1.1, 0.0, 2.9, 3.1, 6.0):
        assert at(x, bent, wrong).verdict == "wrong"


@pytest.mark.parametrize("gradient", [-1.0, 0.999, 2.0, 3.0, -1.0002, 3.0002, np.nan])
def test_at_a_kink_the_slope_of_either_side_or_between_is_accepted_and_both_are_told(gradient):
    found = at(0.0, bent, gradient)
    assert found.verdict == ("kink" if -1 <= gradient <= 3 else "wrong")
    assert found.nudging == pytest.approx(1) and found.sides == pytest.approx((-1, 3), rel=1e-6)


@pytest.mark.parametrize("wrong", [0.0, 0.999, 1.0001])
@pytest.mark.parametrize("bend", [1.0, 1e3, -1e3])
def test_a_bend_hides_no_bug(wrong, bend):
    def smooth(x):
        return x + bend * x**2 + bend * x**3

    assert at(0.0, smooth, wrong).verdict == "wrong"
    assert at(0.0, smooth, 1.0).verdict == "right"


# The whole model


def quadratic():
    """A loss with hardly any rounding, its parameters of several shapes, and their gradients."""
    parameters = [
        np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]]),
        np.array([0.5, 2.0]),
        np.array(1.5),
    ]

    def loss():
        return sum((k + 1) * (W**2).sum() for k, W in enumerate(parameters))

    return loss, parameters, [np.array(2.0 * (k + 1) * W) for k, W in enumerate(parameters)]


@pytest.mark.parametrize("k, index", [(0, (1, 2)), (1, (1,)), (2, ())])
def test_the_one_wrong_entry_is_named(k, index):
    loss, parameters, gradients = quadratic()
    right = float(gradients[k][index])
    gradients[k][index] = 1.25 * right
    report = check_gradient(loss, parameters, gradients)
    worst = report.worst[k]
    assert report.verdict == worst.verdict == "wrong"
    assert (worst.parameter, worst.entry, worst.gradient) == (k, index, 1.25 * right)
    assert (worst.nudging, worst.error) == pytest.approx((right, 0.2), rel=1e-8)
    assert all(found.verdict == "right" for found in report.worst if found is not worst)
    assert report.advice.startswith(f"Start with parameter {k}:") and "kink" not in report.advice


def test_the_advice_is_to_start_with_the_last_that_is_wrong():
    loss, parameters, (dL_dW, dL_db, dL_dc) = quadratic()
    report = check_gradient(loss, parameters, [2 * dL_dW, 1.1 * dL_db, dL_dc])
    assert report.advice.startswith("Start with parameter 1:")


@pytest.mark.parametrize("column", range(3))
def test_nan_is_the_worst_wherever_it_is(column):
    loss, parameters, gradients = quadratic()
    gradients[0][1] = -gradients[0][1]
    gradients[0][0, column] = np.nan
    worst = check_gradient(loss, parameters, gradients).worst[0]
    assert math.isnan(worst.error) and worst.entry == (0, column) and worst.verdict == "wrong"


def test_a_wrong_entry_makes_the_whole_wrong_and_hides_behind_no_kink():
    w = np.zeros(3)

    def loss():
        return np.abs(w[:2]).sum() + w[2]

    assert check_gradient(loss, [w], [np.array([1.0, 0.5, 1.0])]).verdict == "kink"
    report = check_gradient(loss, [w], [np.array([1.0, -1.0, 1.1])])
    assert report.verdict == "wrong" and report.worst[0].entry == (2,)


@pytest.mark.parametrize("size", [1e-3, 1e3])
def test_a_wrong_entry_at_a_kink_is_told_to_be_there(size):
    w = np.zeros(1)
    advice = check_gradient(lambda: size * abs(w.item()), [w], [np.array([2 * size])]).advice
    assert advice.startswith("Start with parameter 0") and "(0,) of parameter 0 is at a" in advice
    assert f"slope {-size:.4g} from the left,\n{size:.4g} from the right" in advice


def test_a_slope_of_minus_zero_is_written_as_zero():
    w = np.zeros(1)
    report = check_gradient(lambda: max(w.item(), 0.0), [w], [np.zeros(1)])
    assert "slope 0 from the left,\n1 from the right" in report.advice


def with_a_generator(seed=0, **entries):
    """The entries of 40 that a check with a generator nudges."""
    W, looked, rng = np.zeros((5, 8)), set(), np.random.default_rng(seed)

    def loss():
        looked.add(np.abs(W).argmax())
        return 1.0

    check_gradient(loss, [W], [np.zeros(W.shape)], rng, **entries)
    return looked


def test_with_a_generator_it_looks_at_so_many_random_entries_of_each_array():
    assert len(with_a_generator(entries=6)) == 6 and len(with_a_generator()) == 10
    assert with_a_generator() == with_a_generator() != with_a_generator(seed=1)


@pytest.mark.parametrize(
    "parameters, gradients",
    [
        ([np.zeros(2)], [np.zeros((2, 1))]),
        ([np.zeros(2), np.zeros(1)], [np.zeros(2)]),
        ([np.zeros(2)], [np.zeros(2), np.zeros(1)]),
        ([], []),
    ],
)
def test_parameters_and_gradients_that_do_not_fit_are_refused(parameters, gradients):
    with pytest.raises(ValueError, match="gradients of shapes .* for parameters of shapes"):
        check_gradient(lambda: 0.0, parameters, gradients)


def test_an_array_without_entries_is_passed_over():
    empty, W = np.zeros((0, 3)), np.array([1.0])
    report = check_gradient(lambda: W[0], [empty, W], [empty, np.ones(1)])
    assert [found.parameter for found in report.worst] == [1] and report.verdict == "right"


def test_a_report_is_printed_as_an_aligned_table():
    findings = [
        Finding("wrong", 0.25, -0.001234567, 123456.0, (1.0, 1.0), 0, (10, 3)),
        Finding("kink", 1.0, 0.0, -0.5, (-1.0, 0.0), 1, (0,)),
        Finding("right", 3e-9, 1e-20, 1e-20, (), 12, ()),
    ]
    assert str(Report("wrong", findings, "Look there.")).split("\n") == [
        "parameter  entry         gradient   by nudging   error  verdict",
        "0          (10, 3)    -0.00123457       123456 2.5e-01  wrong",
        "1          (0,)                 0         -0.5 1.0e+00  kink",
        "12         ()               1e-20        1e-20  < 1e-5  right",
        "Look there.",
    ]


# Networks of the table: 4, 3, 3 and 1 units, eight examples


@pytest.fixture(scope="module")
def tables():
    from snippets.tables import gradient_checking as tables

    return tables


@pytest.mark.parametrize("biases, row_of_zeros", [(0, False), (0, True), (0.1, False)])
def test_no_right_network_is_condemned_and_every_slip_is_found(tables, biases, row_of_zeros):
    kinks = 0
    for seed in range(200):
        parameters, X, Y = tables.network(seed, tables.DEEP, tables.FEW, biases)
        X[0] *= not row_of_zeros
        loss = tables.loss_of(parameters, X, Y)
        right = tables.backward(parameters, X, Y)
        report = check_gradient(loss, parameters, right)
        assert report.verdict != "wrong", seed
        if report.verdict == "kink":
            kinks += 1
            assert "is at a kink" in report.advice and "small random biases" in report.advice
        for slip in tables.SLIPS:
            wrong = tables.backward(parameters, X, Y, slip=slip)
            if not all(map(np.array_equal, wrong, right)):
                assert check_gradient(loss, parameters, wrong).verdict == "wrong", (seed, slip)
    assert kinks == 0 if biases else kinks > 100


def test_each_slip_in_the_table_is_found_at_the_line_that_it_breaks(tables):
    rows = [dict(row) for row in tables.BROKEN]
    lines = [{"b3"}, {"b3"}, {"W3"}, {"b2", "W2"}, {"b1"}, {"b3"}, {"W1"}]
    for row, expected in zip(rows, lines, strict=True):
        assert set(row["start with"].replace("`", "").split(", ")) == expected
