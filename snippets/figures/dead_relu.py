"""One ReLU unit that a step of gradient descent kills, and that a smaller step leaves alive."""

import numpy as np

from snippets.figures import BACKWARD, FORWARD, MUTED, PAPER, canvas
from snippets.tables._challenges import first, make_data, train

SEED, UNIT = 19, 2
LARGE, SMALLER = 0.1, 0.01
LATER = 500  # further steps, after which the dead unit is where it was
_X, _Y = make_data()
EXAMPLES = len(_X)


def _z(parameters):
    """What the unit receives for every example: its weights times the inputs, plus its bias."""
    return _X @ parameters[0][UNIT] + parameters[1][UNIT]


def _step(rate, steps=1):
    return train(_START, _X, _Y, "relu", rate, steps)[0]


_START = first([4, 8, 8, 1], "naive", SEED)
_PANELS = {
    "Before the step": _z(_START),
    f"After one step, learning rate {SMALLER}": _z(_step(SMALLER)),
    f"After one step, learning rate {LARGE}": _z(_step(LARGE)),
}
ALIVE, ALIVE_SMALLER, ALIVE_LARGE = (int((z > 0).sum()) for z in _PANELS.values())
assert ALIVE_LARGE == 0 < min(ALIVE, ALIVE_SMALLER)
# it gets no gradient, so it stays
assert np.array_equal(_z(_step(LARGE, 1 + LATER)), _z(_step(LARGE)))

TITLE = "One step too large, and a unit is dead"
DESCRIPTION = (
    f"Three times the same ReLU unit, with a dot for each of {EXAMPLES} examples. Before the step, "
    f"{ALIVE} examples are on the rising side and send a gradient back. After one step with a "
    f"learning rate of {SMALLER} these are still {ALIVE_SMALLER}. After one step with a learning "
    f"rate of {LARGE} every example is on the flat side, where the slope is 0: no gradient comes "
    f"back, and {LATER} steps later nothing has moved."
)


def draw():
    figure, panels = canvas(4.2, 3, 1, sharex=True, sharey=True)
    bend = np.array([-4.8, 0.0, 2.0])
    for axes, (title, z) in zip(panels, _PANELS.items()):
        axes.plot(bend, np.maximum(bend, 0), color=MUTED, lw=1, zorder=1)
        up = z > 0
        axes.plot(z[~up], np.maximum(z[~up], 0), "o", mfc=PAPER, mec=BACKWARD, ms=6)
        axes.plot(z[up], np.maximum(z[up], 0), "o", color=FORWARD, ms=6)
        axes.set_title(title, loc="left")
        count = f"{up.sum()} of {EXAMPLES} examples\nsend a gradient back"
        axes.text(
            -4.7, 1.2, count if up.any() else "dead: no example\nsends a gradient back", va="center"
        )
        axes.set(ylim=(-0.25, 2.1), yticks=[0, 1, 2], ylabel="a")
    panels[-1].set_xlabel("z of the unit, one dot for each example")
    return figure
