"""The experiments behind the chapter on challenges: a small task, and deep networks in training."""

from functools import partial

import numpy as np

from snippets import challenges, losses
from snippets.initialisation import weight_std

ACTIVATIONS = {
    name: getattr(challenges, f"{name}_and_slope")
    for name in ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "linear")
}
EXAMPLES, INPUTS = 32, 4


def make_data():
    """`X` (EXAMPLES, INPUTS), and `Y` (EXAMPLES, 1), of mean 0 and variance 1: the noisy outputs of
    a small random network.
    """
    rng = np.random.default_rng(0)
    X = rng.normal(size=(EXAMPLES, INPUTS))
    A = np.tanh(X @ rng.normal(size=(INPUTS, 6)))
    Y = A @ rng.normal(size=(6, 1)) + 0.1 * rng.normal(size=(EXAMPLES, 1))
    return X, (Y - Y.mean()) / Y.std()


def first(sizes, scheme, seed, norm=False, bias=0.0):
    """First parameters by the name of their spread."""
    std, rng = partial(weight_std, scheme), np.random.default_rng(seed)
    return challenges.deep_init(sizes, std, rng, norm, bias)


def chain(w, b, length):
    """Parameters of neurons in a row, all with this weight and bias, and a last layer that hands
    on.
    """
    return [np.array([[w]]), np.array([b])] * length + [np.ones((1, 1)), np.zeros(1)]


def passes(parameters, X, Y, activation, residual=False):
    """The loss, the gradients of the parameters, the gradient at each layer, and the caches."""
    Y_hat, caches = challenges.deep_forward(X, parameters, ACTIVATIONS[activation], residual)
    dL_dZ = losses.mse_gradient(Y_hat, Y)
    gradients, dL_dA = challenges.deep_backward(dL_dZ, parameters, caches)
    return losses.mse(Y_hat, Y), gradients, dL_dA, caches


def train(parameters, X, Y, activation, rate, steps, residual=False, max_norm=np.inf, limit=1e9):
    """The parameters after these many steps on all of `X` and `Y`, and the loss before each step.

    A run whose loss or gradient passes `limit` has diverged: it ends there, with fewer losses than
    `steps`, because the next steps would overflow.
    """
    found = []
    for _ in range(steps):
        loss, gradients, _, _ = passes(parameters, X, Y, activation, residual)
        found.append(loss)
        gradients = challenges.clip_by_norm(gradients, max_norm)
        small = loss <= limit and challenges.global_norm(gradients) <= limit
        if not small:  # NaN is not small either
            break
        parameters = [p - rate * g for p, g in zip(parameters, gradients)]
    return parameters, found
