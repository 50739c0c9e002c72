"""Five notations against a gradient in fractions, and the products that fit."""

from fractions import Fraction

import numpy as np
import pytest
from oracles import assert_close, frozen

from snippets import transpose

pytestmark = pytest.mark.filterwarnings("error")


def exact(W2, a1, y):
    """Both gradients in fractions, from the loss alone: of a parabola, differences are exact."""

    def loss(W, a):
        outputs = [sum(w * x for w, x in zip(row, a, strict=True)) for row in W]
        return sum((z - t) ** 2 for z, t in zip(outputs, target, strict=True)) / 2

    def slope(array, k):
        found = []
        for step in (1, -1):
            array[k] += step
            found.append(loss(W, a))
            array[k] -= step
        return float((found[0] - found[1]) / 2)

    W, a, target = ([Fraction(v) for v in values] for values in ([], a1.tolist(), y.tolist()))
    W += [[Fraction(w) for w in row] for row in W2.tolist()]
    dL_dW2 = [[slope(row, i) for i in range(len(a))] for row in W]
    return np.array(dL_dW2), np.array([slope(a, i) for i in range(len(a))])


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
def test_each_notation_gives_the_exact_gradients(notation, shape, K, H):
    W2, a1, y = example(K, H)
    if notation is transpose.in_scalars and (K, H) != (2, 3):
        with pytest.raises(ValueError):
            notation(W2, a1, y)
        return
    dL_dW2, dL_da1 = notation(W2, a1.reshape(shape), y.reshape(shape))
    expected = exact(W2, a1, y)
    assert_close(dL_dW2, expected[0], rtol=1e-12)
    assert_close(dL_da1, expected[1].reshape(shape), rtol=1e-12)


def test_rows_of_a_batch_add_up_the_weights_and_keep_the_inputs_apart():
    rng = np.random.default_rng(1)
    W2, A1, Y = frozen(rng.normal(size=(2, 3)), rng.normal(size=(4, 3)), rng.normal(size=(4, 2)))
    dL_dW2, dL_dA1 = transpose.in_rows(W2, A1, Y)
    each = [exact(W2, a, y) for a, y in zip(A1, Y, strict=True)]
    assert_close(dL_dW2, sum(W for W, _ in each))
    assert_close(dL_dA1, np.array([a for _, a in each]))


@pytest.mark.parametrize(
    "N, K, H, expected",
    [
        (5, 2, 3, ["P @ Q"]),
        (5, 3, 3, ["P @ Q", "P @ Q.T"]),
        (3, 3, 3, ["P @ Q", "P @ Q.T", "Q @ P", "Q.T @ P"]),
        (2, 2, 3, ["P @ Q"]),
        (3, 2, 3, ["P @ Q"]),
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


# The tables


@pytest.fixture(scope="module")
def tables():
    from snippets.tables import transpose as tables

    return tables


def test_the_table_of_notations_shows_the_gradient_of_the_example(tables):
    expected = exact(tables.W2, tables.a1, tables.y)[1].tolist()
    shown = [row["`dL_da1`"].replace("−", "-").split() for row in tables.NOTATIONS]
    assert [[float(cell) for cell in cells] for cells in shown] == [expected] * 5
