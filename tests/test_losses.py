"""Losses against loops and exact arithmetic, their gradients against nudging, and every refusal."""

import itertools
import math

import numpy as np
import pytest
from oracles import assert_close, exact, frozen, gradient_of

from snippets import losses

pytestmark = pytest.mark.filterwarnings("error")


ENTRYWISE = ["mse", "binary_cross_entropy", "sigmoid_cross_entropy"]
ROWWISE = ["categorical_cross_entropy", "softmax_cross_entropy"]
FROM_SCORES = ["sigmoid_cross_entropy", "softmax_cross_entropy"]
CASES = [
    *itertools.product(ENTRYWISE + ROWWISE, [(1, 1), (1, 4), (5, 1), (3, 4)]),
    *itertools.product(ENTRYWISE, [(), (6,), (2, 3, 2)]),
]


def draw(name, shape, seed=0):
    """A prediction and a target, read-only, as the loss `name` wants them; targets are soft."""
    rng = np.random.default_rng(seed)
    prediction = (
        rng.normal(0, 2, shape) if name in ["mse", *FROM_SCORES] else rng.uniform(0.05, 0.95, shape)
    )
    y = rng.uniform(0, 1, shape)
    return frozen(prediction, y / y.sum(axis=-1, keepdims=True) if name in ROWWISE else y)


def softplus(z):
    return (1 + z.exp()).ln()


def by_loops(name, prediction, y):
    """The loss, term after term as the textbook writes it, with digits to spare."""
    terms = {
        "mse": lambda p, y, *row: (p - y) ** 2,
        "binary_cross_entropy": lambda p, y, *row: -(y * p.ln() + (1 - y) * (1 - p).ln()),
        "sigmoid_cross_entropy": lambda z, y, *row: y * softplus(-z) + (1 - y) * softplus(z),
        "categorical_cross_entropy": lambda p, y, *row: -y * p.ln() if y else y,
        "softmax_cross_entropy": lambda z, y, *row: y * (sum(z_k.exp() for z_k in row).ln() - z),
    }
    total = sum(
        exact(terms[name], prediction[i].item(), y[i].item(), *prediction[i[0]].tolist())
        for i in np.ndindex(y.shape)
    )
    return total / (len(y) if name in ROWWISE else y.size)


@pytest.mark.parametrize("name, shape", CASES)
def test_loss_is_the_mean_that_the_textbook_writes_and_its_gradient_that_of_nudging(name, shape):
    prediction, y = draw(name, shape)
    function = getattr(losses, name)
    loss, rows = function(prediction, y), shape if len(shape) == 2 else (-1, 1)
    assert type(loss) is float
    expected = by_loops(name, prediction.reshape(rows), y.reshape(rows))
    assert loss == pytest.approx(expected, rel=1e-13, abs=1e-15)
    gradient = getattr(losses, f"{name}_gradient")(prediction, y)
    assert_close(gradient, gradient_of(lambda p: function(p, y), prediction))


@pytest.mark.parametrize("name", ENTRYWISE + ROWWISE)
def test_targets_may_be_integers(name):
    """`-y` of unsigned ones would wrap around."""
    prediction, y = np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    for function in (getattr(losses, name), getattr(losses, f"{name}_gradient")):
        np.testing.assert_array_equal(
            function(prediction, y.astype(np.uint8)), function(prediction, y)
        )


@pytest.mark.parametrize("name", ENTRYWISE + ROWWISE)
def test_a_prediction_that_is_no_array_of_floats_is_refused(name):
    y = np.array([[1, 0]])
    for function in (getattr(losses, name), getattr(losses, f"{name}_gradient")):
        with pytest.raises(TypeError, match=r"^(y_hat|z) is of uint8: expected an array of floats"):
            function(y.astype(np.uint8), y)
        with pytest.raises(TypeError, match=r"^(y_hat|z) is a list: expected an array"):
            function([[0.5, 0.5]], y)
        with pytest.raises(TypeError, match="^y is a list: expected an array"):
            function(np.array([[0.5, 0.5]]), [[1, 0]])


@pytest.mark.parametrize("z", [-700.0, -40.0, -30.0, 0.0, 3.0, 30.0, 40.0, 700.0])
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_sigmoid_cross_entropy_keeps_the_digits_of_a_small_loss(z, y):
    expected = exact(lambda z, y: y * softplus(-z) + (1 - y) * softplus(z), z, y)
    loss = losses.sigmoid_cross_entropy(np.array([z]), np.array([y]))
    assert loss == pytest.approx(expected, rel=1e-12, abs=0)


def test_each_row_of_softmax_cross_entropy_keeps_the_digits_of_its_own_small_loss():
    z, y = np.array([[100.0, 60.0], [-40.0, 0.0], [-60.0, -100.0]]), np.eye(2)[[0, 1, 0]]
    assert losses.softmax_cross_entropy(z, y) == pytest.approx(math.exp(-40), rel=1e-12, abs=0)


def test_binary_cross_entropy_keeps_its_digits_near_both_ends():
    for y_hat, y in [(1e-300, 1.0), (1e-20, 0.0), (1 - 2**-53, 1.0), (1 - 2**-53, 0.0)]:
        expected = exact(lambda p, y: -(y * p.ln() + (1 - y) * (1 - p).ln()), y_hat, y)
        loss = losses.binary_cross_entropy(np.array([y_hat]), np.array([y]))
        assert loss == pytest.approx(expected, rel=1e-13, abs=0)


def test_a_class_that_is_not_the_target_may_have_any_probability():
    y_hat, y = frozen([[0.0, 1.0], [0.5, -1e-17]], [[0.0, 1.0], [1.0, 0.0]])
    assert losses.categorical_cross_entropy(y_hat, y) == pytest.approx(math.log(2) / 2, rel=1e-15)
    gradient = losses.categorical_cross_entropy_gradient(y_hat, y)
    np.testing.assert_array_equal(gradient, [[0.0, -0.5], [-1.0, 0.0]])


# What is refused, instead of broadcast or averaged to NaN. Rows: losses, prediction, y, message

CATEGORICAL = ["categorical_cross_entropy"]
BINARY = ["binary_cross_entropy", "sigmoid_cross_entropy"]
ZERO, HALF, PAIR = np.zeros((0, 2)), [[0.5, 0.5]], [[1.0, 0.0]]
REFUSED = [
    (ENTRYWISE + ROWWISE, np.ones((3, 1)), np.ones(3), r"^y has .*, but (y_hat|z) has .* same"),
    (ENTRYWISE + ROWWISE, np.ones((3, 2)), np.ones((1, 2)), "expected the same shape"),
    (ENTRYWISE + ROWWISE, ZERO, ZERO, r"^(y_hat|z) has shape \(0, 2\): expected at least"),
    (ROWWISE, [0.5, 0.5], [1.0, 0.0], r"^(y_hat|z) has shape \(2,\): expected \(N, K\)"),
    (ROWWISE, HALF, [[1.5, -0.5]], "y runs from -0.5 to 1.5: expected targets of at least 0"),
    (ROWWISE, HALF, [[1.0, math.nan]], "y runs from nan"),
    (["softmax_cross_entropy"], HALF * 2, [[2.0, 5.0], [0.25, 0.25]], "sum to 0.5 .* 7.0"),
    (BINARY, [0.5, 0.5], [0.25, 1.5], "y runs from 0.25 to 1.5: expected targets from 0 to 1"),
    (BINARY, [0.5, 0.5], [0.25, -0.5], "y runs from -0.5 to 0.25: expected targets from 0 to 1"),
    *[
        (["binary_cross_entropy"], [0.5, p], [1.0, 0.0], "y_hat runs from .*sigmoid_cross_entropy")
        for p in (0.0, 1.0, math.nan)
    ],
    *[
        (CATEGORICAL, [[0.5, 0.5], [p, 0.5]], PAIR * 2, "where y is not 0.*softmax_cross_entropy")
        for p in (0.0, 1.25, math.nan)
    ],
]


@pytest.mark.parametrize("names, prediction, y, message", REFUSED)
def test_what_no_loss_can_be_computed_of_is_refused(names, prediction, y, message):
    for name in names:
        for function in (getattr(losses, name), getattr(losses, f"{name}_gradient")):
            with pytest.raises(ValueError, match=message):
                function(np.array(prediction), np.array(y))


def test_confident_wrong_prediction_gets_the_published_gradients():
    from snippets.tables import losses as tables

    a = 1 / (1 + np.exp(6.0))
    assert tables.confident_mse == pytest.approx(2 * (a - 1) * a * (1 - a))
    assert tables.confident_bce == pytest.approx(a - 1)
    assert tables.broadcast_loss == pytest.approx(0.41) and tables.right_loss == pytest.approx(0.01)


def test_softmax_of_a_vector_of_huge_scores_sums_to_one():
    a = losses.softmax(1e4 + np.log(np.array([1.0, 2.0, 5.0])))
    assert_close(a, np.array([1.0, 2.0, 5.0]) / 8)
