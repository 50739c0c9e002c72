"""Activations against loops, gradients against nudging: both ways agree."""

from itertools import pairwise

import numpy as np
import pytest
from oracles import assert_close, frozen, parameter_gradients

from snippets import efficiency

pytestmark = pytest.mark.filterwarnings("error")

NETWORKS = [(1, [1, 1]), (3, [2, 4]), (5, [2, 3, 4, 2]), (4, [3, 5, 1, 2, 6])]  # N, sizes


def draw(N, sizes):
    rng = np.random.default_rng(0)
    X, *weights = frozen(
        rng.normal(size=(N, sizes[0])),
        *(rng.normal(size=(n_out, n_in)) for n_in, n_out in pairwise(sizes)),
    )
    (dL_dA,) = frozen(rng.normal(size=(N, sizes[-1])))
    return X, weights, dL_dA


def last_activation(X, weights):
    for W in weights:
        X = np.einsum("ni,oi->no", X, W)
        X = np.where(X > 0, X, 0.0)
    return X


@pytest.mark.parametrize("N, sizes", NETWORKS)
def test_activations_agree_with_loops_and_both_ways_backward_with_nudging(N, sizes):
    X, weights, dL_dA = draw(N, sizes)
    activations = frozen(*efficiency.relu_activations(X, weights))
    for k, A in enumerate(activations):
        assert_close(A, last_activation(X, weights[:k]), rtol=1e-13)
    expected = parameter_gradients(
        lambda *weights: np.sum(dL_dA * last_activation(X, weights)), weights
    )
    for way in (efficiency.relu_gradients, efficiency.gradients_without_reuse):
        for actual, by_nudging in zip(way(activations, weights, dL_dA), expected, strict=True):
            assert_close(actual, by_nudging)


@pytest.mark.parametrize("way", [efficiency.relu_gradients, efficiency.gradients_without_reuse])
def test_a_unit_at_zero_passes_nothing_back(way):
    weights = [np.array([[1.0], [0.0]]), np.array([[1.0, 1.0]])]
    activations = efficiency.relu_activations(np.array([[2.0]]), weights)
    dL_dW1, dL_dW2 = way(activations, weights, np.array([[1.0]]))
    assert dL_dW1.tolist() == [[2.0], [0.0]] and dL_dW2.tolist() == [[2.0, 0.0]]
    nothing = [np.zeros((1, 1)), np.ones((1, 2)), np.zeros((1, 1))]
    assert not any(gradient.any() for gradient in way(nothing, weights, np.array([[1.0]])))
