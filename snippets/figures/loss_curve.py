"""The loss of the worked example against one of its weights, with the tangent at its value."""

import numpy as np

from snippets import worked_example as example
from snippets.figures import BACKWARD, DASHES, FORWARD, INK, SMALL, canvas, number

W2 = np.linspace(-1.5, 3, 181)
LOSS = np.array([example.forward_example(example.W1, example.b1, w, example.b2)[-1] for w in W2])
AT, AT_LOSS, SLOPE = example.W2, example.loss, example.dL_dW2

TITLE = "The loss against one weight, and its slope where we are"
DESCRIPTION = (
    "A curve: the loss of a small network against one of its weights, w, all else held still. From "
    f"left to right the loss falls from {number(LOSS[0])} to {number(LOSS[-1])}, at first steeply, "
    f"then hardly any more. A dot marks where we are, at w = {AT}, with a loss of "
    f"{number(AT_LOSS, 3)}. A dashed line, the tangent, touches the curve there. It falls with a "
    f"slope of {number(SLOPE, 3)}: the gradient with respect to this weight. A larger weight makes "
    "the loss smaller."
)


def draw():
    figure, axes = canvas(3.4)
    axes.plot(W2, LOSS, color=FORWARD, lw=2.2)
    ends = np.array([AT - 1.5, AT + 0.75])
    axes.plot(ends, AT_LOSS + SLOPE * (ends - AT), color=BACKWARD, ls=DASHES, lw=2.2)
    axes.plot(AT, AT_LOSS, "o", color=INK, ms=8)
    axes.text(-0.7, 0.47, "loss", color=FORWARD, weight="bold")
    axes.text(AT + 0.12, AT_LOSS + 0.05, "we are here", va="center")
    axes.text(
        -1.45,
        0.06,
        f"tangent: it falls,\nslope {number(SLOPE, 3)}",
        color=BACKWARD,
        weight="bold",
        va="center",
        linespacing=1.3,
    )
    axes.annotate(
        "", (AT + 0.9, 0.33), (AT, 0.33), arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.6}
    )
    axes.text(AT, 0.36, "a larger w:\na smaller loss", size=SMALL, linespacing=1.3)
    axes.set(
        xlim=(-1.5, 3),
        ylim=(0, 0.65),
        xticks=(-1, 0, AT, 2, 3),
        xticklabels=("−1", "0", f"w = {AT}", "2", "3"),
        yticks=(0, 0.2, 0.4, 0.6),
        xlabel="one weight, all else held still",
    )
    return figure
