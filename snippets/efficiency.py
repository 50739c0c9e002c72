"""Count the matrix products of a forward and a backward pass as they run.

They are what a gradient costs.
"""

import numpy as np


class Counter:
    """Multiplies matrices and counts the products.

    And how many multiplications of numbers there are in them.

    >>> counter = Counter()
    >>> counter.product(np.ones((2, 3)), np.ones((3, 4))).shape
    (2, 4)
    >>> counter.products, counter.multiplications
    (1, 24)
    """

    def __init__(self):
        self.products = 0
        self.multiplications = 0

    def product(self, A, B):
        """`A @ B` for `A` `(m, k)` and `B` `(k, n)`.

        Counted as m × k × n multiplications.
        """
        self.products += 1
        self.multiplications += A.shape[0] * A.shape[1] * B.shape[1]
        return A @ B


def relu_activations(X, weights, product=np.matmul):
    """Activations of a ReLU network without biases: `[X, A1, A2, ...]`.

    Each of the `weights` is `(n_out, n_in)`.

    >>> weights = [np.ones((3, 2)), np.ones((1, 3))]
    >>> [A.shape for A in relu_activations(np.ones((5, 2)), weights)]
    [(5, 2), (5, 3), (5, 1)]
    """
    activations = [X]
    for W in weights:
        activations.append(np.maximum(product(activations[-1], W.T), 0))
    return activations


def relu_gradients(activations, weights, dL_dA, product=np.matmul):
    """Gradients of all weights in one sweep, first layer first.

    `dL_dA` is the gradient at the last activation. Each layer takes two
    products, the first one only one: nobody asks for the gradient at `X`.

    >>> weights = [np.array([[3.0]]), np.array([[4.0]])]
    >>> activations = relu_activations(np.array([[2.0]]), weights)
    >>> dL_dA = np.array([[1.0]])
    >>> gradients = relu_gradients(activations, weights, dL_dA)
    >>> [dL_dW.item() for dL_dW in gradients]
    [8.0, 6.0]
    """
    gradients = []
    for k in reversed(range(len(weights))):
        dL_dZ = dL_dA * (activations[k + 1] > 0)  # ReLU: a > 0 where z > 0
        gradients.insert(0, product(dL_dZ.T, activations[k]))
        if k > 0:
            dL_dA = product(dL_dZ, weights[k])
    return gradients


def gradients_without_reuse(activations, weights, dL_dA, product=np.matmul):
    """The same gradients, each by a walk of its own from the loss.

    Nothing computed for one layer serves the next.

    >>> weights = [np.array([[3.0]]), np.array([[4.0]])]
    >>> activations = relu_activations(np.array([[2.0]]), weights)
    >>> dL_dA = np.array([[1.0]])
    >>> gradients = gradients_without_reuse(activations, weights, dL_dA)
    >>> [dL_dW.item() for dL_dW in gradients]
    [8.0, 6.0]
    """
    gradients = []
    for target in range(len(weights)):
        dL_dZ = dL_dA * (activations[-1] > 0)
        for k in range(len(weights) - 1, target, -1):
            dL_dZ = product(dL_dZ, weights[k]) * (activations[k] > 0)
        gradients.append(product(dL_dZ.T, activations[target]))
    return gradients
