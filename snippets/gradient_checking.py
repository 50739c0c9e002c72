"""Check the gradients of a model of your own; three ways to nudge."""

import numpy as np

# Three slopes by nudging. `f` works entry by entry, as np.exp does, and
# its result has the precision of its argument.


def forward_difference(f, x, h):
    """Slope of `f` at `x` by one nudge: `(f(x + h) - f(x)) / h`.

    `x` is an array of floats, and so is the result, in the shape and the
    precision of `x`; `h` is a number. The formula is off by about h/2 times
    the second derivative.

    >>> forward_difference(np.square, np.array([1.0, -2.0]), h=0.5)
    array([ 2.5, -3.5])
    """
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h):
    """Slope of `f` at `x` by two nudges: `(f(x + h) - f(x - h)) / 2h`.

    `x` is an array of floats, and so is the result, in the shape and the
    precision of `x`; `h` is a number. The formula is off by about h²/6
    times the third derivative.

    >>> central_difference(np.square, np.array([1.0, -2.0]), h=0.5)
    array([ 2., -4.])
    """
    return (f(x + h) - f(x - h)) / (2 * h)


def complex_step(f, x, h):
    """Slope of `f` at `x` by an imaginary nudge: `Im f(x + ih) / h`.

    `f` has to take complex numbers, and to be built of what knows them: no
    maximum, no absolute value. `x` is an array of floats, and so is the
    result, in the shape and the precision of `x`. Nothing is subtracted, so
    `h` can be as small as 1e-20. Source: Squire and Trapp 1998.

    >>> complex_step(np.square, np.array([1.0, -2.0]), h=1e-20)
    array([ 2., -4.])
    """
    return f(x + 1j * h).imag / h


# The check


def check_gradient(
    loss, parameters, gradients, rng=None, entries=10, h=1e-5
):
    """The entry whose gradient is furthest from central differences.

    `parameters` is a list or a dict of arrays of float64, `gradients` the
    same of what is to be checked. `loss` takes nothing, returns one number
    and depends on `parameters`, which are nudged in place and put back.
    With `rng`, a np.random.Generator, only that many random `entries` of
    each array are looked at.

    Returns a dict: the `error`; the name or number of the `parameter` and
    the `entry` in it; its `gradient` as given, and the one by `nudging`.
    The error is a share of the larger of these two, or, where both are
    smaller, of a ten-thousandth of the loss: below that, the rounding of
    the loss would count as an error. It is NaN where anything is.
    Parameters of another dtype raise `TypeError`; gradients of another
    number or shape, or none at all, `ValueError`.

    >>> model = {"w": np.array([3.0, 1.0]), "b": np.array([2.0])}
    >>> wrong = {"w": np.array([6.0, 2.0]), "b": np.array([-4.0])}
    >>> def loss():
    ...     return (model["w"]**2).sum() + (model["b"]**2).sum()
    >>> worst = check_gradient(loss, model, wrong)
    >>> worst["parameter"], worst["entry"], round(worst["error"], 6)
    ('b', (0,), 2.0)
    >>> worst["gradient"], round(worst["nudging"], 6)
    (-4.0, 4.0)
    """
    found = []
    for name, W, dL_dW in matched(parameters, gradients):
        places = list(np.ndindex(W.shape))
        if rng is not None:
            chosen = rng.permutation(len(places))[:entries]
            places = [places[k] for k in chosen]
        for index in places:
            above, below = nudged(loss, W, index, h)
            slope, gradient = (above - below) / (2 * h), float(dL_dW[index])
            scale = max(abs(slope), abs(gradient), 1e-4 * abs(above))
            error = abs(slope - gradient) / scale if scale else 0.0
            found.append((error, name, index, gradient, slope))
    names = "error", "parameter", "entry", "gradient", "nudging"
    errors = [error for error, *_ in found]
    worst = np.argmax(errors)  # takes NaN for the largest
    return dict(zip(names, found[worst]))


def nudged(loss, W, index, h):
    """The loss with one entry of `W` raised and lowered by `h`: two floats.

    `W` is changed in place and put back, also when `loss` fails. A loss
    that is not one number raises `ValueError`.

    >>> W = np.array([[1.0, 2.0]])
    >>> nudged(lambda: W.sum(), W, (0, 1), h=0.5), W.tolist()
    ((3.5, 2.5), [[1.0, 2.0]])
    """
    value = W[index]
    try:
        W[index] = value + h
        above = np.asarray(loss()).item()
        W[index] = value - h
        return above, np.asarray(loss()).item()
    finally:
        W[index] = value


def matched(parameters, gradients):
    """Triples of a name, a parameter and its gradient.

    `parameters` and `gradients` are two lists or two dicts of arrays.

    Raises `TypeError` for a parameter that is not float64, in which `h`
    could get lost, and `ValueError` where names, numbers or shapes differ,
    or where there is nothing.

    >>> arrays = [np.ones(3), np.ones((2, 1))]
    >>> [(name, W.shape) for name, W, dL_dW in matched(arrays, arrays)]
    [(0, (3,)), (1, (2, 1))]
    """
    parameters, gradients = (
        dict(arrays if hasattr(arrays, "keys") else enumerate(arrays))
        for arrays in (parameters, gradients)
    )
    if parameters.keys() != gradients.keys() or not parameters:
        raise ValueError(
            f"gradients of {list(gradients)} for parameters "
            f"{list(parameters)}: expected one of each"
        )
    for name, W in parameters.items():
        if W.dtype != np.float64:
            raise TypeError(
                f"parameter {name!r} has dtype {W.dtype}: "
                "expected float64, so that h is not lost"
            )
        shape = np.shape(gradients[name])
        if shape != W.shape:
            raise ValueError(
                f"the gradient of {name!r} has shape {shape}: "
                f"expected {W.shape}"
            )
    return [(name, W, gradients[name]) for name, W in parameters.items()]
