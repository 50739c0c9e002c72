"""A deep network whose gradients vanish, explode or die, and ten remedies.

All layers are fully connected.

A network is a list of layers, a layer a dict of arrays: `W` (outputs,
inputs), `b` (outputs,) and, where it is batch-normalised, `gamma`
(outputs,). Each row of `X` and of `A` is an example. All arrays are
float64.
"""

import numpy as np

# Activations: each returns a = f(z) and its slope da_dz, both of z's shape.


def sigmoid(z):
    """1 / (1 + exp(-z)), and its slope, which is never above 1/4.

    >>> a, da_dz = sigmoid(np.array([0.0, 2.0]))
    >>> print(np.round(a, 4), np.round(da_dz, 4))
    [0.5    0.8808] [0.25  0.105]
    """
    a = 0.5 * (1.0 + np.tanh(0.5 * z))  # the same, and cannot overflow
    return a, a * (1.0 - a)


def tanh(z):
    """The hyperbolic tangent, and its slope, which is never above 1.

    >>> a, da_dz = tanh(np.array([0.0, 2.0]))
    >>> print(np.round(a, 4), np.round(da_dz, 4))
    [0.    0.964] [1.     0.0707]
    """
    a = np.tanh(z)
    return a, 1.0 - a**2


def relu(z):
    """max(z, 0), and its slope: 1 where z > 0, otherwise 0, also at z = 0.

    >>> a, da_dz = relu(np.array([-2.0, 0.0, 2.0]))
    >>> print(a, da_dz)
    [0. 0. 2.] [0. 0. 1.]
    """
    return np.maximum(z, 0.0), (z > 0).astype(float)


def leaky_relu(z, slope=0.01):
    """z where z > 0, otherwise slope * z: it is flat nowhere.

    Source: Maas, Hannun and Ng 2013.

    >>> a, da_dz = leaky_relu(np.array([-2.0, 0.0, 2.0]))
    >>> print(a, da_dz)
    [-0.02  0.    2.  ] [0.01 0.01 1.  ]
    """
    return np.where(z > 0, z, slope * z), np.where(z > 0, 1.0, slope)


def elu(z):
    """z where z > 0, otherwise exp(z) - 1: flat only far to the left.

    Source: Clevert, Unterthiner and Hochreiter 2015.

    >>> a, da_dz = elu(np.array([-2.0, 0.0, 2.0]))
    >>> print(np.round(a, 4), np.round(da_dz, 4))
    [-0.8647  0.      2.    ] [0.1353 1.     1.    ]
    """
    below = np.expm1(np.minimum(z, 0.0))  # exp(z) - 1 up to z = 0, then 0
    return np.where(z > 0, z, below), below + 1.0


def linear(z):
    """z itself, and the slope 1: for the last layer.

    And for a network without any bend.

    >>> a, da_dz = linear(np.array([-2.0, 2.0]))
    >>> print(a, da_dz)
    [-2.  2.] [1. 1.]
    """
    return z, np.ones_like(z)


ACTIVATIONS = {
    f.__name__: f for f in (sigmoid, tanh, relu, leaky_relu, elu, linear)
}


def choose(kind, name, options):
    """The option of this name.

    Raises ValueError, which says what came and what was expected, where
    there is none.

    >>> choose("activation", "swish", {"tanh": tanh, "relu": relu})
    Traceback (most recent call last):
    ValueError: unknown activation 'swish': expected one of tanh, relu
    """
    if name not in options:
        raise ValueError(
            f"unknown {kind} {name!r}: expected one of {', '.join(options)}"
        )
    return options[name]


# The first weights


def weight_std(scheme, fan_in, fan_out):
    """Standard deviation of a layer's first weights, by scheme.

    `fan_in` and `fan_out` are the numbers of its inputs and outputs. Glorot
    and Bengio (2010) keep the spread of a and of its gradient where the
    slope is about 1. He et al. (2015) double the variance, because ReLU
    lets half of it through. The others do not look at the layer's width.
    Raises ValueError for an unknown scheme.

    >>> schemes = "tiny", "wide", "naive", "glorot", "he"
    >>> [round(float(weight_std(name, 50, 30)), 3) for name in schemes]
    [0.01, 0.5, 1.0, 0.158, 0.2]
    """
    schemes = {
        "tiny": 0.01,
        "wide": 0.5,
        "naive": 1.0,
        "glorot": np.sqrt(2.0 / (fan_in + fan_out)),  # also called Xavier
        "he": np.sqrt(2.0 / fan_in),
    }
    return choose("scheme", scheme, schemes)


def init_network(widths, scheme, rng, norm=False, bias=0.0):
    """Layers for these widths, inputs first; the weights are normal.

    With `norm`, every layer but the last is batch-normalised: `gamma` is 1,
    and `b` takes the part of beta. `bias` is the first value of `b` in
    every layer but the last. Raises ValueError for an unknown scheme.

    >>> rng = np.random.default_rng(0)
    >>> layers = init_network([2, 16, 16, 1], "he", rng, norm=True)
    >>> for layer in layers[1:]:
    ...     print({name: value.shape for name, value in layer.items()})
    {'W': (16, 16), 'b': (16,), 'gamma': (16,)}
    {'W': (1, 16), 'b': (1,)}
    """
    layers = []
    for fan_in, fan_out in zip(widths, widths[1:]):
        std = weight_std(scheme, fan_in, fan_out)
        W = rng.normal(0.0, std, size=(fan_out, fan_in))
        layers.append({"W": W, "b": np.zeros(fan_out)})
    for layer in layers[:-1]:
        layer["b"] += bias
        if norm:
            layer["gamma"] = np.ones_like(layer["b"])
    return layers


# Batch normalisation


def batch_norm(U, gamma, beta, epsilon=1e-5):
    """Z: each column of U at mean 0 and variance 1, times gamma, plus beta.

    U and Z are (N, H), gamma and beta (H,); the second result is the cache
    of the backward pass. For training; a prediction uses the mean and the
    variance of the training set (Ioffe and Szegedy 2015).

    >>> U = np.array([[1.0], [3.0], [5.0]])
    >>> Z, cache = batch_norm(U, np.array([2.0]), beta=np.array([7.0]))
    >>> mean, std = round(float(Z.mean()), 3), round(float(Z.std()), 3)
    >>> print(np.round(Z.T, 3), mean, std)
    [[4.551 7.    9.449]] 7.0 2.0
    """
    centred = U - U.mean(axis=0)  # (N, H)
    inv_std = 1.0 / np.sqrt((centred**2).mean(axis=0) + epsilon)  # (H,)
    U_hat = centred * inv_std  # (N, H)
    return gamma * U_hat + beta, (U_hat, inv_std, gamma)


def batch_norm_backward(dL_dZ, cache):
    """dL_dU (N, H) and dL_dgamma (H,), from dL_dZ (N, H).

    The mean and the variance depend on every example, so each row of dL_dU
    depends on every row of dL_dZ. To shift or to stretch a whole column of
    U changes nothing in Z; so both have to be taken out of its gradient.

    >>> U, gamma = np.array([[1.0], [3.0], [8.0]]), np.array([2.0])
    >>> Z, cache = batch_norm(U, gamma, beta=np.zeros(1))
    >>> dL_dZ = np.array([[1.0], [0.0], [0.0]])
    >>> dL_dU, dL_dgamma = batch_norm_backward(dL_dZ, cache)
    >>> print(np.round(dL_dU.T, 4), np.round(dL_dgamma, 4))
    [[ 0.2177 -0.3048  0.0871]] [-1.019]
    """
    U_hat, inv_std, gamma = cache
    dL_dgamma = (dL_dZ * U_hat).sum(axis=0)  # (H,)
    dL_dU_hat = dL_dZ * gamma  # (N, H)
    shift = dL_dU_hat.mean(axis=0)  # (H,) by the mean
    along = (dL_dU_hat * U_hat).mean(axis=0)  # (H,)
    stretch = U_hat * along  # (N, H) by the variance
    return inv_std * (dL_dU_hat - shift - stretch), dL_dgamma


# One layer


def layer_forward(layer, A_in, activation, residual=False):
    """A (N, outputs) from A_in (N, inputs), and a cache for the way back.

    With `residual`, A_in is added to what the layer computes, where both
    have one shape (He et al. 2016). Raises ValueError for an unknown
    activation.

    >>> W, b = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([0.5, 0.5])
    >>> layer, A_in = {"W": W, "b": b}, np.array([[1.0, 1.0]])
    >>> layer_forward(layer, A_in, "relu")[0].tolist()
    [[3.5, 0.0]]
    >>> layer_forward(layer, A_in, "relu", residual=True)[0].tolist()
    [[4.5, 1.0]]
    """
    U, norm = A_in @ layer["W"].T, None  # (N, outputs)
    if "gamma" in layer:
        Z, norm = batch_norm(U, layer["gamma"], layer["b"])
    else:
        Z = U + layer["b"]
    A, dA_dZ = choose("activation", activation, ACTIVATIONS)(Z)
    skip = residual and A.shape == A_in.shape
    return A + A_in if skip else A, (A_in, norm, dA_dZ, skip)


def layer_backward(layer, cache, dL_dA):
    """dL_dA_in (N, inputs), and the gradients, from dL_dA (N, outputs).

    The gradients of W, b and gamma are a dict like the layer.

    >>> W, b = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([0.5, 0.5])
    >>> layer, A_in = {"W": W, "b": b}, np.array([[1.0, 1.0]])
    >>> A, cache = layer_forward(layer, A_in, "relu", residual=True)
    >>> dL_dA = np.array([[10.0, 100.0]])
    >>> dL_dA_in, gradient = layer_backward(layer, cache, dL_dA)
    >>> dL_dA_in.tolist(), gradient["W"].tolist(), gradient["b"].tolist()
    ([[20.0, 120.0]], [[10.0, 10.0], [0.0, 0.0]], [10.0, 0.0])
    """
    A_in, norm, dA_dZ, skip = cache
    dL_dU = dL_dA * dA_dZ  # (N, outputs)
    gradient = {"b": dL_dU.sum(axis=0)}  # (outputs,)
    if norm is not None:
        dL_dU, gradient["gamma"] = batch_norm_backward(dL_dU, norm)
    gradient["W"] = dL_dU.T @ A_in  # (outputs, inputs)
    dL_dA_in = dL_dU @ layer["W"]  # (N, inputs)
    return dL_dA_in + dL_dA if skip else dL_dA_in, gradient


# The network


def forward(layers, X, activation, residual=False):
    """Y_hat (N, outputs) for X (N, inputs), and one cache for each layer.

    The last layer is linear and gets no skip connection. Raises ValueError
    for an unknown activation.

    >>> layers = [
    ...     {"W": np.array([[2.0]]), "b": np.zeros(1)},
    ...     {"W": np.array([[5.0]]), "b": np.ones(1)},
    ... ]
    >>> X = np.array([[3.0], [-3.0]])
    >>> Y_hat, caches = forward(layers, X, "relu")
    >>> Y_hat.tolist(), len(caches)
    ([[31.0], [1.0]], 2)
    """
    A, caches = X, []
    for layer in layers[:-1]:
        A, cache = layer_forward(layer, A, activation, residual)
        caches.append(cache)
    Y_hat, cache = layer_forward(layers[-1], A, "linear")
    return Y_hat, [*caches, cache]


def backward(layers, caches, dL_dY_hat):
    """The gradients of all layers; and the gradient at X, each A and Y_hat.

    The first result is a list of dicts like `layers`, the second a list of
    arrays.

    >>> layers = [
    ...     {"W": np.array([[2.0]]), "b": np.zeros(1)},
    ...     {"W": np.array([[5.0]]), "b": np.ones(1)},
    ... ]
    >>> Y_hat, caches = forward(layers, np.array([[3.0]]), "relu")
    >>> gradients, dL_dA = backward(layers, caches, np.array([[1.0]]))
    >>> dL_dW = [gradient["W"].item() for gradient in gradients]
    >>> dL_dW, [dL_dA_k.item() for dL_dA_k in dL_dA]
    ([15.0, 6.0], [10.0, 5.0, 1.0])
    """
    gradients, dL_dA = [], [dL_dY_hat]
    for layer, cache in zip(reversed(layers), reversed(caches)):
        dL_dA_in, gradient = layer_backward(layer, cache, dL_dA[-1])
        dL_dA.append(dL_dA_in)
        gradients.append(gradient)
    return gradients[::-1], dL_dA[::-1]


def mse(Y_hat, Y):
    """Mean squared error over all entries, and its gradient dL_dY_hat.

    Y_hat and Y have the same shape; two shapes raise ValueError.

    >>> Y_hat, Y = np.array([[3.0], [1.0]]), np.array([[1.0], [1.0]])
    >>> loss, dL_dY_hat = mse(Y_hat, Y)
    >>> loss, dL_dY_hat.tolist()
    (2.0, [[2.0], [0.0]])
    """
    if Y.shape != Y_hat.shape or Y.size == 0:
        raise ValueError(
            f"Y has shape {Y.shape}: expected {Y_hat.shape}, "
            "the shape of Y_hat, with one example or more"
        )
    error = Y_hat - Y
    return float(np.mean(error**2)), 2.0 * error / Y.size


# Training


def global_norm(gradients):
    """The length of all gradients taken together as one vector.

    >>> first = {"W": np.array([[3.0]]), "b": np.array([4.0])}
    >>> global_norm([first, {"W": np.array([[12.0]])}])
    13.0
    """
    arrays = [g for gradient in gradients for g in gradient.values()]
    return float(np.sqrt(sum(np.vdot(g, g) for g in arrays)))


def clip_by_norm(gradients, max_norm):
    """The gradients, shortened to a global norm of at most `max_norm`.

    Their direction stays. Source: Pascanu, Mikolov and Bengio 2013. Raises
    ValueError unless `max_norm` is positive.

    >>> gradients = [{"W": np.array([[6.0]]), "b": np.array([8.0])}]
    >>> clip_by_norm(gradients, max_norm=5.0)
    [{'W': array([[3.]]), 'b': array([4.])}]
    """
    if not max_norm > 0:
        raise ValueError(
            f"max_norm is {max_norm}: expected a positive number"
        )
    norm = global_norm(gradients)
    scale = max_norm / norm if norm > max_norm else 1.0
    return [
        {name: scale * g for name, g in gradient.items()}
        for gradient in gradients
    ]


def descend(layers, gradients, learning_rate):
    """The layers after one step of gradient descent; the old ones stay.

    >>> layers, gradient = [{"W": np.array([[1.0]])}], np.array([[10.0]])
    >>> descend(layers, [{"W": gradient}], learning_rate=0.05)
    [{'W': array([[0.5]])}]
    """
    return [
        {
            name: value - learning_rate * gradient[name]
            for name, value in layer.items()
        }
        for layer, gradient in zip(layers, gradients)
    ]


def train(
    layers,
    X,
    Y,
    activation,
    learning_rate,
    steps,
    residual=False,
    max_norm=None,
    limit=1e9,
):
    """The layers after these many steps, and the loss before each step.

    Each step sees all of X (N, inputs) and Y (N, outputs). With `max_norm`,
    the gradients are clipped. A run whose loss or gradient passes `limit`
    has diverged: it ends there, with fewer losses than `steps`, because the
    next steps would overflow.

    >>> layers = [{"W": np.array([[1.0]]), "b": np.array([0.0])}]
    >>> X, Y = np.array([[1.0], [-1.0]]), np.array([[3.0], [-3.0]])
    >>> train(layers, X, Y, "linear", learning_rate=0.25, steps=3)[1]
    [4.0, 1.0, 0.25]
    >>> train(layers, X, Y, "linear", 5.5, steps=300, limit=1e4)[1]
    [4.0, 400.0, 40000.0]
    """
    losses = []
    for _ in range(steps):
        Y_hat, caches = forward(layers, X, activation, residual)
        loss, dL_dY_hat = mse(Y_hat, Y)
        losses.append(loss)
        gradients, _ = backward(layers, caches, dL_dY_hat)
        if max_norm is not None:
            gradients = clip_by_norm(gradients, max_norm)
        small = loss <= limit and global_norm(gradients) <= limit
        if not small:  # NaN is not small either
            break
        layers = descend(layers, gradients, learning_rate)
    return layers, losses


def dead_fraction(caches, flat=0.0):
    """Share of hidden units with slopes of at most `flat` everywhere.

    Everywhere means for every example: with 0 these are the dead units.
    `caches` are those of `forward`.

    >>> W1 = np.array([[1.0], [-1.0], [1.0]])
    >>> b1 = np.array([0.0, 0.0, -9.0])
    >>> last = {"W": np.ones((1, 3)), "b": np.zeros(1)}
    >>> layers = [{"W": W1, "b": b1}, last]
    >>> Y_hat, caches = forward(layers, np.array([[-2.0], [5.0]]), "relu")
    >>> round(dead_fraction(caches), 3)
    0.333
    """
    hidden = [dA_dZ for _, _, dA_dZ, _ in caches[:-1]]
    slopes = np.hstack(hidden)  # (N, units)
    return float(np.mean(np.all(slopes <= flat, axis=0)))


# The task of the experiments


def make_data(rng, examples=32):
    """X (N, 4), and Y (N, 1): the noisy outputs of a small random network.

    Y has mean 0 and variance 1.

    >>> X, Y = make_data(np.random.default_rng(0))
    >>> X.shape, Y.shape, f"{Y.var():.3f}"
    ((32, 4), (32, 1), '1.000')
    """
    X = rng.normal(size=(examples, 4))
    A = np.tanh(X @ rng.normal(size=(4, 6)))
    Y = A @ rng.normal(size=(6, 1)) + 0.1 * rng.normal(size=(examples, 1))
    return X, (Y - Y.mean()) / Y.std()
