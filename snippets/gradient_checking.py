"""Check gradients by nudging: how far off, where, and what to look at.

`parameters` is a list of float64 arrays, `gradients` a list of arrays in
the same order and shapes. `loss` takes nothing, depends on `parameters` and
returns a number. The parameters are nudged in place and put back.
"""

from typing import NamedTuple

import numpy as np


def nudged_loss(loss, W, i, step):
    """The loss with `step` added to `W[i]`, which is then put back.

    `W` is an array of floats, `i` a tuple of numbers. `W[i]` is put back
    even when `loss` raises.

    >>> W = np.array([[1.0, 2.0]])
    >>> nudged_loss(lambda: W.prod().item(), W, (0, 1), step=0.5)
    2.5
    >>> W
    array([[1., 2.]])
    """
    w = W[i]
    try:
        W[i] = w + step
        return loss()
    finally:
        W[i] = w


def numerical_gradient(loss, parameters, h=1e-5):
    """Gradients of `loss()` by central differences, entry by entry.

    `loss` takes nothing, returns a number and depends on `parameters`, a
    list of float64 arrays, which are nudged in place and put back. Every
    entry takes two forward passes. Returns a list of float64 arrays in the
    shapes of the parameters; another dtype of a parameter raises
    `TypeError`. The error of the formula shrinks with h², that of the
    subtraction grows with 1/h; 1e-5 balances them in float64.

    >>> w, b = np.array([1.0, -2.0]), np.array([3.0])
    >>> dL_dw, dL_db = numerical_gradient(
    ...     lambda: (w**2).sum() * b.item(), [w, b]
    ... )
    >>> dL_dw.round(6), dL_db.round(6)
    (array([  6., -12.]), array([5.]))
    """
    _check_float64(parameters)
    gradients = [np.zeros(W.shape) for W in parameters]
    for W, dL_dW in zip(parameters, gradients):
        for i in np.ndindex(W.shape):
            above = nudged_loss(loss, W, i, h)
            below = nudged_loss(loss, W, i, -h)
            dL_dW[i] = (above - below) / (2 * h)
    return gradients


def relative_error(a, b):
    """Distance of two gradients as a share of their size, from 0 to 1.

    It is `‖a - b‖ / (‖a‖ + ‖b‖)`, a float. `a` and `b` have the same shape,
    else `ValueError`. Two gradients of zeros agree: the result is 0. Where
    an entry is infinite or not a number, nothing agrees: the result is
    `inf`.

    >>> relative_error(np.array([3.0, 4.0]), np.array([3.0, 4.0]))
    0.0
    >>> relative_error(np.array([3.0, 4.0]), np.array([-3.0, -4.0]))
    1.0
    """
    _check_one_shape(a, b)
    pair = np.array([a, b], dtype=float)
    largest = np.abs(pair).max(initial=0.0)
    if largest == 0:
        return 0.0
    if not np.isfinite(largest):
        return float("inf")
    a, b = pair / largest  # so that no square becomes 0 or infinite
    norm = np.linalg.norm
    return float(norm(a - b) / (norm(a) + norm(b)))


# The check of a whole model


class Finding(NamedTuple):
    """What the check says of one entry of a gradient."""

    verdict: str  # "right", "kink" or "wrong"
    error: float  # as a share of the larger of the next two
    gradient: float  # as given
    nudging: float  # the slope by central differences
    sides: tuple = ()  # unless right: the slopes from the left and right
    parameter: int = 0  # its place in the list
    entry: tuple = ()


class Report(NamedTuple):
    """What `check_gradient` says: `print` shows it as a table.

    >>> found = Finding("right", 2e-11, 6.0, 6.0, parameter=1, entry=(0, 2))
    >>> print(Report("right", [found], "Nothing to do."))
    parameter  entry         gradient   by nudging   error  verdict
    1          (0, 2)               6            6  < 1e-5  right
    Nothing to do.
    """

    verdict: str  # the worst of all: "right", "kink" or "wrong"
    worst: list  # of each parameter the worst entry, a `Finding`
    advice: str  # what to look at next

    def __str__(self):
        lines = [
            "parameter  entry         gradient   by nudging   "
            "error  verdict"
        ]
        for found in self.worst:
            small = found.verdict == "right"
            lines.append(
                f"{found.parameter:<9}  {str(found.entry):<9} "
                f"{found.gradient:>12.6g} {found.nudging:>12.6g} "
                f"{'< 1e-5' if small else f'{found.error:.1e}':>7}  "
                f"{found.verdict}"
            )
        return "\n".join([*lines, self.advice])


def check_gradient(
    loss, parameters, gradients, rng=None, entries=10, h=1e-5
):
    """Compare gradients with nudging, entry by entry: a `Report`.

    `loss` takes nothing, returns a number and depends on `parameters`, a
    list of float64 arrays, which are nudged in place and put back.
    `gradients` is what is to be checked, in the same order and shapes. With
    `rng`, an np.random.Generator, only that many random `entries` of each
    array are looked at. Parameters of another dtype raise `TypeError`;
    gradients of another number or shape, or none at all, `ValueError`.

    >>> w, b = np.array([3.0, 1.0]), np.array([2.0])
    >>> def loss():
    ...     return (w**2).sum() + (b**2).sum()
    >>> wrong = [np.array([6.0, 2.0]), np.array([-4.0])]
    >>> report = check_gradient(loss, [w, b], wrong)
    >>> [found.verdict for found in report.worst]
    ['right', 'wrong']
    >>> print(report.advice)
    Start with parameter 1: errors travel from the last to the first.
    """
    _check_float64(parameters)
    _check_gradients(parameters, gradients)
    worst = []
    for k, (W, dL_dW) in enumerate(zip(parameters, gradients)):
        places = list(np.ndindex(W.shape))
        if rng is not None:
            chosen = rng.permutation(len(places))[:entries]
            places = [places[c] for c in chosen]
        findings = [
            judge(loss, W, i, dL_dW[i], h)._replace(parameter=k, entry=i)
            for i in places
        ]
        if findings:
            worst.append(max(findings, key=_badness))
    verdict = max(worst, key=_badness).verdict
    return Report(verdict, worst, _advice(verdict, worst))


def judge(loss, W, i, gradient, h=1e-5, tolerance=1e-5):
    """Compare the gradient of `W[i]` with nudging: a `Finding`.

    The error is a share of the larger of the two, or, where both are
    smaller, of a ten-thousandth of the loss: below that, the rounding of
    the loss would count as an error. It is NaN where anything is.

    A nudge across a kink finds a slope between those of both sides. If the
    kink is not here but near, ten times as small a step stays clear of it.
    If it is here, the gradient may be the slope of either side, or between.

    >>> w = np.array([0.0])
    >>> found = judge(lambda: 2 * abs(w.item()), w, (0,), gradient=2.0)
    >>> found.verdict, found.nudging, found.sides
    ('kink', 0.0, (-2.0, 2.0))
    """
    gradient = float(gradient)
    for step in (h, h / 10):
        above = nudged_loss(loss, W, i, step)
        below = nudged_loss(loss, W, i, -step)
        nudging = float((above - below) / (2 * step))
        scale = max(abs(nudging), abs(gradient), 1e-4 * abs(above))
        error = abs(nudging - gradient) / scale if scale else 0.0
        if error <= tolerance:
            return Finding("right", error, gradient, nudging)
    sides = tuple(one_sided_slope(loss, W, i, s) for s in (-step, step))
    low, high = min(sides), max(sides)
    slack = tolerance * scale
    between = low - slack <= gradient <= high + slack
    verdict = "kink" if between else "wrong"
    return Finding(verdict, error, gradient, nudging, sides)


def one_sided_slope(loss, W, i, h):
    """Slope of the loss in `W[i]` on one side: the left, if `h < 0`.

    It takes three points, so that a bend that is no kink does not show: the
    formula is off by about h²/3 times the third derivative.

    >>> w = np.array([0.0])
    >>> def loss():
    ...     return abs(w.item()) + w.item() ** 2
    >>> [one_sided_slope(loss, w, (0,), h) for h in (-0.5, 0.5)]
    [-1.0, 1.0]
    """
    here, near, far = (
        nudged_loss(loss, W, i, step) for step in (0, h / 2, h)
    )
    return float((4 * near - far - 3 * here) / h)


def _badness(found):
    """Sorts findings: wrong above kink above right, then by the error.

    Of two that differ by rounding alone, none is the worse.
    """
    error = np.inf if np.isnan(found.error) else round(found.error, 6)
    return ("right", "kink", "wrong").index(found.verdict), error


def _advice(verdict, worst):
    """What to look at next, by the last parameter with this verdict."""
    if verdict == "right":
        return "Every entry that was looked at agrees with nudging."
    last = [found for found in worst if found.verdict == verdict][-1]
    lines = []
    if verdict == "wrong":
        lines.append(
            f"Start with parameter {last.parameter}: "
            "errors travel from the last to the first."
        )
    left, right = (slope + 0 for slope in last.sides)  # no -0
    size = max(abs(left), abs(right), abs(last.gradient))
    if verdict == "kink" or abs(right - left) > 0.01 * size:
        lines.append(
            f"Entry {last.entry} of parameter {last.parameter} is at a "
            f"kink: slope {left:.4g} from the left,\n{right:.4g} from the "
            "right. Move off it with small random biases, or check\n"
            "another point."
        )
    return "\n".join(lines)


# Three slopes of a function by nudging. `f` works entry by entry, as np.exp
# does, and its result has the precision of its argument.


def forward_difference(f, x, h):
    """Slope of `f` at `x` by one nudge: `(f(x + h) - f(x)) / h`.

    `x` is an array of floats, and so is the result, in the shape and the
    precision of `x`; `h` is a number. The formula is off by about h/2 times
    the second derivative.

    >>> forward_difference(np.square, np.array([1.0, -2.0]), h=0.5)
    array([ 2.5, -3.5])
    """
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h=1e-5):
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


def _check_float64(parameters):
    """Raise `TypeError` for a parameter in which `h` could get lost."""
    for k, W in enumerate(parameters):
        array = isinstance(W, np.ndarray)
        kind = f"an array of {W.dtype}" if array else type(W).__name__
        if kind != "an array of float64":
            raise TypeError(
                f"parameter {k} is {kind}: expected an array of float64, "
                "so that h is not lost"
            )


def _check_one_shape(a, b):
    """Raise `ValueError` where NumPy would broadcast."""
    if np.shape(a) != np.shape(b):
        raise ValueError(
            f"b has shape {np.shape(b)}, but a has shape {np.shape(a)}: "
            "expected the same shape"
        )


def _check_gradients(parameters, gradients):
    """Raise `ValueError` unless there is one for each, of its shape."""
    shapes = [np.shape(W) for W in parameters]
    given = [np.shape(dL_dW) for dL_dW in gradients]
    if shapes != given or not any(map(np.size, parameters)):
        raise ValueError(
            f"gradients of shapes {given} for parameters of shapes "
            f"{shapes}: expected one of the same shape for each"
        )
