"""Each activation beside its slope, all slopes on one scale."""

import numpy as np

from snippets import activations
from snippets.figures import BACKWARD, DASHES, FORWARD, GRID, PAPER, canvas, number

z = np.linspace(-5, 5, 1001)  # 0 is among them
_sigmoid, _tanh = activations.sigmoid(z), activations.tanh(z)
OUTPUTS = {"ReLU": activations.relu(z), "sigmoid": _sigmoid, "tanh": _tanh}
SLOPES = {
    "ReLU": activations.relu_derivative(z),
    "sigmoid": activations.sigmoid_derivative(_sigmoid),
    "tanh": activations.tanh_derivative(_tanh),
}
PEAKS = {name: float(slope.max()) for name, slope in SLOPES.items()}

TITLE = "Three activations and their slopes"
DESCRIPTION = (
    "Three rows of two panels: on the left what an activation puts out, on the right its slope, "
    "which multiplies the gradient on the way back; all slopes share one scale. ReLU: slope 0 up "
    f"to z = 0, then {PEAKS['ReLU']:.0f}. Sigmoid: never steeper than {number(PEAKS['sigmoid'])}, "
    f"at z = 0, and flat on both sides. Tanh: up to {PEAKS['tanh']:.0f}, and flat on both sides "
    "too."
)


def draw():
    figure, rows = canvas(5.6, 3, 2, sharex=True)
    figure.get_layout_engine().set(h_pad=0.07)
    for (left, right), name in zip(rows, OUTPUTS):
        parts = [z <= 0, z > 0] if name == "ReLU" else [slice(None)]  # its slope jumps
        for axes, values, colour, dashes in (
            (left, OUTPUTS[name], FORWARD, "-"),
            (right, SLOPES[name], BACKWARD, DASHES),
        ):
            axes.axhline(0, color=GRID, lw=0.8)
            for part in parts:
                axes.plot(z[part], values[part], color=colour, lw=2, ls=dashes)
        left.set_title(name, loc="left", weight="bold", color=FORWARD)
        title = "0 or 1" if name == "ReLU" else f"at most {PEAKS[name]:.2g}"
        right.set_title(f"slope: {title}", loc="left", color=BACKWARD)
        left.margins(y=0.1)
        right.set(ylim=(-0.12, 1.16), yticks=(0, 0.5, 1), yticklabels=("0", "0.5", "1"))
        if name != "ReLU":
            right.plot(z[SLOPES[name].argmax()], PEAKS[name], "o", color=BACKWARD, ms=6)
    jump = rows[0, 1]
    jump.plot(0, SLOPES["ReLU"][z == 0], "o", color=BACKWARD, ms=6)  # at 0 it is 0
    jump.plot(0, PEAKS["ReLU"], "o", mfc=PAPER, mec=BACKWARD, mew=1.4, ms=6)
    for axes, unit in zip(rows[:, 0], ((0, 2, 4), (0, 1), (-1, 0, 1))):
        axes.set(yticks=unit, yticklabels=[number(tick, 0) for tick in unit])
    for axes in rows[-1]:
        axes.set(xticks=(-5, 0, 5), xticklabels=("−5", "0", "5"), xlabel="z")
    return figure
