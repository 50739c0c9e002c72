"""What a gradient costs without backpropagation, by nudging parameters."""

import numpy as np


def count_parameters(sizes):
    """Number of weights and biases of a fully connected network.

    `sizes` are those of its layers.

    >>> count_parameters([2, 3, 1])
    13
    """
    pairs = zip(sizes, sizes[1:])
    return sum(n_out * n_in + n_out for n_in, n_out in pairs)


def gradient_by_nudging(loss, parameters, h=1e-5):
    """Gradient of `loss()` by central differences.

    Every single parameter takes two forward passes. `loss` takes nothing
    and returns a float that depends on `parameters`, a list of float
    arrays, which are nudged in place and put back, also when `loss` fails.
    Returns the gradients, in the shapes of the parameters, and the number
    of calls of `loss`. Anything but float64 raises `TypeError`: `h` would
    be lost.

    >>> w = np.array([3.0])
    >>> gradients, passes = gradient_by_nudging(lambda: w.item() ** 2, [w])
    >>> round(gradients[0].item(), 6), passes
    (6.0, 2)
    """
    gradients, passes = [], 0
    for i, W in enumerate(parameters):
        if W.dtype != np.float64:
            raise TypeError(
                f"parameters[{i}] has dtype {W.dtype}: "
                "expected floats of 64 bits, so that h is not lost"
            )
        gradients.append(np.zeros(W.shape))
        for index in np.ndindex(W.shape):
            value = W[index]
            try:
                W[index] = value + h
                above = loss()
                W[index] = value - h
                below = loss()
            finally:
                W[index] = value
            gradients[-1][index] = (above - below) / (2 * h)
            passes += 2
    return gradients, passes
