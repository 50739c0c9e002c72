"""What central differences make of ReLU: a ramp where the slope jumps, as wide as the nudge
reaches.
"""

import numpy as np

from snippets import errata, matrix_form
from snippets.figures import BACKWARD, BACKWARD_SOFT, DASHES, FORWARD, INK, MUTED, canvas, number
from snippets.gradient_checking import central_difference

H = 2.0**-17  # close to 1e-5, and exact in binary
AT = -0.1  # in units of h: the number that is meant in the notes of CS231n, -1e-6, for h = 1e-5
_x = np.linspace(-3, 3, 601)
_found = central_difference(matrix_form.relu, H * _x, H)
found_at = float(central_difference(matrix_form.relu, np.array(H * AT), H))
true_at = errata.relu_slope_at(AT)

TITLE = "The slope of ReLU, and what nudging finds"
DESCRIPTION = (
    "Across, the input of a ReLU in units of the step h, from three steps below zero to three "
    "above. Upward, its slope. The true slope, a solid line, is 0 below zero and jumps to 1 "
    "above. Central differences, dashed, are the same further than one step away from zero; in "
    "between they climb in a straight line from 0 to 1, because one of the two nudges crosses the "
    f"kink. A tenth of a step below zero, where the slope is {true_at:.0f}, they find "
    f"{number(found_at)}."
)


def draw():
    figure, axes = canvas(3.2)
    axes.axvspan(-1, 1, ymax=0.72, color=BACKWARD_SOFT, lw=0)
    for low, high in ((-3, 0), (0, 3)):
        side = np.array([low, high])
        axes.plot(side, [errata.relu_slope_at(side.mean())] * 2, color=FORWARD, lw=2)
    axes.plot(_x, _found, color=BACKWARD, lw=2, ls=DASHES)
    axes.plot(AT, found_at, "o", color=BACKWARD, ms=6)
    axes.text(1.15, 0.45, f"found {number(found_at)},\ntrue {true_at:.0f}", color=INK, va="center")
    axes.annotate(
        "",
        (AT + 0.12, found_at),
        (1.1, 0.45),
        arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.8},
    )
    axes.text(-2.9, 0.17, "true slope", color=FORWARD, va="center")
    axes.text(-2.9, 0.8, "central\ndifferences", color=BACKWARD, va="center", linespacing=1.3)
    axes.text(
        0, 1.33, "a nudge crosses\nthe kink", ha="center", va="center", color=INK, linespacing=1.3
    )
    axes.set(
        xlim=(-3, 3),
        ylim=(-0.1, 1.52),
        yticks=[0, 0.5, 1],
        yticklabels=["0", "½", "1"],
        xticks=[-2, -1, 0, 1, 2],
        xticklabels=["−2h", "−h", "0", "h", "2h"],
        xlabel="input of the ReLU",
    )
    axes.set_title("Slope", loc="left", color=MUTED)
    return figure
