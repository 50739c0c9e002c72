"""The loss of three optimisers on the handwritten digits, step by step, over several seeds."""

import numpy as np

from snippets.figures import FORWARD, FORWARD_SOFT, GRID, INK, THIRD, canvas
from snippets.tables._optimisers import BATCH, DIGIT_RATES, KINDS, STEPS, loss, train

NETWORKS, EVERY = 10, 10
_shown = range(0, STEPS + 1, EVERY)
_losses = {
    name: np.array(
        [
            [loss(parameters) for parameters in train(kind(DIGIT_RATES[name]), seed)[::EVERY]]
            for seed in range(NETWORKS)
        ]
    )
    for name, kind in KINDS.items()
}  # (NETWORKS, steps shown)
_bands = {name: np.percentile(losses, [25, 50, 75], axis=0) for name, losses in _losses.items()}
ends = {name: float(median[-1]) for name, (_, median, _) in _bands.items()}

TITLE = "The loss on the digits, each optimiser with its best learning rate"
DESCRIPTION = (
    f"The loss over the training digits against the number of steps, from 0 to {STEPS}, each with "
    f"{BATCH} digits; median and quartiles of {NETWORKS} networks, on a logarithmic scale. All "
    "three curves fall, steeply at first. Gradient descent stays above the others: at the last "
    f"step it is at {ends['Gradient descent']:.2f}, momentum at {ends['Momentum']:.2f} and Adam at "
    f"{ends['Adam']:.2f}. The bands of momentum and Adam overlap."
)


def draw():
    figure, axes = canvas(3.4)
    styles = {
        "Gradient descent": (INK, GRID, "-"),
        "Momentum": (FORWARD, FORWARD_SOFT, (0, (5, 1.5))),
        "Adam": (THIRD, GRID, (0, (1.5, 1.2))),
    }
    for name, (colour, soft, dashes) in styles.items():
        low, median, high = _bands[name]
        axes.fill_between(_shown, low, high, color=soft, lw=0, alpha=0.6)
        axes.plot(
            _shown,
            median,
            color=colour,
            lw=2,
            ls=dashes,
            label=f"{name}: ends at {ends[name]:.2f}",
        )
    axes.legend(loc="upper right", labelcolor="linecolor")
    axes.set(
        yscale="log",
        xlim=(0, STEPS),
        ylim=(0.11, 3),
        yticks=[0.2, 0.5, 1, 2],
        yticklabels=["0.2", "0.5", "1", "2"],
        xlabel="steps",
    )
    axes.minorticks_off()
    axes.set_title("Loss over the training digits", loc="left", color=INK)
    return figure
