"""The frameworks' network by hand: against loops, nudging and the theory of its initialisation."""

import math
import re

import numpy as np
import pytest
from oracles import assert_close, batch, parameter_gradients, two_layers

from snippets import frameworks

pytestmark = pytest.mark.filterwarnings("error")

NAMES = ["0.weight", "0.bias", "2.weight", "2.bias"]


class Ends:
    """A generator that gives what it is told, and remembers what was asked of it."""

    def __init__(self, *values):
        self.values, self.asked = list(values), []

    def uniform(self, low, high, size):
        self.asked.append((low, high, size))
        return np.full(size, self.values.pop(0))


def draw(N):
    x, y, parameters = batch(N, 2, 3, 1)
    return x, y, dict(zip(NAMES, parameters, strict=True))


def test_the_data_are_the_articles():
    assert frameworks.x.tolist() == [[2.0, 3.0]] and frameworks.y.tolist() == [[1.0]]


@pytest.mark.parametrize("N", [1, 3, 8])
def test_prediction_loss_and_gradients_agree_with_loops_and_nudging(N):
    x, y, parameters = draw(N)

    def right(*parameters):
        return np.mean((two_layers(x, *parameters) - y) ** 2)

    y_pred, loss, gradients = frameworks.framework_gradients(parameters, x, y)
    assert_close(y_pred, two_layers(x, *parameters.values()), rtol=1e-13)
    assert type(loss) is float and loss == pytest.approx(right(*parameters.values()), rel=1e-13)
    assert list(gradients) == NAMES
    expected = parameter_gradients(right, list(parameters.values()))
    for name, by_nudging in zip(NAMES, expected, strict=True):
        assert_close(gradients[name], by_nudging)


def test_units_at_or_below_zero_pass_nothing_back():
    parameters = dict(zip(NAMES, [np.zeros((3, 2)), np.array([-1.0, 0.0, 1.0]), np.ones((1, 3))]))
    parameters["2.bias"] = np.zeros(1)
    gradients = frameworks.framework_gradients(parameters, frameworks.x, frameworks.y)[2]
    slope = gradients["2.bias"][0]
    assert slope < 0 and gradients["0.bias"].tolist() == [0.0, 0.0, slope]
    assert gradients["0.weight"].tolist() == [[0.0, 0.0], [0.0, 0.0], [2 * slope, 3 * slope]]


@pytest.mark.parametrize("n_in, n_out", [(2, 3), (16, 5)])
def test_the_default_layer_is_uniform_within_one_over_the_root_of_its_inputs(n_in, n_out):
    rng, bound = Ends(0.5, -0.25), pytest.approx(1 / math.sqrt(n_in))
    W, b = frameworks.default_layer(rng, n_in, n_out)
    assert (W == 0.5).all() and W.shape == (n_out, n_in)
    assert (b == -0.25).all() and b.shape == (n_out,)
    assert [(-low, high) for low, high, size in rng.asked] == [(bound, bound)] * 2


@pytest.mark.parametrize(
    "N, shape, expected", [(4, (4,), "(4, 1)"), (4, (4, 2), "(4, 1)"), (0, (0, 1), "at least one")]
)
def test_a_target_of_another_shape_and_the_mean_of_nothing_are_refused(N, shape, expected):
    x, _, parameters = draw(N)
    message = "^" + re.escape(f"y has shape {shape}: expected {expected}")
    with pytest.raises(ValueError, match=message):
        frameworks.framework_gradients(parameters, x, np.ones(shape))


@pytest.mark.parametrize(
    "weight, bias, dead",
    [
        (0.0, 0.0, True),
        (-0.1, 0.5, True),
        (-0.1, 0.6, False),
        (0.0, np.array([-1.0, 0.5, -1.0]), False),  # one living unit is enough
    ],
)
def test_a_unit_is_dead_where_its_relu_gives_zero(weight, bias, dead):
    assert frameworks.all_dead(Ends(weight, bias)) is dead
