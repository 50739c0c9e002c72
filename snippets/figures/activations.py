"""Each activation next to its slope, all slopes on one scale."""

import numpy as np

from snippets import activations
from snippets.figures import (
    BACKWARD,
    DASHES,
    FORWARD,
    GRID,
    INK,
    MUTED,
    PAPER,
    SMALL,
    canvas,
    number,
)

z = np.linspace(-5, 5, 1001)  # 0 is among them
FIXED = 1.0, 0.0  # the scores of the other two classes while the first one varies


def _softmax(first):
    """Softmax of `(first, *FIXED)` for every entry of `first`: (points, 3)."""
    return activations.softmax(
        np.column_stack([first, *(np.full_like(first, score) for score in FIXED)])
    )


_sigmoid, _tanh, _probabilities = activations.sigmoid(z), activations.tanh(z), _softmax(z)
# by the first score
_jacobians = np.array([activations.softmax_jacobian(a)[:, 0] for a in _probabilities])

# Each curve: name, values. The first of a list is the one that the panel is about.
OUTPUTS = {
    "ReLU": {"a": activations.relu(z)},
    "sigmoid": {"a": _sigmoid},
    "tanh": {"a": _tanh},
    "softmax": {f"a{i + 1}": _probabilities[:, i] for i in range(3)},
}
SLOPES = {
    "ReLU": {"a": activations.relu_derivative(z)},
    "sigmoid": {"a": activations.sigmoid_derivative(_sigmoid)},
    "tanh": {"a": activations.tanh_derivative(_tanh)},
    "softmax": dict(zip(OUTPUTS["softmax"], _jacobians.T)),
}
PEAKS = {name: float(next(iter(curves.values())).max()) for name, curves in SLOPES.items()}
PEAK_AT = {name: float(z[next(iter(curves.values())).argmax()]) for name, curves in SLOPES.items()}

TITLE = "Four activations and their slopes"
DESCRIPTION = (
    "Four rows of two panels: on the left what an activation puts out, on the right its slope, "
    "which multiplies the gradient on the way back; all slopes share one scale. ReLU: slope 0 up "
    f"to z = 0, then {PEAKS['ReLU']:.0f}. Sigmoid: never steeper than {number(PEAKS['sigmoid'])}, "
    f"at z = {PEAK_AT['sigmoid']:.0f}, and flat on both sides. Tanh: up to {PEAKS['tanh']:.0f}, "
    "and flat on both sides too. Softmax of three scores, of which the first varies and the "
    f"others stay at {FIXED[0]:.0f} and {FIXED[1]:.0f}: the first output rises with a slope of at "
    f"most {number(PEAKS['softmax'])}, and the others fall, so that their slopes are negative."
)


def draw():
    figure, grid = canvas(7.0, 4, 2, sharex=True)
    figure.get_layout_engine().set(h_pad=0.07)
    formulas = ("max(0, z)", "1 / (1 + exp(−z))", "", f"z2 = {FIXED[0]:.0f}, z3 = {FIXED[1]:.0f}")
    for (left, right), name, formula in zip(grid, OUTPUTS, formulas):
        _curves(left, name, OUTPUTS, FORWARD)
        _curves(right, name, SLOPES, BACKWARD, ls=DASHES)
        left.set_title(name, loc="left", fontsize=10, weight="bold", color=FORWARD)
        left.set_title(formula, loc="right", fontsize=SMALL, color=MUTED)
        left.margins(y=0.1)
        right.set(ylim=(-0.36, 1.16), yticks=(0, 0.5, 1), yticklabels=("0", "0.5", "1"))
    _slope_labels([right for _, right in grid])
    _softmax_labels(*grid[-1])
    for axes, unit in zip(grid[1:, 0], ((0, 1), (-1, 0, 1), (0, 1))):
        axes.set(yticks=unit, yticklabels=[number(tick, 0) for tick in unit])
    for axes in grid[-1]:
        axes.set(xticks=(-5, 0, 5), xticklabels=("−5", "0", "5"), xlabel="z (softmax: z1)")
    return figure


def _curves(axes, name, panels, colour, **options):
    axes.axhline(0, color=GRID, lw=0.8)
    for i, (label, values) in enumerate(panels[name].items()):
        parts = [z <= 0, z > 0] if name == "ReLU" else [slice(None)]
        for part in parts:
            axes.plot(
                z[part],
                values[part],
                color=colour,
                lw=1.2 if i else 2.0,
                label=f"{name} {label}",
                **options,
            )


def _ends(axes):
    """The jump of ReLU's slope: at 0 it is 0."""
    at_0 = float(activations.relu_derivative(np.array(0.0)))
    axes.plot(0, at_0, "o", color=BACKWARD, ms=6)
    axes.plot(0, PEAKS["ReLU"] - at_0, "o", mfc=PAPER, mec=BACKWARD, mew=1.4, ms=6)


def _slope_labels(panels):
    titles = ("slope 0 or {}", "slope ≤ {}", "slope ≤ {}", "slope of a1 ≤ {}")
    for axes, name, title in zip(panels, PEAKS, titles):
        peak = f"{PEAKS[name]:.2g}"
        axes.set_title(title.format(peak), loc="left", fontsize=10, color=BACKWARD)
        if name != "ReLU":
            axes.plot(PEAK_AT[name], PEAKS[name], "o", color=BACKWARD, ms=6)
            across, up, va = (9, 0, "center") if PEAKS[name] > 0.9 else (0, 7, "bottom")
            axes.annotate(
                peak,
                (PEAK_AT[name], PEAKS[name]),
                (across, up),
                textcoords="offset points",
                ha="left" if across else "center",
                va=va,
                color=INK,
            )
    _ends(panels[0])


def _softmax_labels(left, right):
    for i, (x, dy) in enumerate(((3.0, 9), (-4.6, 7), (-4.6, 7))):
        name = f"a{i + 1}"
        left.annotate(
            name,
            (x, np.interp(x, z, OUTPUTS["softmax"][name])),
            (0 if i else -12, dy),
            textcoords="offset points",
            ha="center",
            va="center",
            color=FORWARD,
            fontsize=SMALL,
        )
    names = {"a1": (3.9, 0.24), "a2, a3": (-2.6, -0.2)}
    for name, (x, y) in names.items():
        right.text(x, y, name, ha="center", va="center", color=BACKWARD, fontsize=SMALL)
