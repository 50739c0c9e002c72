"""Slips of good texts, each as it is printed and as it is mended.

The two functions of a slip differ in one expression.
"""

import ast

import numpy as np

# Rounding


def error_of_rounded(a2, y):
    """Slip: a loss and its slope, from a prediction rounded before.

    They are `(a2 - y)²` and `dL_da2`, from `a2` with three places.

    >>> loss, dL_da2 = error_of_rounded(0.7464, 1.0)
    >>> print(f"{loss:.6f} {dL_da2:.4f}")
    0.064516 -0.5080
    """
    a2 = round(a2, 3)
    return (a2 - y) ** 2, 2 * (a2 - y)


def error(a2, y):
    """The loss `(a2 - y)²` and its slope `dL_da2`, with all digits.

    >>> loss, dL_da2 = error(0.7464, 1.0)
    >>> print(f"{loss:.6f} {dL_da2:.4f}")
    0.064313 -0.5072
    """
    return (a2 - y) ** 2, 2 * (a2 - y)


# A sensitivity, and no share of it


def blame_cut_up(dL_dz2, w2):
    """Slip: the blame of a unit, cut up among the units that feed it.

    Each gets the share that its weight has in the sum of `w2` `(H,)`.

    >>> blame_cut_up(2.0, np.array([3.0, 1.0])).tolist()
    [1.5, 0.5]
    """
    return dL_dz2 * w2 / w2.sum()


def blame_handed_back(dL_dz2, w2):
    """`dL_da1` `(H,)` of the units that feed one, by the weights `w2`.

    Each answers for itself; together they need not make `dL_dz2`.

    >>> blame_handed_back(2.0, np.array([3.0, 1.0])).tolist()
    [6.0, 2.0]
    """
    return dL_dz2 * w2


# Several units a layer


def slope_of_one_path(da3_da2, da2_da1):
    """Slip for layers of several units: `∂a3/∂a1` as a single product.

    It goes through the first unit in between. `da3_da2` and `da2_da1` are
    `(H,)`, an entry for each of these units.

    >>> slope_of_one_path(np.array([2.0, 3.0]), np.array([5.0, 7.0])).item()
    10.0
    """
    return da3_da2[0] * da2_da1[0]


def slope_of_all_paths(da3_da2, da2_da1):
    """`∂a3/∂a1`: a product along each path, and their sum.

    It takes Jacobians too, a row for each output, for layers of any size.

    >>> slope_of_all_paths(np.array([2.0, 3.0]), np.array([5.0, 7.0])).item()
    31.0
    """
    return da3_da2 @ da2_da1


# The gradient at the output


def output_gradient_of_cross_entropy(A2, Y):
    """Slip under `((A2 - Y)**2).mean()`: the `dL_dZ2` of another loss.

    It is that of sigmoid and cross-entropy; all are `(N, K)`.

    >>> A2, Y = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    >>> output_gradient_of_cross_entropy(A2, Y).tolist()
    [[-0.5, 0.5]]
    """
    return (A2 - Y) / len(Y)


def output_gradient_of_mse(A2, Y):
    """`dL_dZ2` of `((A2 - Y)**2).mean()` behind a sigmoid, all `(N, K)`.

    >>> A2, Y = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    >>> output_gradient_of_mse(A2, Y).tolist()
    [[-0.125, 0.125]]
    """
    return 2 * (A2 - Y) * A2 * (1 - A2) / A2.size


# The gradient of a chain of single neurons


def product_of_slopes(w, slopes):
    """Slip: the gradient through a chain of neurons of weight `w`.

    It is as if only the slopes of the activation counted.

    >>> product_of_slopes(4.0, [0.25, 0.25])
    0.0625
    """
    return float(np.prod(slopes))


def product_of_weights(w, slopes):
    """Slip: the same gradient, as if only the weight counted.

    >>> product_of_weights(4.0, [0.25, 0.25])
    16.0
    """
    return w ** len(slopes)


def product_of_both(w, slopes):
    """The same gradient: each neuron brings its weight and its slope.

    >>> product_of_both(4.0, [0.25, 0.25])
    1.0
    """
    return float(np.prod(w * np.array(slopes)))


# Random numbers


def first_weights_unseeded():
    """Slip: weights `(3, 2)` that differ from run to run.

    It is one where the output is printed beside the program.

    >>> bool((first_weights_unseeded() == first_weights_unseeded()).all())
    False
    """
    rng = np.random.default_rng(np.random.SeedSequence())
    return rng.uniform(-1, 1, size=(3, 2))


def first_weights(seed):
    """Weights `(3, 2)` that are the same in each run.

    >>> bool((first_weights(0) == first_weights(0)).all())
    True
    """
    return np.random.default_rng(seed).uniform(-1, 1, size=(3, 2))


# The bias of a batch


def bias_gradient_of_one(dL_dz2):
    """Slip for more than one example: the blame itself as the gradient.

    The blame is `(K, N)`, the bias `(K, 1)`.

    >>> bias_gradient_of_one(np.array([[1.0, 2.0]])).shape
    (1, 2)
    """
    return dL_dz2


def bias_gradient(dL_dz2):
    """The gradient of the bias, `(K, 1)`: the sum of the blame `(K, N)`.

    The sum is over the examples.

    >>> bias_gradient(np.array([[1.0, 2.0]])).tolist()
    [[3.0]]
    """
    return dL_dz2.sum(axis=1, keepdims=True)


# Code that is code


def is_python(line):
    """Whether Python can read this line.

    >>> is_python("relu'(-1) = 0"), is_python("relu_slope_at(-1) == 0")
    (False, True)
    """
    try:
        ast.parse(line)
    except SyntaxError:
        return False
    return True


def relu_slope_at(z):
    """The slope of ReLU at the number `z`.

    >>> relu_slope_at(-1), relu_slope_at(0), relu_slope_at(1)
    (0.0, 0.0, 1.0)
    """
    return float(z > 0)


# A hidden layer with ReLU and dropout: x (D,), W1 (H, D), W2 (K, H), y (K,)
# and kept (H,), which holds zeros and ones


def with_dropout(x, W1, W2, kept):
    """Forward pass with half of the units dropped, the others doubled.

    Returns `a1` `(H,)` and `a2` `(K,)`.

    >>> W1, W2 = np.array([[3.0], [4.0]]), np.ones((1, 2))
    >>> a1, a2 = with_dropout(np.ones(1), W1, W2, kept=np.array([1, 0]))
    >>> [a1.tolist(), a2.tolist()]
    [[6.0, 0.0], [6.0]]
    """
    a1 = np.maximum(W1 @ x, 0) * (kept * 2)
    return a1, W2 @ a1


def relu_slope_or_one(a1):
    """Slip: nothing behind the ReLU is negative, so this is always 1.

    >>> relu_slope_or_one(np.array([0.0, 5.0])).tolist()
    [True, True]
    """
    return a1 >= 0


def relu_slope(a1):
    """The slope of ReLU, from its output: 1 where it is positive.

    >>> relu_slope(np.array([0.0, 5.0])).tolist()
    [False, True]
    """
    return a1 > 0


def dropout_backward_halved(dL_da1, kept):
    """Slip: the forward pass doubled the units it kept, this does not.

    >>> dL_da1, kept = np.array([3.0, 3.0]), np.array([1, 0])
    >>> dropout_backward_halved(dL_da1, kept).tolist()
    [3.0, 0.0]
    """
    return dL_da1 * kept


def dropout_backward(dL_da1, kept):
    """The way back through dropout has the factor of the way forward.

    >>> dL_da1, kept = np.array([3.0, 3.0]), np.array([1, 0])
    >>> dropout_backward(dL_da1, kept).tolist()
    [6.0, 0.0]
    """
    return dL_da1 * (kept * 2)


def first_gradient(x, y, W1, W2, kept, slope, dropout):
    """`dL_dW1` `(H, D)` of the loss `((a2 - y)²).sum() / 2`.

    With one slope of ReLU and one way back through dropout.

    >>> x, y, W, kept = np.ones(1), np.zeros(1), np.ones((1, 1)), np.ones(1)
    >>> first_gradient(x, y, W, W, kept, relu_slope, dropout_backward)
    array([[4.]])
    """
    a1, a2 = with_dropout(x, W1, W2, kept)
    dL_da1 = W2.T @ (a2 - y)
    dL_dz1 = dropout(dL_da1, kept) * slope(a1)
    return np.outer(dL_dz1, x)


# The order of update and backward pass, in a network of single neurons


def hidden_gradient_after_update(W2, dL_dz2, a1, learning_rate):
    """Slip: the updated `W2`, and `dL_da1` through it.

    It moved too early.

    >>> hidden_gradient_after_update(2.0, 1.0, 1.0, 0.5)
    (1.5, 1.5)
    """
    W2 = W2 - learning_rate * dL_dz2 * a1
    dL_da1 = W2 * dL_dz2
    return W2, dL_da1


def hidden_gradient(W2, dL_dz2, a1, learning_rate):
    """The updated `W2`, and `dL_da1` through the one that predicted.

    The update comes after it.

    >>> hidden_gradient(2.0, 1.0, 1.0, 0.5)
    (1.5, 2.0)
    """
    dL_da1 = W2 * dL_dz2
    W2 = W2 - learning_rate * dL_dz2 * a1
    return W2, dL_da1


# Gradient checks


def differences_to_one_side(f, x, h):
    """Gradient of `f` at `x` by `(f(x + h) - f(x)) / h`.

    In the precision of `x`, a vector of floats.

    >>> x = np.array([1.0])
    >>> differences_to_one_side(lambda x: x @ x, x, 0.5)
    array([2.5])
    """
    nudges = np.eye(x.size, dtype=x.dtype) * x.dtype.type(h)
    slopes = [(f(x + nudge) - f(x)) / h for nudge in nudges]
    return np.array(slopes, dtype=x.dtype)


def differences_to_both_sides(f, x, h):
    """Gradient of `f` at `x` by `(f(x + h) - f(x - h)) / 2h`.

    In the precision of `x`, a vector of floats.

    >>> x = np.array([1.0])
    >>> differences_to_both_sides(lambda x: x @ x, x, 0.5)
    array([2.])
    """
    nudges = np.eye(x.size, dtype=x.dtype) * x.dtype.type(h)
    slopes = [(f(x + nudge) - f(x - nudge)) / (2 * h) for nudge in nudges]
    return np.array(slopes, dtype=x.dtype)


def cross_entropy_of_prediction(Z2, Y):
    """Slip in a gradient check: the loss from the prediction.

    One near 1 has few digits left for `1 - A2`; `Z2` and `Y` are `(N, 1)`.

    >>> Z2, Y = np.array([[36.0]]), np.array([[0]])
    >>> print(f"{cross_entropy_of_prediction(Z2, Y):.2f}")
    36.04
    """
    A2 = 1 / (1 + np.exp(-Z2))
    return float(-np.log(np.where(Y == 1, A2, 1 - A2)).mean())


def cross_entropy_of_scores(Z2, Y):
    """The same loss from `Z2`: no digit is lost.

    >>> Z2, Y = np.array([[36.0]]), np.array([[0]])
    >>> print(f"{cross_entropy_of_scores(Z2, Y):.2f}")
    36.00
    """
    sign = (1 - 2 * Y).astype(Z2.dtype)
    return float(np.logaddexp(0, sign * Z2).mean())


def crosses_kink(x, h):
    """Whether ReLU bends between `x - h` and `x + h`.

    There, a central difference is not its slope.

    >>> crosses_kink(-1.0, 0.5), crosses_kink(-1.0, 2.0)
    (False, True)
    """
    return (x - h > 0) != (x + h > 0)
