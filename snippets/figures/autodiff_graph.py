"""The worked example as the graph that the engine has built: each node with its value and its
gradient.
"""

from itertools import pairwise

from snippets.autodiff import topological_order
from snippets.figures import (
    BACKWARD,
    FORWARD,
    FORWARD_SOFT,
    MUTED,
    PAPER,
    SMALL,
    arrow,
    bare,
    box,
    write,
)
from snippets.tables import n
from snippets.tables.autodiff import dL_d, graph

FORMULAS = {
    "add": "{} + {}",
    "subtract": "{} − {}",
    "multiply": "{} · {}",
    "power": "({})²",
    "relu": "ReLU({})",
    "sigmoid": "σ({})",
}
NAMES = {node: name for name, node in graph.items()}
loss = graph["loss"]
order = topological_order(loss)


def formula(node):
    """How the node was made, from the names of its inputs; an input without a name by its own
    formula.
    """
    return FORMULAS[node.made_by].format(
        *(NAMES.get(parent) or formula(parent) for parent, _ in node.inputs)
    )


def spine(node):
    """The longest way from an input down to the node; of two that are as long, the one by the later
    input.
    """
    ways = [spine(parent) for parent, _ in node.inputs]
    return [*sorted(ways, key=len)[-1], node] if ways else [node]


SPINE = spine(loss)
SLOPES = [dict(node.inputs)[above] for above, node in pairwise(SPINE)]

TITLE = "The graph of the worked example, as the engine built it"
DESCRIPTION = (
    f"A graph of {len(order)} nodes. Its spine runs from the input x down to the loss, and solid "
    "arrows carry values along it; the other inputs join from the left. Dashed arrows carry "
    "gradients back up, and at each the gradient is multiplied by the slope written beside it. "
    "From top to bottom: "
    + "; ".join(
        f"{formula(node)} has the value {n(node.value, 3)} and the gradient {n(dL_d[node], 3)}"
        for node in SPINE
        if node.inputs
    )
    + ". The inputs get: "
    + "; ".join(f"{NAMES[node]} {n(dL_d[node], 3)}" for node in order if not node.inputs)
    + "."
)

STEP, HALF = 66, 20  # from one row to the next; half the height of a box
INPUT_X, SPINE_X = 61, 274  # the centres of the boxes
INPUT_WIDTH, SPINE_WIDTH = 118, 160
TOP = 102


def draw():
    figure, axes = bare((TOP + STEP * (len(SPINE) - 1) + 28) / 72)
    write(
        axes,
        8,
        14,
        "Forward: values, down to the loss",
        ha="left",
        color=FORWARD,
        weight="bold",
        size=14,
    )
    write(
        axes,
        8,
        33,
        "Backward: gradients, up from the loss",
        ha="left",
        color=BACKWARD,
        weight="bold",
        size=14,
    )
    write(
        axes,
        8,
        53,
        "×: the slope that a dashed arrow multiplies by",
        ha="left",
        color=MUTED,
        size=SMALL,
    )
    _texts(axes, INPUT_X, TOP, INPUT_WIDTH, "how to read", "value", "gradient", edge=MUTED)
    for row, node in enumerate(SPINE):
        y = TOP + STEP * row
        _box(axes, SPINE_X, y, SPINE_WIDTH, node)
        for parent, slope in node.inputs:
            if parent in SPINE:
                _between(axes, (SPINE_X, y - STEP + HALF), (SPINE_X, y - HALF), slope)
            else:
                _box(axes, INPUT_X, y, INPUT_WIDTH, parent)
                _between(
                    axes, (INPUT_X + INPUT_WIDTH / 2, y), (SPINE_X - SPINE_WIDTH / 2, y), slope
                )
    return figure


def _box(axes, x, y, width, node):
    """A node: its name, how it was made, its value, its gradient."""
    heading = " = ".join(
        ([NAMES[node]] if node in NAMES else []) + ([formula(node)] if node.inputs else [])
    )
    _texts(
        axes,
        x,
        y,
        width,
        heading,
        n(node.value, 3),
        n(dL_d[node], 3),
        fill=FORWARD_SOFT if node.inputs else PAPER,
    )


def _texts(axes, x, y, width, heading, value, gradient, fill=PAPER, edge=FORWARD):
    box(axes, x, y, width, 2 * HALF, fill=fill, edge=edge)
    write(axes, x, y - 9, heading)
    write(axes, x - width / 4 - 3, y + 9, value, color=FORWARD)
    write(axes, x + width / 4 - 3, y + 9, gradient, color=BACKWARD)


def _between(axes, start, end, slope):
    """A solid arrow from box to box; beside it a dashed one back, with its slope."""
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        arrow(axes, (x0 - 12, y0), (x0 - 12, y1 - 1), colour=FORWARD)
        arrow(axes, (x0 + 12, y1), (x0 + 12, y0 + 1), colour=BACKWARD, dashed=True)
        write(
            axes, x0 + 21, (y0 + y1) / 2, f"× {n(slope, 3)}", ha="left", color=BACKWARD, size=SMALL
        )
    else:
        arrow(axes, (x0, y0 - 6), (x1 - 1, y0 - 6), colour=FORWARD)
        arrow(axes, (x1, y0 + 4), (x0 + 1, y0 + 4), colour=BACKWARD, dashed=True)
        write(axes, (x0 + x1) / 2, y0 + 15, f"× {n(slope, 3)}", color=BACKWARD, size=SMALL)
