"""The way of gradient descent, momentum and Adam down one narrow valley."""

import numpy as np

from snippets.figures import FORWARD, INK, MUTED, THIRD, canvas
from snippets.tables._optimisers import KINDS, START, STEEP, VALLEY_RATES, walk

STEPS = 40
_paths = {name: walk(kind(VALLEY_RATES[name]), STEPS) for name, kind in KINDS.items()}
left = {name: float(heights[-1]) for name, (_, heights) in _paths.items()}

TITLE = "Three ways down one narrow valley, in forty steps each"
DESCRIPTION = (
    f"Three maps, one below the other, of a valley that is {STEEP:.0f} times as curved across as "
    "along: its contours are long, flat ellipses around the lowest point on the right. Each shows "
    f"{STEPS} steps from the same start at the upper left, with the best learning rate of the "
    "optimiser. Gradient descent zigzags across the valley, then creeps along its floor, and "
    f"stops short of the goal, with {left['Gradient descent']:.0%} of the loss left. Momentum "
    f"zigzags too, but gathers speed, overshoots the goal and turns round; {left['Momentum']:.1%} "
    "is left. Adam starts with equal steps in both directions and takes a wide curve; "
    f"{left['Adam']:.1%} is left."
)


def draw():
    figure, panels = canvas(4.9, 3, 1, sharex=True)
    x, y = np.meshgrid(np.linspace(-4.6, 2.0, 50), np.linspace(-0.62, 0.62, 40))
    for axes, (name, (points, _)), colour in zip(panels, _paths.items(), (INK, FORWARD, THIRD)):
        axes.contour(
            x,
            y,
            (x**2 + STEEP * y**2) / 2,
            levels=[0.5, 2, 4.5, 8, 12.5],
            colors=MUTED,
            linewidths=0.5,
        )
        axes.plot(*points.T, "o-", color=colour, lw=1.2, ms=2.6)
        axes.plot(*START, "o", color=colour, ms=6)
        axes.plot(0, 0, "+", color=INK, ms=11, mew=1.6)
        axes.set(
            xlim=(-4.6, 2.0),
            ylim=(-0.62, 0.62),
            xticks=(-4, -2, 0, 2),
            xticklabels=("−4", "−2", "0", "2"),
            yticks=(-0.5, 0, 0.5),
            yticklabels=("−0.5", "0", "0.5"),
            ylabel="weight 2",
            aspect="equal",
        )
        axes.set_title(f"{name}: {left[name]:.1%} left", loc="left", color=colour, weight="bold")
    axes.set_xlabel("weight 1 (+: the lowest point)")
    return figure
