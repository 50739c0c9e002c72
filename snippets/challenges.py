"""A deep network whose gradients vanish, explode or die, with remedies.

Its hidden layers have any activation, batch normalisation or not, and skip
connections or not; the last layer has none of them. Parameters are one flat
list, `W` `(out, in)` and `b` `(out,)` of each layer in turn. A layer that
is batch-normalised has its `gamma` `(out,)` behind them, and `b` takes the
part of beta. Examples are rows. float32 in, float32 out.
"""

import numpy as np

# Activations: each returns a = f(z) and its slope da_dz, both of z's shape.


def sigmoid_and_slope(z):
    """`1 / (1 + exp(-z))` without overflow, and its slope, at most 1/4.

    >>> a, da_dz = sigmoid_and_slope(np.array([0.0, 2.0]))
    >>> print(np.round(a, 4), np.round(da_dz, 4))
    [0.5    0.8808] [0.25  0.105]
    """
    a = np.exp(-np.logaddexp(0, -z))
    return a, a * (1 - a)


def tanh_and_slope(z):
    """The hyperbolic tangent, and its slope, which is at most 1.

    >>> a, da_dz = tanh_and_slope(np.array([0.0, 2.0]))
    >>> print(np.round(a, 4), np.round(da_dz, 4))
    [0.    0.964] [1.     0.0707]
    """
    a = np.tanh(z)
    return a, 1 - a**2


def relu_and_slope(z):
    """`max(0, z)`, and its slope: 1 where z > 0, otherwise 0.

    >>> a, da_dz = relu_and_slope(np.array([-2.0, 0.0, 2.0]))
    >>> print(a, da_dz)
    [0. 0. 2.] [0. 0. 1.]
    """
    return np.maximum(z, 0), (z > 0).astype(z.dtype)


def leaky_relu_and_slope(z, slope=0.01):
    """z where z > 0, otherwise `slope * z`: it is flat nowhere.

    Source: Maas, Hannun and Ng 2013.

    >>> a, da_dz = leaky_relu_and_slope(np.array([-2.0, 0.0, 2.0]))
    >>> print(a, da_dz)
    [-0.02  0.    2.  ] [0.01 0.01 1.  ]
    """
    da_dz = np.where(z > 0, 1, slope).astype(z.dtype)
    return z * da_dz, da_dz


def elu_and_slope(z):
    """z where z > 0, otherwise exp(z) - 1: flat only far to the left.

    Source: Clevert, Unterthiner and Hochreiter 2015.

    >>> a, da_dz = elu_and_slope(np.array([-2.0, 0.0, 2.0]))
    >>> print(np.round(a, 4), np.round(da_dz, 4))
    [-0.8647  0.      2.    ] [0.1353 1.     1.    ]
    """
    below = np.expm1(np.minimum(z, 0))  # exp(z) - 1 up to z = 0, then 0
    return np.maximum(z, 0) + below, below + 1


def linear_and_slope(z):
    """z itself, and the slope 1: a layer without any bend.

    >>> a, da_dz = linear_and_slope(np.array([-2.0, 2.0]))
    >>> print(a, da_dz)
    [-2.  2.] [1. 1.]
    """
    return z, np.ones_like(z)


# The network


def deep_init(sizes, std, rng, norm=False, bias=0.0):
    """First parameters; `sizes` are those of the inputs and the layers.

    Weights are normal with the standard deviation `std(in, out)`, hidden
    biases start at `bias`, and with `norm` hidden layers have a gamma of 1.

    >>> rng, std = np.random.default_rng(0), lambda n_in, n_out: 0.5
    >>> parameters = deep_init([2, 16, 16, 1], std, rng, norm=True)
    >>> [p.shape for p in parameters[3:]]
    [(16, 16), (16,), (16,), (1, 16), (1,)]
    """
    parameters, depth = [], len(sizes) - 1
    for k, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), 1):
        W = rng.normal(0, std(n_in, n_out), size=(n_out, n_in))
        parameters += [W, np.full(n_out, bias if k < depth else 0.0)]
        if norm and k < depth:
            parameters.append(np.ones(n_out))
    return parameters


def deep_forward(X, parameters, activation, residual=False):
    """Scores `Z` `(N, K)`, and a list of caches for the way back.

    With `residual`, the input of a hidden layer is added to its output,
    where both have one shape (He et al. 2016).

    >>> parameters = [np.eye(2), np.zeros(2), np.ones((1, 2)), np.zeros(1)]
    >>> X = np.array([[3.0, -4.0]])
    >>> deep_forward(X, parameters, relu_and_slope)[0]
    array([[3.]])
    >>> deep_forward(X, parameters, relu_and_slope, residual=True)[0]
    array([[2.]])
    """
    *hidden, (W_last, b_last) = layers_of(parameters)
    A, caches = X, []
    for W, b, *gamma in hidden:
        U, norm = A @ W.T, None  # (N, out)
        if gamma:
            Z, norm = batch_norm(U, *gamma, b)
        else:
            Z = U + b
        A_out, dA_dZ = activation(Z)
        skip = residual and A_out.shape == A.shape
        caches.append((A, norm, dA_dZ, skip))
        A = A_out + A if skip else A_out
    return A @ W_last.T + b_last, [*caches, A]


def deep_backward(dL_dZ, parameters, caches):
    """Gradients of the parameters; and at `X`, at each `A` and at `Z`.

    >>> parameters = [np.eye(2), np.zeros(2), np.ones((1, 2)), np.zeros(1)]
    >>> X = np.array([[3.0, -4.0]])
    >>> Z, caches = deep_forward(X, parameters, relu_and_slope)
    >>> dL_dZ = np.ones((1, 1))
    >>> gradients, dL_dA = deep_backward(dL_dZ, parameters, caches)
    >>> gradients[1], dL_dA[0]
    (array([1., 0.]), array([[1., 0.]]))
    """
    *hidden, (W, _) = layers_of(parameters)
    *hidden_caches, A = caches
    gradients = [dL_dZ.T @ A, dL_dZ.sum(axis=0)]
    dL_dA = [dL_dZ @ W, dL_dZ]
    for (W, *_), cache in zip(hidden[::-1], hidden_caches[::-1]):
        A, norm, dA_dZ, skip = cache
        dL_dU = dL_dA[0] * dA_dZ  # (N, out)
        others = [dL_dU.sum(axis=0)]  # (out,)
        if norm is not None:
            dL_dU, dL_dgamma = batch_norm_backward(dL_dU, norm)
            others.append(dL_dgamma)
        gradients = [dL_dU.T @ A, *others, *gradients]
        dL_dA_in = dL_dU @ W  # (N, in)
        dL_dA.insert(0, dL_dA_in + dL_dA[0] if skip else dL_dA_in)
    return gradients, dL_dA


def layers_of(parameters):
    """The flat list cut into layers: each begins with a matrix.

    >>> W, b = np.eye(2), np.zeros(2)
    >>> [len(layer) for layer in layers_of([W, b, W, b, b, W, b])]
    [2, 3, 2]
    """
    starts = [i for i, p in enumerate(parameters) if p.ndim == 2]
    ends = [*starts[1:], len(parameters)]
    return [parameters[i:j] for i, j in zip(starts, ends)]


def batch_norm(U, gamma, beta, epsilon=1e-5):
    """`U` with each column at mean 0, variance 1, then scaled, shifted.

    `U` is `(N, H)`, `gamma` and `beta` `(H,)`; the second result
    is the cache of the backward pass. For training; a prediction uses the
    mean and variance of the training set (Ioffe and Szegedy 2015).

    >>> U = np.array([[1.0], [3.0], [5.0]])
    >>> Z, cache = batch_norm(U, np.array([2.0]), beta=np.array([7.0]))
    >>> print(np.round(Z.T, 3))
    [[4.551 7.    9.449]]
    """
    centred = U - U.mean(axis=0)  # (N, H)
    inv_std = 1 / np.sqrt((centred**2).mean(axis=0) + epsilon)  # (H,)
    U_hat = centred * inv_std  # (N, H)
    return gamma * U_hat + beta, (U_hat, inv_std, gamma)


def batch_norm_backward(dL_dZ, cache):
    """`dL_dU` `(N, H)` and `dL_dgamma` `(H,)`, from `dL_dZ` `(N, H)`.

    To shift or to stretch a whole column of `U` changes nothing in `Z`; so
    both have to be taken out of its gradient.

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


# Watching and clipping


def global_norm(gradients):
    """The length of all gradients taken together as one vector.

    >>> global_norm([np.array([[3.0]]), np.array([4.0]), np.array([12.0])])
    13.0
    """
    return float(np.sqrt(sum(np.vdot(g, g) for g in gradients)))


def clip_by_norm(gradients, max_norm):
    """The gradients, shortened to a global norm of at most `max_norm`.

    Their direction stays. Source: Pascanu, Mikolov and Bengio 2013. Raises
    ValueError unless `max_norm` is positive.

    >>> clip_by_norm([np.array([[6.0]]), np.array([8.0])], max_norm=5.0)
    [array([[3.]]), array([4.])]
    """
    _check_positive(max_norm)
    norm = global_norm(gradients)
    scale = max_norm / norm if norm > max_norm else 1.0
    return [scale * g for g in gradients]


def dead_fraction(caches, flat=0.0):
    """Share of hidden units whose slope is at most `flat` everywhere.

    That is, for every example. `caches` are those of `deep_forward`.

    >>> W1 = np.array([[1.0], [-1.0], [1.0]])
    >>> b1 = np.array([0.0, 0.0, -9.0])
    >>> parameters = [W1, b1, np.ones((1, 3)), np.zeros(1)]
    >>> X = np.array([[-2.0], [5.0]])
    >>> _, caches = deep_forward(X, parameters, relu_and_slope)
    >>> round(dead_fraction(caches), 3)
    0.333
    """
    slopes = np.hstack([dA_dZ for _, _, dA_dZ, _ in caches[:-1]])
    return float(np.mean(np.all(slopes <= flat, axis=0)))


def _check_positive(max_norm):
    if not max_norm > 0:
        raise ValueError(
            f"max_norm is {max_norm}: expected a positive number"
        )
