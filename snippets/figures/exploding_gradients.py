"""Ten units in a row: below 1 the factor of a unit makes the gradient vanish, above 1 explode."""

import numpy as np

from snippets import challenges
from snippets.figures import BACKWARD, BACKWARD_SOFT, INK, MUTED, SMALL, canvas, number
from snippets.tables._challenges import ACTIVATIONS, chain

UNITS, X = 10, 0.5
WEIGHTS = 2.0, 4.0, 6.0


def _gradients(w):
    """|dy/da| at the output and at each of UNITS sigmoids before it, the backward pass of a chain
    with all weights `w`, and biases that hold each unit where it is steepest.
    """
    parameters = chain(w, -w / 2, UNITS)
    _, caches = challenges.deep_forward(np.array([[X]]), parameters, ACTIVATIONS["sigmoid"])
    _, dL_dA = challenges.deep_backward(np.ones((1, 1)), parameters, caches)
    return [abs(gradient.item()) for gradient in dL_dA[-2::-1]]


SLOPE = 0.25  # of the sigmoid where it is steepest
FACTORS = [w * SLOPE for w in WEIGHTS]
GRADIENTS = [_gradients(w) for w in WEIGHTS]
for _factor, _gradient in zip(FACTORS, GRADIENTS):
    assert np.allclose(_gradient, _factor ** np.arange(len(_gradient)))

TITLE = "One factor per unit, ten units: it vanishes, stays or explodes"
DESCRIPTION = (
    f"Three rows of bars, the gradient on its way back through {UNITS} units in a row. It starts "
    "at 1 on the left, and each unit multiplies it by its weight and its slope, "
    f"{SLOPE}. "
    + " ".join(
        f"With a weight of {w:.0f} the factor is {number(factor, 1)}, and {gradient[-1]:.2g} is "
        "left at the end."
        for w, factor, gradient in zip(WEIGHTS, FACTORS, GRADIENTS)
    )
)


def draw():
    figure, rows = canvas(5.4, 3, 1, sharex=True)
    words = "it vanishes", "it stays", "it explodes"
    for axes, w, factor, gradient, word in zip(rows, WEIGHTS, FACTORS, GRADIENTS, words):
        steps = range(len(gradient))
        axes.bar(steps, gradient, 0.7, fc=BACKWARD_SOFT, ec=BACKWARD)
        top = max(gradient)
        for step in (0, len(gradient) - 1):
            text, y = f"{gradient[step]:.2g}", gradient[step] + 0.06 * top
            axes.text(step, y, text, ha="center", weight="bold")
        axes.set_title(
            f"{w:.0f} × {SLOPE} = {number(factor, 1)}", loc="left", color=INK, weight="bold"
        )
        axes.set_title(word, loc="right", color=BACKWARD, weight="bold")
        axes.set(ylim=(0, 1.3 * top), yticks=(), xticks=steps)
        axes.spines["left"].set_visible(False)
        axes.tick_params(length=0)
    rows[-1].set_xlabel("units passed on the way back →")
    figure.supylabel("gradient (each row in its own scale)", size=SMALL, color=MUTED)
    figure.suptitle("weight × slope = factor of each unit", size=SMALL, color=MUTED)
    return figure
