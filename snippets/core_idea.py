"""The chain rule, for two functions and for a chain of layers."""

import math


def g(x):
    """The inner function.

    >>> g(2.0)
    7.0
    """
    return 3 * x + 1


def f(u):
    """The outer function.

    >>> f(7.0)
    49.0
    """
    return u**2


def chain_rule(x):
    """Slope of `y = f(g(x))` at `x`, by the chain rule.

    It is the slope of `f` where `g` has put us, times the slope of `g`.

    >>> chain_rule(2.0)
    42.0
    """
    dy_dg = 2 * g(x)  # slope of f at g(x)
    dg_dx = 3.0  # slope of g, the same everywhere
    return dy_dg * dg_dx


def two_paths(x, w_in, w_out):
    """Output `y` of two units in parallel, and its slope at `x`.

    Unit k passes on `h[k] = w_in[k] * x`, and `y` is the sum of the
    `w_out[k] * h[k]`. Returns the floats `y` and `dy_dx`.

    >>> two_paths(2.0, w_in=[0.5, -1.0], w_out=[4.0, 3.0])
    (-2.0, -1.0)
    """
    h = [w_in[0] * x, w_in[1] * x]
    y = w_out[0] * h[0] + w_out[1] * h[1]
    upper = w_out[0] * w_in[0]  # slopes along a path multiply
    lower = w_out[1] * w_in[1]
    dy_dx = upper + lower  # paths add
    return y, dy_dx


def chain_activations(x, w):
    """Activations `a[0] .. a[n]` of a chain of sigmoid neurons.

    `a[0] = x`, and `a[k] = sigmoid(w[k - 1] * a[k - 1])`, floats. A product
    below -709 raises `OverflowError`.

    >>> [round(a_k, 4) for a_k in chain_activations(1.0, [0.5, -1.0, 2.0])]
    [1.0, 0.6225, 0.3492, 0.6678]
    """
    a = [x]
    for w_k in w:
        a.append(1 / (1 + math.exp(-w_k * a[-1])))  # sigmoid
    return a


def first_weight_gradient(x, w, y):
    """Gradient of `(a[n] - y)²` for the first weight, link by link.

    Returns the list of factors, from the loss backward, and their product,
    floats. Each sigmoid's slope is `a (1 - a)`.

    >>> w = [0.5, -1.0, 2.0]
    >>> factors, dL_dw1 = first_weight_gradient(1.0, w, y=1.0)
    >>> [round(factor, 4) for factor in factors], round(dL_dw1, 6)
    ([-0.6643, 0.4437, -0.2273, 0.235], 0.015741)
    """
    a = chain_activations(x, w)
    factors = [2 * (a[-1] - y)]  # dL/da[n]
    for k in range(len(w), 1, -1):
        factors.append(a[k] * (1 - a[k]) * w[k - 1])  # da[k]/da[k - 1]
    factors.append(a[1] * (1 - a[1]) * x)  # da[1]/dw[0]
    return factors, math.prod(factors)
