"""To write: softmax with cross-entropy, and its gradient.

Test it with `python -m doctest softmax_cross_entropy.py`: no output means
that all is well.
"""

import math


def softmax(z):
    """The shares of a list of scores, a list of floats that sum to 1.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    >>> softmax([1000.0, 1000.0, 1000.0, 1000.0])
    [0.25, 0.25, 0.25, 0.25]
    """
    largest = max(z)
    powers = [math.exp(score - largest) for score in z]
    total = sum(powers)
    return [power / total for power in powers]


def loss_and_gradient(z, label):
    """The cross-entropy of the right class, and its gradient at `z`.

    It is `-log(softmax(z)[label])`, a float; the gradient is a list as long
    as `z`. A share that is too small for a float is no excuse.

    >>> loss, gradient = loss_and_gradient([0.0, 0.0], 0)
    >>> round(loss, 6), gradient
    (0.693147, [-0.5, 0.5])
    >>> loss, gradient = loss_and_gradient([1.0, 2.0, 0.5], 2)
    >>> round(loss, 6), [round(entry, 6) for entry in gradient]
    (1.964369, [0.231224, 0.628532, -0.859756])
    >>> loss_and_gradient([0.0, 1000.0], 0)[0]
    1000.0
    """
    largest = max(z)
    total = sum(math.exp(score - largest) for score in z)
    loss = math.log(total) + largest - z[label]
    gradient = [a - (k == label) for k, a in enumerate(softmax(z))]
    return loss, gradient
