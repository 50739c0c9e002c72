"""How much of the gradient is left at each of eight layers, with sigmoids alone and with each of
three remedies.
"""

import numpy as np

from snippets.figures import (
    BACKWARD,
    BACKWARD_SOFT,
    DASHES,
    FORWARD,
    GRID,
    INK,
    MUTED,
    SMALL,
    THIRD,
    canvas,
)
from snippets.tables._challenges import first, make_data, passes

DEPTH, WIDTH, NETWORKS = 8, 16, 10
_X, _Y = make_data()


def _left(activation, scheme, norm=False, residual=False):
    """|dL_dA| at each hidden layer over that at the last one: quartiles over the networks, (3,
    DEPTH).
    """
    ratios = []
    for seed in range(NETWORKS):
        parameters = first([4, *[WIDTH] * DEPTH, 1], scheme, seed, norm)
        _, _, dL_dA, _ = passes(parameters, _X, _Y, activation, residual)
        norms = np.array([np.linalg.norm(d) for d in dL_dA[1 : DEPTH + 1]])
        ratios.append(norms / norms[-1])
    return np.percentile(ratios, [25, 50, 75], axis=0)


_SIGMOID = _left("sigmoid", "glorot")
_REMEDIES = {
    "batch normalisation": _left("sigmoid", "glorot", norm=True),
    "skip connections": _left("sigmoid", "glorot", residual=True),
    "ReLU, He weights": _left("relu", "he"),
}
SIGMOID_LEFT = float(_SIGMOID[1, 0])
_digits, _power = f"{SIGMOID_LEFT:.1e}".split("e")
LEFT = f"{_digits} × 10{str(int(_power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
REMEDIES_LEFT = {name: float(quartiles[1, 0]) for name, quartiles in _REMEDIES.items()}

TITLE = "The gradient on its way back through eight layers"
DESCRIPTION = (
    f"On a logarithmic scale, the gradient that arrives at each of {DEPTH} hidden layers, as a "
    f"share of the gradient at the last one; median and quartiles of {NETWORKS} networks. With "
    "sigmoids alone it falls in a straight line, by the same factor at every layer, and "
    f"{LEFT} of it arrives at layer 1. With a remedy the line stays close to 1; at layer 1 it "
    "is at " + ", ".join(f"{left:.1f} ({name})" for name, left in REMEDIES_LEFT.items()) + "."
)


LINES = {"sigmoid alone": _SIGMOID, **_REMEDIES}
# Where the name of each line stands, and the layer at which a stroke leads from it to the line.
PLACES = (None, (4.3, 4e-4)), (2, (1, 6.5)), (6, (4.9, 4)), (2, (1, 0.25))


def draw():
    figure, axes = canvas(4.3)
    layers = np.arange(1, DEPTH + 1)
    axes.axhline(1, color=GRID, lw=1)
    styles = [(BACKWARD, DASHES), (FORWARD, "-"), (INK, (0, (1, 1))), (THIRD, "-.")]
    for (name, quartiles), (colour, dashes), (layer, place) in zip(LINES.items(), styles, PLACES):
        low, median, high = quartiles
        axes.plot(layers, median, color=colour, ls=dashes, lw=2)
        if name == "sigmoid alone":
            axes.fill_between(layers, low, high, color=BACKWARD_SOFT, lw=0)
            name = f"{name}:\n{LEFT} is left"
        axes.text(*place, name, color=colour, weight="bold", va="center")
        if layer:
            start, end = place[1] * (0.65 if place[1] > 1 else 1.6), median[layer - 1]
            axes.plot((place[0] + 0.4, layer), (start, end), color=colour, lw=1)
    axes.plot(1, SIGMOID_LEFT, "o", color=BACKWARD, ms=6)
    axes.set(
        yscale="log",
        xlim=(0.7, 8.3),
        ylim=(1e-5, 15),
        xticks=layers,
        yticks=[10.0**-i for i in range(6)],
        yticklabels=["1", "1/10", "1/100", "1/1000", "1/10\u202f000", ""],
        xlabel="hidden layer  (← the way of the backward pass)",
    )
    axes.minorticks_off()
    axes.set_title("gradient, as a share of that at layer 8", loc="left", color=MUTED, size=SMALL)
    return figure
