"""Softmax with cross-entropy: the gradient at each score is the prediction minus the target."""

import numpy as np

from snippets import losses
from snippets.figures import BACKWARD, FORWARD, INK, MUTED, SMALL, canvas, number

SCORES, TARGET = np.array([[1.0, 2.0, 0.5]]), np.array([[1.0, 0, 0]])
PREDICTION = losses.softmax(SCORES)
GRADIENT = losses.softmax_cross_entropy_gradient(SCORES, TARGET)
assert np.allclose(GRADIENT, PREDICTION - TARGET)

TITLE = "The gradient at each score: prediction minus target"
DESCRIPTION = (
    "Three panels of three bars, one for each class. The prediction ŷ: "
    f"{', '.join(number(p) for p in PREDICTION[0])}. The target y: 1 for the first class, which is "
    "the right one, and 0 for the others. Their difference, the gradient: "
    f"{', '.join(number(g, sign=True) for g in GRADIENT[0])}. The bar of the right class points "
    "down, to the negative side, so its score is pushed up. The others point up, so their scores "
    "are pushed down; an arrow says so at each. The three bars of the gradient add up to 0."
)


def draw():
    figure, panels = canvas(3.3, 1, 3, sharey=True)
    for axes, values, title, colour in zip(
        panels,
        (PREDICTION[0], TARGET[0], GRADIENT[0]),
        ("prediction ŷ", "target y", "ŷ − y"),
        (FORWARD, MUTED, BACKWARD),
    ):
        axes.bar(range(3), values, 0.62, color=colour)
        for i, value in enumerate(values):
            text = number(value, 0 if axes is panels[1] else 2, sign=axes is panels[2])
            up = value >= 0
            axes.text(
                i, value + (0.03 if up else -0.03), text, ha="center", va="bottom" if up else "top"
            )
        axes.axhline(0, color=INK, lw=1)
        axes.set_title(title, color=colour, weight="bold")
        axes.set(xticks=range(3), xticklabels=("1", "2", "3"), yticks=(), ylim=(-1.05, 1.2))
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.tick_params(length=0)
    for i, value in enumerate(GRADIENT[0]):  # on the free side of the line
        push, y = ("↑", 0.13) if value < 0 else ("↓", -0.13)
        panels[2].text(i, y, f"z{i + 1} {push}", ha="center", va="center", weight="bold")
    figure.supxlabel("class (1 is the right one)", size=SMALL, color=MUTED)
    return figure
