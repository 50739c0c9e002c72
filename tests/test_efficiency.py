"""Counted products against closed forms, gradients against nudging: both ways agree."""

from itertools import pairwise

import numpy as np
import pytest
from oracles import assert_close, frozen, parameter_gradients

from snippets import efficiency

pytestmark = pytest.mark.filterwarnings("error")

NETWORKS = [
    (1, [1, 1]),
    (3, [2, 4]),
    (1, [3, 2, 1]),
    (5, [2, 3, 4, 2]),
    (4, [3, 5, 1, 2, 6]),
]  # N, sizes


def draw(N, sizes, seed=0):
    rng = np.random.default_rng(seed)
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
def test_forward_keeps_every_activation(N, sizes):
    X, weights, _ = draw(N, sizes)
    activations = efficiency.relu_activations(X, weights)
    assert len(activations) == len(sizes)
    for k, A in enumerate(activations):
        assert_close(A, last_activation(X, weights[:k]), rtol=1e-13)


@pytest.mark.parametrize("N, sizes", NETWORKS)
def test_both_ways_backward_agree_with_nudging(N, sizes):
    X, weights, dL_dA = draw(N, sizes, seed=1)
    activations = frozen(*efficiency.relu_activations(X, weights))
    expected = parameter_gradients(
        lambda *weights: np.sum(dL_dA * last_activation(X, weights)), weights
    )
    for way in (
        efficiency.relu_gradients(activations, weights, dL_dA),
        efficiency.gradients_without_reuse(activations, weights, dL_dA),
    ):
        for actual, by_nudging in zip(way, expected, strict=True):
            assert_close(actual, by_nudging)


@pytest.mark.parametrize("way", [efficiency.relu_gradients, efficiency.gradients_without_reuse])
def test_a_unit_at_zero_passes_nothing_back(way):
    weights = [np.array([[1.0], [0.0]]), np.array([[1.0, 1.0]])]
    activations = efficiency.relu_activations(np.array([[2.0]]), weights)
    dL_dW1, dL_dW2 = way(activations, weights, np.array([[1.0]]))
    assert dL_dW1.tolist() == [[2.0], [0.0]] and dL_dW2.tolist() == [[2.0, 0.0]]
    nothing = [np.zeros((1, 1)), np.ones((1, 2)), np.zeros((1, 1))]
    assert not any(gradient.any() for gradient in way(nothing, weights, np.array([[1.0]])))


@pytest.mark.parametrize("N, sizes", NETWORKS)
def test_a_gradient_takes_two_products_a_layer_and_the_first_layer_one(N, sizes):
    X, weights, dL_dA = draw(N, sizes)
    layers = len(weights)
    per_layer = [N * n_in * n_out for n_in, n_out in pairwise(sizes)]

    def cost(function, *arguments):
        counter = efficiency.Counter()
        function(*arguments, product=counter.product)
        return counter.products, counter.multiplications

    activations = efficiency.relu_activations(X, weights)
    assert cost(efficiency.relu_activations, X, weights) == (layers, sum(per_layer))
    backward = activations, weights, dL_dA
    assert cost(efficiency.relu_gradients, *backward) == (
        2 * layers - 1,
        2 * sum(per_layer) - per_layer[0],
    )
    walks = layers * (layers + 1) // 2
    multiplications = sum(per_layer) + sum(k * per_layer[k] for k in range(layers))
    assert cost(efficiency.gradients_without_reuse, *backward) == (walks, multiplications)
