"""What a gradient costs in forward mode, one parameter at a time.

The network of two layers for a batch in rows, with N examples, D inputs, H
hidden units, K outputs: `X` `(N, D)`, `Y` `(N, K)`, and as `parameters` a
list of `W1` `(H, D)`, `b1` `(H,)`, `W2` `(K, H)`, `b2` `(K,)`.
"""

import numpy as np


def relu(z):
    """`max(0, z)`, entry by entry."""
    return np.maximum(z, 0)


def sigmoid(z):
    """`1 / (1 + exp(-z))`, entry by entry, without overflow."""
    return np.exp(-np.logaddexp(0, -z))


def batch_loss(X, Y, parameters):
    """One forward pass: the mean of `(A2 - Y)²`, a float.

    The mean is over all N × K entries.

    >>> W1, b1, W2, b2 = [[0.5]], [0.1], [[0.8]], [0.2]
    >>> parameters = [np.array(p) for p in (W1, b1, W2, b2)]
    >>> X, Y = np.array([[2.0]]), np.array([[1.0]])
    >>> print(f"{batch_loss(X, Y, parameters):.6f}")
    0.064265
    """
    W1, b1, W2, b2 = parameters
    A1 = relu(X @ W1.T + b1)  # (N, H)
    A2 = sigmoid(A1 @ W2.T + b2)  # (N, K)
    return float(((A2 - Y) ** 2).mean())


def directional_derivative(X, Y, parameters, direction):
    """How fast the loss changes along a direction of the parameters.

    A float, without a backward pass. `direction` has an array of the same
    shape for each of the parameters. Beside every value `A` goes `A_dot`,
    the speed at which it changes; each line hands both on. Source: R. E.
    Wengert, A simple automatic derivative evaluation program, 1964.

    >>> W1, b1, W2, b2 = [[0.5]], [0.1], [[0.8]], [0.2]
    >>> parameters = [np.array(p) for p in (W1, b1, W2, b2)]
    >>> X, Y = np.array([[2.0]]), np.array([[1.0]])
    >>> along_W1 = [np.ones((1, 1)), *map(np.zeros_like, parameters[1:])]
    >>> slope = directional_derivative(X, Y, parameters, along_W1)
    >>> print(f"{slope:.6f}")
    -0.153516
    """
    W1, b1, W2, b2 = parameters
    W1_dot, b1_dot, W2_dot, b2_dot = direction
    Z1, Z1_dot = X @ W1.T + b1, X @ W1_dot.T + b1_dot  # (N, H)
    A1, A1_dot = relu(Z1), Z1_dot * (Z1 > 0)  # (N, H)
    Z2 = A1 @ W2.T + b2  # (N, K)
    Z2_dot = A1_dot @ W2.T + A1 @ W2_dot.T + b2_dot  # (N, K)
    A2 = sigmoid(Z2)  # (N, K)
    A2_dot = A2 * (1 - A2) * Z2_dot  # (N, K)
    return float((2 * (A2 - Y) * A2_dot).mean())


def forward_mode(X, Y, parameters):
    """Yields how fast the loss changes with each parameter in turn.

    From the first entry of `W1` to the last of `b2`, one pass for each.

    >>> W1, b1, W2, b2 = [[0.5]], [0.1], [[0.8]], [0.2]
    >>> parameters = [np.array(p) for p in (W1, b1, W2, b2)]
    >>> X, Y = np.array([[2.0]]), np.array([[1.0]])
    >>> [round(slope, 6) for slope in forward_mode(X, Y, parameters)]
    [-0.153516, -0.076758, -0.105542, -0.095947]
    """
    direction = [np.zeros_like(W) for W in parameters]
    for W_dot in direction:
        for i in np.ndindex(W_dot.shape):
            W_dot[i] = 1
            yield directional_derivative(X, Y, parameters, direction)
            W_dot[i] = 0


def count_multiplications(function, *arrays):
    """How many multiplications the matrix products in a function take.

    They are counted while `function(*arrays)` runs, an int. A product of
    `(m, k)` and `(k, n)` takes m × k × n. The function gets its arrays as a
    kind that counts; so is all that it computes from them.

    >>> A, B = np.ones((2, 3)), np.ones((3, 4))
    >>> count_multiplications(lambda A, B: 2.0 * A @ B, A, B)
    24
    """
    counted = 0

    class Counting(np.ndarray):
        def __matmul__(self, other):
            nonlocal counted
            counted += self.size * other.shape[1]
            return super().__matmul__(other)

    function(*(array.view(Counting) for array in arrays))
    return counted
