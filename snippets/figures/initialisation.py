"""The size of values and gradients through fifty layers for three spreads of the first weights, and
for tanh.
"""

import numpy as np

from snippets.figures import (
    BACKWARD,
    BACKWARD_SOFT,
    DASHES,
    FORWARD,
    FORWARD_SOFT,
    GRID,
    INK,
    SMALL,
    canvas,
)
from snippets.tables._initialisation import DEPTH, NETWORKS, WIDTH, measured, theory

CASES = {
    "ReLU, He": ("relu", "he"),
    "ReLU, Glorot": ("relu", "glorot"),
    "ReLU, naive": ("relu", "naive"),
    "tanh, Glorot": ("tanh", "glorot"),
}
# layer and height
LABELS = {
    "ReLU, naive": (6, 1e3),
    "ReLU, He": (37, 15),
    "tanh, Glorot": (37, 0.008),
    "ReLU, Glorot": (19, 1e-6),
}
LOW, HIGH = 1e-9, 1e4  # of the drawing
_bands = {
    case: [np.percentile(sizes, [25, 50, 75], axis=0) for sizes in found]
    for case, found in measured(CASES.values()).items()
}
ends = {name: float(_bands[case][0][1, -1]) for name, case in CASES.items()}
starts = {name: float(_bands[case][1][1, 0]) for name, case in CASES.items()}

TITLE = "The size of values and gradients through fifty layers"
DESCRIPTION = (
    f"Two panels, on logarithmic scales, against the layer from 0 to {DEPTH}: above the typical "
    f"size of the values, below that of the gradients; median and quartiles of {NETWORKS} networks "
    f"of {WIDTH} units a layer, each with circles on it that are theory. Values, from left to "
    f"right: with ReLU and He weights they stay near 1, at {ends['ReLU, He']:.1f} after the last "
    "layer. With Glorot weights they fall in a straight line below a ten millionth. With naive "
    "weights, of standard deviation 1, they leave the drawing after five layers. With tanh and "
    f"Glorot weights they fall slowly, to {ends['tanh, Glorot']:.2f}. The gradients, from right to "
    f"left, do the same: at the input they are at {starts['ReLU, He']:.1f} with He weights, and at "
    f"{starts['tanh, Glorot']:.2f} with tanh and Glorot."
)


def draw():
    figure, panels = canvas(5.6, 2, 1, sharex=True)
    for k, (axes, colour, soft, style, name) in enumerate(
        zip(
            panels,
            (FORWARD, BACKWARD),
            (FORWARD_SOFT, BACKWARD_SOFT),
            ("-", DASHES),
            ("Values, forward →", "Gradients, ← backward"),
        )
    ):
        axes.axhline(1, color=GRID, lw=1)
        for case in CASES.values():
            _sizes(axes, _bands[case][k], theory(case)[k], colour, soft, style)
        axes.set(
            yscale="log",
            xlim=(-0.6, DEPTH + 0.6),
            ylim=(LOW, HIGH),
            yticks=[1e-8, 1e-6, 1e-4, 0.01, 1, 100, HIGH],
            yticklabels=["10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1", "100", "10⁴"],
        )
        axes.minorticks_off()
        axes.set_title(name, loc="left", color=colour, weight="bold")
        for case, (layer, height) in LABELS.items():
            axes.text(
                DEPTH - layer if k else layer,
                height,
                case,
                ha="right" if k else "left",
                va="center",
                fontsize=SMALL,
            )
    panels[1].set(xlabel="layer", xticks=range(0, DEPTH + 1, 10))
    figure.supxlabel("lines: measured · circles: what theory predicts", size=SMALL)
    return figure


def _sizes(axes, quartiles, expected, colour, soft, style):
    layers = np.arange(DEPTH + 1)
    inside = (expected > LOW) & (expected < HIGH * 100)
    low, median, high = (values[inside] for values in quartiles)
    axes.fill_between(layers[inside], low, high, color=soft, lw=0)
    axes.plot(layers[inside], median, color=colour, ls=style, lw=1.8)
    marked = inside & (expected < HIGH) & (layers % 5 == 0)
    axes.plot(layers[marked], expected[marked], "o", color=INK, mfc="none", ms=4.5, mew=1)
