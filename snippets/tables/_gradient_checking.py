"""The error of three ways to nudge over the step, for a curve whose every derivative is known: for
the table and the figure.
"""

import math

import numpy as np

from snippets import gradient_checking
from snippets.tables import n

# The curve takes only plus, times and divided by, and its steps are powers of two: every processor
# rounds alike, and the page and its figure are the same everywhere.
POINTS = 201
X = np.linspace(0.5, 2.5, POINTS)
STEPS = np.ldexp(1.0, -np.arange(61))  # from 1 down to about 1e-18
_PRECISIONS = {"float64": np.float64, "float32": np.float32}
METHODS = {
    "forward differences": gradient_checking.forward_difference,
    "central differences": gradient_checking.central_difference,
    "complex step": gradient_checking.complex_step,
}


def bell(x):
    """1 / (1 + x²): a curve with a peak, that takes complex numbers too."""
    return 1 / (1 + x * x)


def derivative(x, order):
    """Of the bell: it is the imaginary part of 1 / (x - i), which is as easy to differentiate as 1
    / x.
    """
    return ((-1) ** order * math.factorial(order) / (x - 1j) ** (order + 1)).imag


def curve(method, precision):
    """The median relative error at each step; what is below the precision counts as that."""
    x = X.astype(_PRECISIONS[precision])
    exact = derivative(x.astype(float), 1)
    errors = [np.median(np.abs(METHODS[method](bell, x, h) / exact - 1)) for h in STEPS.tolist()]
    return np.maximum(errors, np.finfo(x.dtype).eps)


CURVES = {
    precision: {method: curve(method, precision) for method in METHODS} for precision in _PRECISIONS
}

# The theory: cutting the formula off costs c h^p, rounding f costs eps f / h; the sum is least
# where both pull alike
_f, _f1, _f2, _f3 = (float(np.median(np.abs(derivative(X, order)))) for order in range(4))
ORDERS = {"forward differences": (1, _f2 / 2), "central differences": (2, _f3 / 6)}


def predicted(method, eps):
    """The best step, and the relative error there."""
    p, c = ORDERS[method]
    h = (eps * _f / (p * c)) ** (1 / (p + 1))
    return h, (c * h**p + eps * _f / h) / _f1


def exponent(value, step=0.1):
    """A power of ten, its exponent to a tenth, or to a half where the last bits of the processor
    count.
    """
    return f"10<sup>{n(round(round(math.log10(value) / step) * step, 1))}</sup>"


def measured(method, precision):
    """The best step and the error there: the middle of all steps whose error is at most twice the
    least.
    """
    errors = CURVES[precision][method]
    return float(np.exp(np.log(STEPS[errors <= 2 * errors.min()]).mean())), float(errors.min())


BEST, best, _off = [], {}, []
for _precision in _PRECISIONS:
    _eps = float(np.finfo(_PRECISIONS[_precision]).eps)
    for _method, (_p, _) in ORDERS.items():
        _theory, _found = predicted(_method, _eps), measured(_method, _precision)
        best[f"{_precision} {_method.split()[0]}"] = {"h": _found[0], "error": _found[1]}
        _off += [abs(math.log10(a / b)) for a, b in zip(_theory, _found)]
        BEST.append(
            {
                "Precision, method": f"{_precision}, {_method}",
                "rule of thumb": f"ε<sup>1/{_p + 1}</sup> = {exponent(_eps ** (1 / (_p + 1)))}",
                "best h, theory": exponent(_theory[0]),
                "best h, measured": exponent(_found[0]),
                "error there, theory": exponent(_theory[1]),
                "error there, measured": exponent(_found[1]),
            }
        )
off_most = 10 ** max(_off)


def steepness(method, precision, first, last):
    """The slope of the curve on logarithmic axes, from the step 2**-first to the step 2**-last."""
    inside = slice(first, last + 1)
    return float(
        np.polyfit(np.log10(STEPS[inside]), np.log10(CURVES[precision][method][inside]), 1)[0]
    )


steep = {
    "forward": steepness("forward differences", "float64", 7, 19),
    "central": steepness("central differences", "float64", 4, 13),
    "rounding": steepness("central differences", "float64", 24, 43),
}
eps = {precision: float(np.finfo(dtype).eps) for precision, dtype in _PRECISIONS.items()}
complex_worst = {
    precision: float(CURVES[precision]["complex step"][30:].max()) for precision in _PRECISIONS
}
at_tiny_step = float(CURVES["float64"]["central differences"][57:].min())
assert all(
    abs(steep[name] - whole) < 0.02
    for name, whole in {"forward": 1, "central": 2, "rounding": -1}.items()
)
assert complex_worst == eps and at_tiny_step == 1 and off_most < 6
