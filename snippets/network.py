"""A network of any depth: forward pass, backward pass and training.

Hidden layers have ReLU. The last one gives scores `Z` `(N, K)`, and a loss
puts them through sigmoid or softmax. `X` `(N, D)` and `Y` `(N, K)` hold an
example a row, `Y` one-hot for softmax. Parameters are one flat list
`[W1, b1, W2, b2, ...]`, `W` `(out, in)` and `b` `(out,)`. Gradients are a
list like it, and float32 stays float32.

>>> X = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
>>> Y = np.array([[0.0], [1.0], [1.0], [0.0]])  # exclusive or
>>> rng = np.random.default_rng(0)
>>> data = batches(X, Y, size=2, epochs=200, rng=rng)
>>> first = init([2, 8, 1], rng)
>>> parameters, losses = fit(first, data, sigmoid_loss, learning_rate=0.5)
>>> (forward(X, parameters)[-1] > 0).ravel()
array([False,  True,  True, False])
"""

import numpy as np


def init(sizes, rng):
    """First parameters: `W` of variance 2 / in (He et al. 2015), `b` 0."""
    parameters = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        W = rng.normal(0, np.sqrt(2 / n_in), size=(n_out, n_in))
        parameters += [W, np.zeros(n_out)]
    return parameters


def forward(X, parameters):
    """What goes into each layer, and the scores: `[X, A1, A2, ..., Z]`."""
    activations = [X]
    for W, b in zip(parameters[::2], parameters[1::2]):
        Z = activations[-1] @ W.T + b  # (N, out)
        activations.append(np.maximum(Z, 0))
    return [*activations[:-1], Z]  # no ReLU after the last layer


def backward(dL_dZ, activations, parameters):
    """Gradients of all parameters, from that of the scores, `(N, K)`."""
    gradients = []
    for k in reversed(range(len(activations) - 1)):
        A, W = activations[k], parameters[2 * k]
        gradients = [dL_dZ.T @ A, dL_dZ.sum(axis=0), *gradients]
        if k > 0:  # hand on to the layer before
            dL_dZ = (dL_dZ @ W) * (A > 0)  # (N, in)
    return gradients


def softmax_loss(Z, Y):
    """Cross-entropy of softmax, mean over rows, and its gradient."""
    _check_shape(Y, Z)
    Z = Z - Z.max(axis=1, keepdims=True)  # so that exp cannot overflow
    log_Y_hat = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -np.vdot(Y, log_Y_hat) / len(Z)
    return float(loss), (np.exp(log_Y_hat) - Y) / len(Z)


def sigmoid_loss(Z, Y):
    """Cross-entropy of sigmoids, mean over all, and its gradient."""
    _check_shape(Y, Z)
    loss = np.mean(np.logaddexp(0, Z) - Y * Z)
    Y_hat = np.exp(-np.logaddexp(0, -Z))  # the sigmoid, without overflow
    return float(loss), (Y_hat - Y) / Z.size


def batches(X, Y, size, epochs, rng):
    """Pairs of `size` rows of `X` and `Y`, shuffled anew in each epoch."""
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), size):
            rows = order[start : start + size]
            yield X[rows], Y[rows]


def fit(parameters, data, loss, learning_rate=0.1, optimiser=None):
    """Trained parameters, and the loss of each of the batches in `data`.

    An `optimiser`, with `start` and `step`, replaces gradient descent.
    """
    state, losses = optimiser and optimiser.start(parameters), []
    for X, Y in data:
        activations = forward(X, parameters)
        value, dL_dZ = loss(activations[-1], Y)
        gradients = backward(dL_dZ, activations, parameters)
        losses.append(value)
        if optimiser:
            parameters, state = optimiser.step(parameters, gradients, state)
        else:
            pairs = zip(parameters, gradients)
            parameters = [p - learning_rate * dL_dp for p, dL_dp in pairs]
    return parameters, losses


def _check_shape(Y, Z):
    if Y.shape != Z.shape:
        raise ValueError(f"Y has shape {Y.shape}: expected {Z.shape}")
