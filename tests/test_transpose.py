"""Five notations against nudging, and the products that fit."""

import numpy as np
import pytest
from oracles import assert_close, frozen, parameter_gradients

from snippets import transpose

pytestmark = pytest.mark.filterwarnings("error")


def by_nudging(W2, a1, y):
    """Both gradients from the loss alone, half the squared length of `W2 a1 - y`."""
    return parameter_gradients(lambda W, a: ((W @ a - y) ** 2).sum() / 2, [W2, a1])


def example(K, H, seed=0):
    rng = np.random.default_rng(seed)
    return frozen(rng.normal(size=(K, H)), rng.normal(size=H), rng.normal(size=K))


NOTATIONS = {
    transpose.in_scalars: -1,
    transpose.in_indices: -1,
    transpose.in_columns: (-1, 1),
    transpose.in_rows: (1, -1),
    transpose.in_jacobians: -1,
}


@pytest.mark.parametrize("K, H", [(2, 3), (1, 1), (3, 2), (3, 3), (1, 4), (4, 1)])
@pytest.mark.parametrize("notation, shape", NOTATIONS.items())
def test_each_notation_gives_the_gradients(notation, shape, K, H):
    W2, a1, y = example(K, H)
    if notation is transpose.in_scalars and (K, H) != (2, 3):
        with pytest.raises(ValueError):
            notation(W2, a1, y)
        return
    dL_dW2, dL_da1 = notation(W2, a1.reshape(shape), y.reshape(shape))
    expected = by_nudging(W2, a1, y)
    assert_close(dL_dW2, expected[0])
    assert_close(dL_da1, expected[1].reshape(shape))


def test_rows_of_a_batch_add_up_the_weights_and_keep_the_inputs_apart():
    rng = np.random.default_rng(1)
    W2, A1, Y = frozen(rng.normal(size=(2, 3)), rng.normal(size=(4, 3)), rng.normal(size=(4, 2)))
    dL_dW2, dL_dA1 = transpose.in_rows(W2, A1, Y)
    each = [by_nudging(W2, a, y) for a, y in zip(A1, Y, strict=True)]
    assert_close(dL_dW2, sum(W for W, _ in each))
    assert_close(dL_dA1, np.array([a for _, a in each]))


@pytest.mark.parametrize(
    "N, K, H, expected",
    [
        (5, 2, 3, ["P @ Q"]),
        (5, 3, 3, ["P @ Q", "P @ Q.T"]),
        (3, 3, 3, ["P @ Q", "P @ Q.T", "Q @ P", "Q.T @ P"]),
        (2, 2, 3, ["P @ Q"]),
        (1, 1, 1, ["P @ Q", "P @ Q.T", "Q @ P", "Q.T @ P"]),
    ],
)
def test_products_that_fit(N, K, H, expected):
    rng = np.random.default_rng(2)
    P, Q = frozen(rng.normal(size=(N, K)), rng.normal(size=(K, H)))
    found = transpose.products_that_fit(P, Q, (N, H))
    assert list(found) == expected
    for name, product in found.items():
        left, right = ({"P": P, "Q": Q, "Q.T": Q.T}[factor] for factor in name.split(" @ "))
        assert_close(product, np.einsum("ij,jk->ik", left, right))
