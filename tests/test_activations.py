"""Activations against exact arithmetic and nudged inputs."""

import numpy as np
import pytest
from oracles import assert_close, exact, frozen, gradient_of

from snippets import activations

pytestmark = pytest.mark.filterwarnings("error")

SHAPES = [(), (1,), (4,), (1, 1), (2, 3), (2, 1, 4)]
INPUTS = [-700.0, -40.0, -1.5, -1e-9, 0.0, 0.25, 1.08, 30.0, 700.0]


def test_relu_passes_the_positive_and_stops_the_rest():
    (z,) = frozen([[-3.0, -0.5, 0.0], [5e-324, 0.25, 1e4]])
    np.testing.assert_array_equal(activations.relu(z), [[0.0, 0.0, 0.0], [5e-324, 0.25, 1e4]])


@pytest.mark.parametrize("z", INPUTS)
def test_sigmoid_agrees_with_its_definition(z):
    expected = exact(lambda z: 1 / (1 + (-z).exp()), z)
    assert activations.sigmoid(z) == pytest.approx(expected, rel=2e-13, abs=0)


@pytest.mark.parametrize("z", INPUTS)
def test_tanh_agrees_with_its_definition(z):
    expected = exact(lambda z: (z.exp() - (-z).exp()) / (z.exp() + (-z).exp()), z)
    assert activations.tanh(z) == pytest.approx(expected, rel=1e-15, abs=0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_slope_agrees_with_nudging(name, shape):
    function, derivative = getattr(activations, name), getattr(activations, f"{name}_derivative")
    (z,) = frozen(np.random.default_rng(1).normal(0, 2, shape))
    a = function(z)
    assert np.shape(a) == shape
    assert_close(derivative(a), gradient_of(lambda z: function(z).sum(), z))


def test_saturated_inputs_give_the_limits_without_a_warning():
    z = np.array([-1e4, 1e4])
    assert activations.relu(z).tolist() == [0.0, 1e4]
    assert activations.sigmoid(z).tolist() == [0.0, 1.0]
    assert activations.tanh(z).tolist() == [-1.0, 1.0]
    assert activations.sigmoid_derivative(activations.sigmoid(z)).tolist() == [0.0, 0.0]
    assert activations.tanh_derivative(activations.tanh(z)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("shape", [(1,), (3,), (1, 1), (4, 2), (2, 1, 3)])
def test_softmax_turns_each_row_into_its_own_shares_of_one(shape):
    (z,) = frozen(np.random.default_rng(3).normal(0, 3, shape))

    def share(z, *row):
        return z.exp() / sum(other.exp() for other in row)

    expected = [[exact(share, z_k, *row) for z_k in row] for row in z.reshape(-1, shape[-1])]
    assert_close(activations.softmax(z), np.reshape(expected, shape), rtol=1e-14)


def test_softmax_of_huge_scores_depends_on_their_differences_only():
    z = np.array([[1e4, 1e4], [-1e4, -1e4], [1e4, -1e4]])
    np.testing.assert_array_equal(activations.softmax(z), [[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]])


@pytest.mark.parametrize("classes", [1, 2, 5])
def test_softmax_jacobian_agrees_with_nudging(classes):
    (z,) = frozen(np.random.default_rng(4).normal(0, 1, classes))
    jacobian = activations.softmax_jacobian(activations.softmax(z))
    rows = [gradient_of(lambda z, i=i: activations.softmax(z)[i], z) for i in range(classes)]
    assert_close(jacobian, np.array(rows))


@pytest.mark.parametrize("a", [np.array([[0.25, 0.75]]), np.full((2, 2), 0.5), np.array(1.0)])
def test_softmax_jacobian_refuses_a_batch(a):
    with pytest.raises(ValueError, match=r"^a has shape .*: expected \(K,\)"):
        activations.softmax_jacobian(a)
