"""The first weights: how large values and gradients are after many layers.

In theory, and measured. A network is a list of weight matrices `W`
(outputs, inputs), without biases, with one activation after each of them.
Each row of `X`, of `A` and of `dL_dA` is an example. float32 in, float32
out.
"""

import math

import numpy as np

# Activations: each returns a = f(z) and its slope da_dz, both of z's shape.


def relu_and_slope(z):
    """`max(0, z)`, and its slope: 1 where z > 0, otherwise 0.

    >>> a, da_dz = relu_and_slope(np.array([-2.0, 0.0, 2.0]))
    >>> print(a, da_dz)
    [0. 0. 2.] [0. 0. 1.]
    """
    return np.maximum(z, 0), (z > 0).astype(z.dtype)


def tanh_and_slope(z):
    """The hyperbolic tangent, and its slope, which is at most 1.

    >>> a, da_dz = tanh_and_slope(np.array([0.0, 2.0]))
    >>> print(np.round(a, 4), np.round(da_dz, 4))
    [0.    0.964] [1.     0.0707]
    """
    a = np.tanh(z)
    return a, 1 - a**2


def linear_and_slope(z):
    """z itself, and the slope 1: a layer without any bend.

    >>> a, da_dz = linear_and_slope(np.array([-2.0, 2.0]))
    >>> print(a, da_dz)
    [-2.  2.] [1. 1.]
    """
    return z, np.ones_like(z)


# Measured: one network


def weight_std(scheme, fan_in, fan_out):
    """Standard deviation of a layer's first weights, by scheme.

    `fan_in` and `fan_out` are the numbers of its inputs and outputs.
    Sources: Glorot and Bengio (2010), also called Xavier, and He et al.
    (2015). The others do not look at the width; "naive" is the standard
    normal. Raises ValueError for another scheme.

    >>> schemes = "tiny", "wide", "naive", "glorot", "he"
    >>> [round(weight_std(scheme, 50, 30), 3) for scheme in schemes]
    [0.01, 0.5, 1.0, 0.158, 0.2]
    """
    stds = {
        "tiny": 0.01,
        "wide": 0.5,
        "naive": 1.0,
        "glorot": math.sqrt(2 / (fan_in + fan_out)),
        "he": math.sqrt(2 / fan_in),
    }
    _check_scheme(scheme, stds)
    return stds[scheme]


def values_by_layer(X, weights, activation):
    """`[X, A1, A2, ...]`, and `dA_dZ` of each layer for the way back.

    >>> weights = [np.array([[3.0, 1.0], [1.0, 1.0]])]
    >>> X = np.array([[1.0, -2.0]])
    >>> A, slopes = values_by_layer(X, weights, relu_and_slope)
    >>> A[-1].tolist(), slopes[-1].tolist()
    ([[1.0, 0.0]], [[1.0, 0.0]])
    """
    A, slopes = [X], []
    for W in weights:
        A_next, dA_dZ = activation(A[-1] @ W.T)  # (N, outputs)
        A.append(A_next)
        slopes.append(dA_dZ)
    return A, slopes


def gradients_by_layer(dL_dA, weights, slopes):
    """The gradients at the input and after each layer, from the last.

    Returns `[dL_dX, dL_dA1, ..., dL_dA]`.

    >>> weights = [np.array([[3.0, 1.0], [1.0, 1.0]])]
    >>> slopes = [np.array([[1.0, 0.0]])]
    >>> gradients_by_layer(np.array([[10.0, 100.0]]), weights, slopes)[0]
    array([[30., 10.]])
    """
    gradients = [dL_dA]
    for W, dA_dZ in zip(reversed(weights), reversed(slopes)):
        gradients.append((gradients[-1] * dA_dZ) @ W)  # (N, inputs)
    return gradients[::-1]


def rms(A):
    """Root of the mean square of all entries: their typical size.

    >>> rms(np.array([[1.0, -7.0]]))
    5.0
    """
    return float(np.sqrt(np.mean(A**2)))


# In theory: infinitely many units a layer


def layer_factors(activation, scale, input_rms=1.0):
    """RMS out over RMS in of one layer, in theory: forward, and back.

    `scale` is the number of inputs times the variance of a weight; z is
    then normal with the variance `scale * input_rms**2`. The means over z
    are taken numerically. Source: He et al. (2015), section 2.2; for tanh,
    Poole et al. (2016).

    >>> ahead, back = layer_factors(relu_and_slope, scale=2.0)
    >>> round(ahead, 6), round(back, 6)
    (1.0, 1.0)
    >>> ahead, back = layer_factors(tanh_and_slope, scale=1.0)
    >>> round(ahead, 3), round(back, 3)
    (0.628, 0.681)
    """
    # an even number of points: ReLU bends between two of them
    x = np.linspace(-8.0, 8.0, 1600)
    share = np.exp(-(x**2) / 2)
    share = share / share.sum()
    a, da_dz = activation(math.sqrt(scale) * input_rms * x)
    ahead = math.sqrt(np.sum(share * a**2)) / input_rms
    back = math.sqrt(scale * np.sum(share * da_dz**2))
    return ahead, back


def predicted_rms(activation, scale, depth):
    """RMS of `A` and `dL_dA` after 0, 1, ..., depth layers, in theory.

    The first `A` and the last `dL_dA` have an RMS of 1.

    >>> values, gradients = predicted_rms(relu_and_slope, 1.0, depth=2)
    >>> print(np.round(values, 3), np.round(gradients, 3))
    [1.    0.707 0.5  ] [0.5   0.707 1.   ]
    """
    values, factors = [1.0], []
    for _ in range(depth):
        ahead, back = layer_factors(activation, scale, values[-1])
        values.append(values[-1] * ahead)
        factors.append(back)
    return np.array(values), np.cumprod([1.0, *reversed(factors)])[::-1]


# Products of random matrices


def digamma(x):
    """ψ(x) = d log Γ(x) / dx, where x is 1/2, 1, 3/2, ...

    Goes down to 1/2 or 1, whose values are known, by ψ(x) = ψ(x - 1) + 1 /
    (x - 1). Raises ValueError elsewhere.

    >>> round(digamma(2), 6), round(digamma(0.5), 6)
    (0.422784, -1.96351)
    """
    _check_half(x)
    lowest = -np.euler_gamma - (2 * math.log(2) if x % 1 else 0.0)
    return lowest + math.fsum(1 / (x - k) for k in range(1, math.ceil(x)))


def log_growth(n, sigma):
    """The mean of log(|Wv| / |v|) for a random n by n matrix W, any v.

    `sigma` is the standard deviation of its entries. It is the Lyapunov
    exponent of a product of such matrices. Entries are normal; |Wv|² /
    (sigma |v|)² is then chi-squared with n degrees of freedom. Source:
    Newman (1986), "The distribution of Lyapunov exponents".

    >>> round(log_growth(4, 1.0), 4)
    0.558
    """
    return (math.log(2) + digamma(n / 2)) / 2 + math.log(sigma)


def neutral_std(n):
    """The standard deviation for which a product keeps its size.

    It is a product of random n by n matrices.

    >>> round(neutral_std(4), 3)
    0.572
    """
    return math.exp(-log_growth(n, 1.0))


def log10_of_product(matrices):
    """log10 of the size of a product `... @ matrices[1] @ matrices[0]`.

    The size is the Frobenius norm, and may be beyond float64.

    >>> round(log10_of_product([100.0 * np.eye(4)] * 1000), 3)
    2000.301
    """
    product, log10_size = np.eye(len(matrices[0])), 0.0
    for W in matrices:
        product = W @ product
        size = np.linalg.norm(product)
        product = product / size
        log10_size += math.log10(size)
    return log10_size


def _check_scheme(scheme, stds):
    if scheme not in stds:
        expected = ", ".join(stds)
        raise ValueError(
            f"unknown scheme {scheme!r}: expected one of {expected}"
        )


def _check_half(x):
    if x <= 0 or x % 0.5:
        raise ValueError(f"x is {x}: expected 1/2, 1, 3/2, ...")
