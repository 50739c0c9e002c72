"""To write: the backward pass of a linear layer.

Test it with `python -m doctest linear_layer.py`: no output means that all
is well.
"""

import numpy as np


def linear_backward(dL_dZ, X, W):
    """The gradients `dL_dX, dL_dW, dL_db` of a layer `Z = X @ W.T + b`.

    `X` is `(N, D)`, `W` `(H, D)`, and `dL_dZ` `(N, H)` is what arrives from
    behind.

    >>> X, W = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0]])
    >>> dL_dX, dL_dW, dL_db = linear_backward(np.array([[1.0], [10.0]]), X, W)
    >>> dL_dX.tolist()
    [[5.0, 6.0], [50.0, 60.0]]
    >>> dL_dW.tolist()
    [[31.0, 42.0]]
    >>> dL_db.tolist()
    [11.0]
    >>> X, W, ones = np.ones((4, 3)), np.ones((2, 3)), np.ones((4, 2))
    >>> [gradient.shape for gradient in linear_backward(ones, X, W)]
    [(4, 3), (2, 3), (2,)]
    """
    return dL_dZ @ W, dL_dZ.T @ X, np.sum(dL_dZ, axis=0)
