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


def forward(X, weights, product=np.matmul):
    """Activations of a ReLU network without biases: `[X, A1, A2, ...]`.

    Each of the `weights` is `(n_out, n_in)`.

    >>> weights = [np.ones((3, 2)), np.ones((1, 3))]
    >>> [A.shape for A in forward(np.ones((5, 2)), weights)]
    [(5, 2), (5, 3), (5, 1)]
    """
    activations = [X]
    for W in weights:
        activations.append(np.maximum(0.0, product(activations[-1], W.T)))
    return activations


def backward(
    activations, weights, dL_dA, product=np.matmul, input_gradient=False
):
    """Gradients of all weights in one sweep, first layer first.

    Each layer takes two products.
    `dL_dA` is the gradient of the loss by the last activation. The second
    product of the first layer, the gradient of the input, is computed only
    on request (`input_gradient=True`): then the result is
    `(gradients, dL_dX)`.

    >>> weights = [np.array([[3.0]]), np.array([[4.0]])]
    >>> activations = forward(np.array([[2.0]]), weights)
    >>> gradients = backward(activations, weights, np.array([[1.0]]))
    >>> [dL_dW.item() for dL_dW in gradients]
    [8.0, 6.0]
    """
    gradients = []
    for k in range(len(weights) - 1, -1, -1):
        active = activations[k + 1] > 0  # ReLU: a > 0 exactly where z > 0
        dL_dZ = dL_dA * active
        gradients.insert(0, product(dL_dZ.T, activations[k]))
        if k > 0 or input_gradient:
            dL_dA = product(dL_dZ, weights[k])
    return (gradients, dL_dA) if input_gradient else gradients


def backward_without_reuse(activations, weights, dL_dA, product=np.matmul):
    """The same gradients, each by a walk of its own from the loss.

    Nothing computed for one layer serves the next.

    >>> weights = [np.array([[3.0]]), np.array([[4.0]])]
    >>> activations = forward(np.array([[2.0]]), weights)
    >>> dL_dA = np.array([[1.0]])
    >>> gradients = backward_without_reuse(activations, weights, dL_dA)
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
