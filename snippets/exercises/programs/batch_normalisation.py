"""To write: batch normalisation, forward and backward.

Test it with `python -m doctest batch_normalisation.py`: no output means
that all is well.
"""

import numpy as np


def normalise(Z, epsilon=1e-5):
    """Each column of `Z` `(N, H)` with mean 0 and variance nearly 1.

    It is `(Z - mean) / sqrt(variance + epsilon)`, both over the rows.

    >>> normalise(np.array([[1.0], [3.0]]), epsilon=0.0).tolist()
    [[-1.0], [1.0]]
    >>> normalise(np.array([[2.0, 0.0], [2.0, 6.0]]), epsilon=7.0).tolist()
    [[0.0, -0.75], [0.0, 0.75]]
    """
    return (Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + epsilon)


def normalise_backward(dL_dZ_hat, Z, epsilon=1e-5):
    """The gradient `dL_dZ` `(N, H)`, from that of what `normalise` made.

    Mean and variance are made of all rows: the gradient passes through
    them, too.

    >>> Z = np.array([[1.0], [2.0], [6.0]])
    >>> dL_dZ_hat = np.array([[1.0], [0.0], [0.0]])
    >>> dL_dZ = normalise_backward(dL_dZ_hat, Z)
    >>> nudges = np.eye(3)[:, :, None] * 1e-5
    >>> def loss(Z): return (dL_dZ_hat * normalise(Z)).sum()
    >>> slopes = [(loss(Z + h) - loss(Z - h)) / 2e-5 for h in nudges]
    >>> bool(np.allclose(dL_dZ.ravel(), slopes, rtol=0, atol=1e-8))
    True
    >>> shifted = normalise_backward(np.ones((3, 1)), Z)
    >>> bool(np.allclose(shifted, 0, atol=1e-12))
    True
    """
    Z_hat = normalise(Z, epsilon)
    mean = dL_dZ_hat.mean(axis=0)
    along = (dL_dZ_hat * Z_hat).mean(axis=0)
    scale = np.sqrt(Z.var(axis=0) + epsilon)
    return (dL_dZ_hat - mean - Z_hat * along) / scale
