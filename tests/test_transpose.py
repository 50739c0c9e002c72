"""Five notations against a gradient in fractions, and the products that fit against all that could be."""

from fractions import Fraction

import numpy as np
import pytest
from oracles import assert_close, frozen, gradient_of

from snippets import transpose
from snippets.tables import transpose as tables

pytestmark = pytest.mark.filterwarnings("error")


def exact(W2, a1, y):
    """Both gradients in fractions, one entry at a time, from the loss itself: it is a parabola, so that differences are exact."""

    def loss(W, a):
        return (
            sum((sum(w * x for w, x in zip(row, a)) - t) ** 2 for row, t in zip(W, fractions(y)))
            / 2
        )

    def fractions(values):
        return [Fraction(float(v)) for v in values]

    def slope(change):
        return float((loss(*change(1)) - loss(*change(-1))) / 2)

    W, a = [fractions(row) for row in W2], fractions(a1)

    def weight(j, i, step):
        return [
            [w + step * ((j, i) == (k, m)) for m, w in enumerate(row)] for k, row in enumerate(W)
        ], a

    dL_dW2 = [[slope(lambda s: weight(j, i, s)) for i in range(len(a))] for j in range(len(W))]
    dL_da1 = [
        slope(lambda s: (W, [x + s * (i == m) for m, x in enumerate(a)])) for i in range(len(a))
    ]
    return np.array(dL_dW2), np.array(dL_da1)


def example(K, H, seed=0):
    rng = np.random.default_rng(seed)
    return frozen(rng.normal(size=(K, H)), rng.normal(size=H), rng.normal(size=K))


@pytest.mark.parametrize("K, H", [(2, 3), (1, 1), (3, 2), (3, 3), (1, 4), (4, 1)])
@pytest.mark.parametrize(
    "notation, shape",
    [
        (transpose.in_scalars, -1),
        (transpose.in_indices, -1),
        (transpose.in_columns, (-1, 1)),
        (transpose.in_rows, (1, -1)),
        (transpose.in_jacobians, -1),
    ],
)
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
    each = [exact(W2, a, y) for a, y in zip(A1, Y)]
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
    values = {
        "P @ Q": "nk,kh->nh",
        "P @ Q.T": "nk,hk->nh",
        "Q @ P": "kh,nk->",
        "Q.T @ P": "kh,kn->hn",
    }
    assert list(found) == expected
    for name, product in found.items():
        assert product.shape == (N, H)
        if name == "Q @ P":
            assert_close(
                product,
                np.array(
                    [[sum(Q[i, k] * P[k, j] for k in range(H)) for j in range(H)] for i in range(N)]
                ),
            )
        else:
            operands = (Q, P) if name == "Q.T @ P" else (P, Q)
            assert_close(product, np.einsum(values[name], *operands))


# The tables


def test_the_table_of_notations_shows_the_gradient_of_the_example():
    expected = exact(tables.W2, tables.a1, tables.y)[1]
    for row in tables.NOTATIONS:
        assert [
            float(cell.replace("−", "-")) for cell in row["`dL_da1`"].split()
        ] == expected.tolist()
    assert len(tables.NOTATIONS) == 5


@pytest.mark.parametrize("column, sizes", [(1, (5, 2, 3)), (2, (5, 3, 3)), (3, (3, 3, 3))])
def test_errors_of_the_candidates(column, sizes):
    N, K, H = sizes
    rng = np.random.default_rng(0)
    W2, A1, Y = rng.normal(size=(K, H)), rng.normal(size=(N, H)), rng.normal(size=(N, K))
    right = gradient_of(lambda A1: ((np.einsum("nh,kh->nk", A1, W2) - Y) ** 2).sum() / 2, A1)
    D = A1 @ W2.T - Y
    for row in tables.FITTING:
        name, cell = row["Product"].strip("`"), list(row.values())[column]
        left, right_factor = (eval(part, {"dL_dZ2": D, "W2": W2}) for part in name.split(" @ "))
        fits = left.shape[1] == right_factor.shape[0] and (
            left.shape[0],
            right_factor.shape[1],
        ) == (N, H)
        assert (cell != "–") == fits
        if fits:
            product = left @ right_factor
            error = np.linalg.norm(product - right) / (
                np.linalg.norm(product) + np.linalg.norm(right)
            )
            assert (
                cell == "below 10<sup>−6</sup>"
                if error < 1e-6
                else float(cell) == pytest.approx(error, rel=0.02)
            )


def test_the_trained_network_follows_its_gradient(monkeypatch):
    """The right way back is the gradient: one step moves each layer as central differences of the loss say."""
    monkeypatch.setattr(tables, "STEPS", 1)
    rng = np.random.default_rng(3)
    X, Y = rng.normal(size=(32, 8)), rng.normal(size=(32, 1))
    W1, W2 = rng.normal(0, 8**-0.5, size=(2, 8, 8))
    W3 = rng.normal(0, 8**-0.5, size=(1, 8))

    def loss(W1, W2, W3):
        return float(((np.tanh(np.tanh(X @ W1.T) @ W2.T) @ W3.T - Y) ** 2).mean())

    moved = [
        W
        - 0.2
        * gradient_of(
            lambda V, k=k: loss(*(V if m == k else U for m, U in enumerate((W1, W2, W3)))), W
        )
        for k, W in enumerate((W1, W2, W3))
    ]
    first, last, error = tables.train(np.random.default_rng(3), tables.back)
    assert (
        first == pytest.approx(loss(W1, W2, W3))
        and last == pytest.approx(loss(*moved), rel=1e-8)
        and error == 0
    )
    _, wrong, _ = tables.train(np.random.default_rng(3), tables.back_transposed)
    _, still, error = tables.train(np.random.default_rng(3), tables.not_back)
    assert still == pytest.approx(loss(W1, *moved[1:]), rel=1e-8) and error == 1
    assert len({round(value, 6) for value in (last, wrong, still)}) == 3
