"""One layer and its two gradients in five notations, which say the same.

It shows where the transpose comes from. The layer is `z2 = W2 a1`, the loss
half of the sum of `(z2 - y)²`, so that `dL_dz2 = z2 - y`. H units feed K:
`W2` is `(K, H)`. Each function goes forward and back, and returns `dL_dW2`
and `dL_da1`.
"""

import numpy as np


def in_scalars(W2, a1, y):
    """The gradients `dL_dW2, dL_da1` of three units that feed two.

    All is written out: `W2` `(2, 3)`, `a1` `(3,)`, `y` `(2,)`. Another
    number of units raises `ValueError`.

    >>> W2 = np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]])
    >>> a1, y = np.ones(3), np.array([2.0, 2.0])
    >>> dL_dW2, dL_da1 = in_scalars(W2, a1, y)
    >>> dL_dW2.tolist(), dL_da1.tolist()
    ([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]], [1.0, 8.0, 2.0])
    """
    (w11, w12, w13), (w21, w22, w23) = W2
    (p1, p2, p3), (y1, y2) = a1, y
    d1 = w11 * p1 + w12 * p2 + w13 * p3 - y1  # has used the first row
    d2 = w21 * p1 + w22 * p2 + w23 * p3 - y2  # and this one the second
    dL_dW2 = [[d1 * p1, d1 * p2, d1 * p3], [d2 * p1, d2 * p2, d2 * p3]]
    dL_da1 = [
        w11 * d1 + w21 * d2,  # the first column
        w12 * d1 + w22 * d2,
        w13 * d1 + w23 * d2,
    ]
    return np.array(dL_dW2), np.array(dL_da1)


def in_indices(W2, a1, y):
    """The gradients `dL_dW2, dL_da1`, sum by sum.

    `i` is for units that feed, `j` for those that are fed. `W2` `(K, H)`,
    `a1` `(H,)`, `y` `(K,)`.

    >>> W2, y = np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([2.0, 2.0])
    >>> dL_dW2, dL_da1 = in_indices(W2, np.ones(2), y)
    >>> dL_dW2.tolist(), dL_da1.tolist()
    ([[1.0, 1.0], [1.0, 1.0]], [1.0, 5.0])
    """
    z2, dL_da1 = np.zeros_like(y), np.zeros_like(a1)
    dL_dW2 = np.zeros_like(W2)
    for j, i in np.ndindex(W2.shape):
        z2[j] += W2[j, i] * a1[i]  # forward: from i to j
    dL_dz2 = z2 - y
    for j, i in np.ndindex(W2.shape):
        dL_da1[i] += W2[j, i] * dL_dz2[j]  # backward: from j to i
        dL_dW2[j, i] = dL_dz2[j] * a1[i]
    return dL_dW2, dL_da1


def in_columns(W2, a1, y):
    """The gradients `dL_dW2, dL_da1` of one example that is a column.

    `W2` `(K, H)`, `a1` `(H, 1)`, `y` `(K, 1)`.

    >>> W2, y = np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([[2.0], [2.0]])
    >>> dL_dW2, dL_da1 = in_columns(W2, np.ones((2, 1)), y)
    >>> dL_dW2.tolist(), dL_da1.tolist()
    ([[1.0, 1.0], [1.0, 1.0]], [[1.0], [5.0]])
    """
    z2 = W2 @ a1  # (K, 1)
    dL_dz2 = z2 - y  # (K, 1)
    dL_dW2 = dL_dz2 @ a1.T  # (K, H)
    dL_da1 = W2.T @ dL_dz2  # (H, 1)
    return dL_dW2, dL_da1


def in_rows(W2, A1, Y):
    """The gradients `dL_dW2, dL_dA1` of a batch, an example in each row.

    `W2` `(K, H)`, `A1` `(N, H)`, `Y` `(N, K)`. The loss is the sum over all
    examples.

    >>> W2, Y = np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([[2.0, 2.0]])
    >>> dL_dW2, dL_dA1 = in_rows(W2, np.ones((1, 2)), Y)
    >>> dL_dW2.tolist(), dL_dA1.tolist()
    ([[1.0, 1.0], [1.0, 1.0]], [[1.0, 5.0]])
    """
    Z2 = A1 @ W2.T  # (N, K)
    dL_dZ2 = Z2 - Y  # (N, K)
    dL_dW2 = dL_dZ2.T @ A1  # (K, H)
    dL_dA1 = dL_dZ2 @ W2  # (N, H)
    return dL_dW2, dL_dA1


def in_jacobians(W2, a1, y):
    """The gradients `dL_dW2, dL_da1` as two vector–Jacobian products.

    `W2` `(K, H)`, `a1` `(H,)`, `y` `(K,)`. A Jacobian has a row for each
    output and a column for each input. Here the inputs are first the
    entries of `W2`, read row by row, and then those of `a1`.

    >>> W2, y = np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([2.0, 2.0])
    >>> dL_dW2, dL_da1 = in_jacobians(W2, np.ones(2), y)
    >>> dL_dW2.tolist(), dL_da1.tolist()
    ([[1.0, 1.0], [1.0, 1.0]], [1.0, 5.0])
    """
    z2 = W2 @ a1  # (K,)
    dL_dz2 = z2 - y  # (K,)
    dz2_dW2 = np.kron(np.eye(len(y), dtype=y.dtype), a1)  # (K, K * H)
    dz2_da1 = W2  # (K, H)
    return (dL_dz2 @ dz2_dW2).reshape(W2.shape), dL_dz2 @ dz2_da1


def products_that_fit(P, Q, shape):
    """The products of `P` and `Q` that have this shape.

    `P` and `Q` are matrices, in either order, `Q` as it is or transposed.
    Returns a dict from the product, as it is written in Python, to its
    value.

    >>> [*products_that_fit(np.ones((5, 2)), np.ones((2, 3)), (5, 3))]
    ['P @ Q']
    >>> [*products_that_fit(np.ones((2, 2)), np.ones((2, 2)), (2, 2))]
    ['P @ Q', 'P @ Q.T', 'Q @ P', 'Q.T @ P']
    """
    found = {}
    pairs = [("P @ Q", P, Q), ("P @ Q.T", P, Q.T)]
    pairs += [("Q @ P", Q, P), ("Q.T @ P", Q.T, P)]
    for name, left, right in pairs:
        fits = left.shape[1] == len(right)
        if fits and (len(left), right.shape[1]) == shape:
            found[name] = left @ right
    return found
