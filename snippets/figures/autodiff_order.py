"""One node used twice: handed on in topological order, and as soon as something arrives."""

import math

from matplotlib.patches import Circle

from snippets.autodiff import gradients_of, topological_order
from snippets.figures import BACKWARD, BACKWARD_SOFT, MUTED, PAPER, SMALL, arrow, bare, write
from snippets.tables import n
from snippets.tables.autodiff import a, all_so_far, b, c, d, e

NAMES = {a: "a", b: "b", c: "c", d: "d", e: "e"}
_slope = b.inputs[0][1]


def _watched(walk, dL_d):
    """The numbers of each node's visits, and what `b` held at each of its own."""
    turns, held = {node: [] for node in NAMES}, []
    for turn, node in enumerate(walk, 1):
        turns[node].append(turn)
        held += [dL_d[node]] * (node is b)
    return turns, held, dL_d


_at_once = {e: 1.0}
RIGHT = _watched(reversed(topological_order(e)), gradients_of(e))
WRONG = _watched(all_so_far(e, _at_once), _at_once)
shares = {
    "right": [held * _slope for held in RIGHT[1]],
    "wrong": [held * _slope for held in WRONG[1]],
}

TITLE = "Why the order matters: one node that is used twice"
DESCRIPTION = (
    "The same graph twice: a, doubled, is b; b is used twice, in c and in d; e is their sum. "
    "Numbers tell the order in which nodes hand on their gradient, upward from e. On the left, in "
    f"topological order, b waits for both c and d, holds {n(RIGHT[1][0])}, and hands "
    f"{n(shares['right'][0])} to a: the right gradient. On the right each node hands on as soon as "
    f"something arrives: b first hands on {n(shares['wrong'][0])} and later, holding "
    f"{n(WRONG[1][1])}, another {n(shares['wrong'][1])}, so that a ends with {n(WRONG[2][a])} "
    f"instead of {n(RIGHT[2][a])}."
)

RADIUS = 16
PLACES = {a: (0, 100), b: (0, 184), c: (-42, 256), d: (42, 256), e: (0, 326)}


def draw():
    figure, axes = bare(5.7)
    _panel(axes, 83, RIGHT, "Topological order")
    _panel(axes, 258, WRONG, "As soon as it arrives")
    axes.plot((170, 170), (14, 360), color=MUTED, lw=0.6)
    write(
        axes,
        8,
        388,
        "Start at e. In a disc: the number of the step.\nBeside a node: its gradient.",
        ha="left",
        color=MUTED,
        size=SMALL,
    )
    return figure


def _panel(axes, x, watched, title):
    turns, held, dL_d = watched
    write(axes, x, 20, title, weight="bold")
    verdict = "right" if dL_d[a] == RIGHT[2][a] else f"wrong: {n(RIGHT[2][a])} is right"
    write(axes, x, 38, f"gradient at a: {n(dL_d[a])}", color=BACKWARD, weight="bold")
    write(axes, x, 54, verdict, size=SMALL)
    for node in NAMES:
        for parent, slope in node.inputs:
            _edge(axes, x, node, parent, slope)
    for node, name in NAMES.items():
        across, y = PLACES[node]
        axes.add_patch(Circle((x + across, y), RADIUS, fc=BACKWARD_SOFT, ec=BACKWARD, lw=1.2))
        write(axes, x + across, y, name, weight="bold", size=14)
        side = 1 if node is d else -1
        for disc, turn in zip(
            (x + across + side * 29, x + across + side * 49), sorted(turns[node])[::side]
        ):
            axes.add_patch(Circle((disc, y), 9, fc=BACKWARD, ec="none"))
            write(axes, disc, y, f"{turn}", color=PAPER, weight="bold", size=SMALL)
    _beside(axes, x, watched)


def _beside(axes, x, watched):
    """What each node holds, and what `b` hands to `a`."""
    _, held, dL_d = watched
    handed = [share * _slope for share in held]
    lines = [f"{n(share)} × {n(_slope)} = {n(product)}" for share, product in zip(held, handed)]
    texts = {a: _sum(handed), b: ", then ".join(map(n, held)), e: n(dL_d[e])}
    for node, text in texts.items():
        write(axes, x + 22, PLACES[node][1], text, ha="left", color=BACKWARD, size=SMALL)
    for node, across in ((c, -67), (d, 67)):
        write(axes, x + across, PLACES[node][1] + 19, n(dL_d[node]), color=BACKWARD, size=SMALL)
    middle = (PLACES[a][1] + PLACES[b][1]) / 2
    write(
        axes, x + 8, middle, "\n".join(lines), ha="left", color=MUTED, size=SMALL, linespacing=1.3
    )


def _sum(parts):
    """`6 + 14 = 20`, or only the number where there is one."""
    return " + ".join(map(n, parts)) + (f" = {n(sum(parts))}" if len(parts) > 1 else "")


def _edge(axes, x, node, parent, slope):
    """A dashed arrow from the rim of a node up to its input, with the slope beside it."""
    (x0, y0), (x1, y1) = PLACES[node], PLACES[parent]
    length = math.hypot(x1 - x0, y1 - y0)
    dx, dy = (x1 - x0) / length * (RADIUS + 1.5), (y1 - y0) / length * (RADIUS + 1.5)
    arrow(axes, (x + x0 + dx, y0 + dy), (x + x1 - dx, y1 - dy), colour=BACKWARD, dashed=True)
    if parent is not a:
        side = math.copysign(1, x0 + x1)
        write(
            axes,
            x + (x0 + x1) / 2 + side * 18,
            (y0 + y1) / 2,
            f"× {n(slope)}",
            color=MUTED,
            size=SMALL,
        )
