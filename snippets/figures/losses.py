"""The gradient at the sum z of a sigmoid output, with the squared error and with cross-entropy."""

import numpy as np

from snippets import losses
from snippets.figures import BACKWARD, DASHES, FORWARD, GRID, MUTED, THIRD, canvas, number

z = np.linspace(-8, 4, 241)  # the target is 1
WRONG = -6.0  # a confident no

y_hat = losses.sigmoid(z)
BY_SUM = {
    "squared error": np.array(
        [losses.mse_gradient(np.array([p]), np.ones(1)).item() * p * (1 - p) for p in y_hat]
    ),
    "cross-entropy": np.array(
        [losses.sigmoid_cross_entropy_gradient(np.array([s]), np.ones(1)).item() for s in z]
    ),
}
mse_wrong, cross_entropy_wrong = (
    float(np.interp(WRONG, z, gradient)) for gradient in BY_SUM.values()
)

TITLE = "Confident and wrong: cross-entropy pushes, the squared error gives up"
DESCRIPTION = (
    "Two panels over the sum z of a sigmoid output, whose target is 1; on the left the network is "
    "sure of the wrong answer, on the right of the right one. Above, the prediction ŷ rises from "
    "0 to 1. Below, the gradient of the loss at z. With cross-entropy it is ŷ − y, close to "
    f"{number(cross_entropy_wrong, 0)} on the left and close to 0 on the right: at z = "
    f"{number(WRONG, 0)} it is {number(cross_entropy_wrong, 3)}. With the squared error it is "
    f"close to 0 on both sides, {number(mse_wrong, 3)} at z = {number(WRONG, 0)}, and pushes only "
    "in between."
)


def draw():
    figure, (above, below) = canvas(4.6, 2, 1, sharex=True, height_ratios=(1, 2))
    for axes in (above, below):
        axes.axhline(0, color=GRID, lw=1)
        axes.axvline(WRONG, color=MUTED, lw=1, ls=(0, (1, 2)))
    above.plot(z, y_hat, color=FORWARD, lw=2)
    above.axhline(1, color=GRID, lw=1)
    above.set_title("prediction ŷ (1 is right)", loc="left", color=FORWARD, weight="bold")
    above.text(WRONG + 0.3, 0.45, "“surely not”:\nsure, and wrong", va="center")
    above.text(2, 0.45, "“surely”", va="center")
    below.set_title("gradient at z", loc="left", color=BACKWARD, weight="bold")
    styles = (THIRD, (0, (1, 1)), -0.42), (BACKWARD, DASHES, -0.66)
    for (name, gradient), (colour, dashes, y) in zip(BY_SUM.items(), styles):
        at = float(np.interp(WRONG, z, gradient))
        below.plot(z, gradient, color=colour, lw=2.2, ls=dashes)
        below.plot(WRONG, at, "o", color=colour, ms=7)
        text = f"{name}:\n{number(at, 3)}"
        below.text(WRONG + 0.3, y, text, color=colour, va="center", weight="bold")
    above.set(yticks=(0, 1), ylim=(-0.1, 1.1))
    below.set(
        xlim=(-8, 4),
        ylim=(-1.12, 0.12),
        xticks=(-8, WRONG, -4, -2, 0, 2, 4),
        yticks=(-1, -0.5, 0),
        yticklabels=("−1", "−0.5", "0"),
    )
    below.set_xticklabels([number(tick, 0) for tick in below.get_xticks()])
    below.set_xlabel("sum z")
    return figure
