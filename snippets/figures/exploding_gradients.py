"""When does the gradient of a chain of neurons explode? The weight alone does not say: the slope
counts as well.
"""

import numpy as np

from snippets import challenges
from snippets.figures import BACKWARD, DASHES, FORWARD, INK, MUTED, THIRD, canvas
from snippets.tables._challenges import ACTIVATIONS, chain

CHAIN = 10
X = 0.5
_weights = np.linspace(0.25, 8, 63)  # steps of 1/8


def _gradient(activation, w, b):
    """|dy/dx| of CHAIN neurons in a row, each with the weight w and the bias b, by the backward
    pass.
    """
    parameters = chain(w, b, CHAIN)
    _, caches = challenges.deep_forward(np.array([[X]]), parameters, ACTIVATIONS[activation])
    _, dL_dA = challenges.deep_backward(np.ones((1, 1)), parameters, caches)
    return abs(dL_dA[0].item())


_LINEAR = np.array([_gradient("linear", w, 0.0) for w in _weights])
# z = w X + b = 0, where the slope is 1/4
_STEEPEST = np.array([_gradient("sigmoid", w, -w / 2) for w in _weights])
_UNBIASED = np.array([_gradient("sigmoid", w, 0.0) for w in _weights])
LINEAR_FROM = float(np.interp(0.0, np.log(_LINEAR), _weights))
STEEPEST_FROM = float(np.interp(0.0, np.log(_STEEPEST), _weights))
UNBIASED_MOST = float(_UNBIASED.max())
UNBIASED_MOST_AT = float(_weights[_UNBIASED.argmax()])
assert abs(LINEAR_FROM - 1) < 1e-9 and abs(STEEPEST_FROM - 4) < 1e-9 and UNBIASED_MOST < 1e-5

TITLE = "Weights above 1 do not decide whether a gradient explodes"
DESCRIPTION = (
    f"The gradient that is left after {CHAIN} neurons in a row, all with the same weight, on a "
    "logarithmic scale over this weight. Without an activation it grows above 1 from a weight of "
    f"{LINEAR_FROM:.0f}. With sigmoids at their steepest point it does so only from a weight of "
    f"{STEEPEST_FROM:.0f}. With sigmoids without a bias it explodes nowhere: the most that is left "
    f"is {UNBIASED_MOST * 1e6:.0f} millionths, at a weight of {UNBIASED_MOST_AT:.1f}."
)


def draw():
    figure, axes = canvas(3.5)
    axes.axhline(1, color=INK, lw=0.8)
    for values, colour, style in (
        (_LINEAR, FORWARD, "-"),
        (_STEEPEST, BACKWARD, DASHES),
        (_UNBIASED, THIRD, "-."),
    ):
        axes.plot(_weights, values, color=colour, ls=style, lw=2)
    for start, colour in ((LINEAR_FROM, FORWARD), (STEEPEST_FROM, BACKWARD)):
        axes.plot(start, 1, "o", color=colour, ms=7)
    axes.text(
        2.8,
        1.2e3,
        f"no activation:\nexplodes from w = {LINEAR_FROM:.0f}",
        color=FORWARD,
        va="center",
    )
    steepest = f"sigmoid at its steepest:\nexplodes from w = {STEEPEST_FROM:.0f}"
    axes.text(4.25, 3e-3, steepest, color=BACKWARD, va="center")
    axes.text(4.25, 1e-9, "sigmoid without a bias:\nvanishes for every w", color=THIRD, va="center")
    axes.set(
        yscale="log",
        xlim=(0, 8),
        ylim=(1e-12, 1e8),
        xticks=range(9),
        xlabel="weight w of every neuron",
        yticks=[1e-12, 1e-8, 1e-4, 1, 1e4, 1e8],
        yticklabels=["10⁻¹²", "10⁻⁸", "10⁻⁴", "1", "10⁴", "10⁸"],
    )
    axes.minorticks_off()
    axes.set_title(
        f"Gradient left after {CHAIN} neurons: above 1 it explodes", loc="left", color=MUTED
    )
    return figure
