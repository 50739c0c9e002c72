"""One layer drawn for each direction, beside its matrix: forward reads a row, backward a column."""

import math

from matplotlib.patches import Circle, Rectangle

from snippets.figures import (
    BACKWARD,
    BACKWARD_SOFT,
    FORWARD,
    FORWARD_SOFT,
    GRID,
    INK,
    MUTED,
    PAPER,
    SMALL,
    arrow,
    bare,
    write,
)
from snippets.tables._transpose import W2, H, K, a1, y
from snippets.transpose import in_indices

# the unit j whose value is followed forward, the unit i whose blame is followed backward
FED, FEEDS = 0, 1
z2 = W2 @ a1
dL_dz2 = z2 - y
dL_da1 = in_indices(W2, a1, y)[1]


def digits(value):
    """A number with no more digits than it has.

    >>> digits(-0.5), digits(2.0), digits(2.75)
    ('−0.5', '2', '2.75')
    """
    return f"{value:g}".replace("-", "−")


def total(weights, values, result):
    """A sum of products with its numbers.

    >>> total([2.0, -1.0], [1.0, 0.5], 1.5)
    '2 · 1 + (−1) · 0.5 = 1.5'
    """
    factors = [digits(w) if w >= 0 else f"({digits(w)})" for w in weights]
    return (
        " + ".join(f"{w} · {digits(v)}" for w, v in zip(factors, values)) + f" = {digits(result)}"
    )


FORWARD_SUM = total(W2[FED], a1, z2[FED])
BACKWARD_SUM = total(W2[:, FEEDS], dL_dz2, dL_da1[FEEDS])

TITLE = "Forward reads a row, backward reads a column"
DESCRIPTION = (
    f"The same layer drawn twice, {H} units that feed {K}, and beside it its matrix W2, with a row "
    "for each unit that is fed and a column for each unit that feeds. Above, solid arrows lead "
    f"from all {H} units to one of the {K}: it collects what comes in, weighted by its row of W2, "
    f"{FORWARD_SUM}. Below, dashed arrows lead back to one of the {H} units from all {K} that it "
    f"has fed: it collects their blame, weighted by its column of W2, {BACKWARD_SUM}. The matrix "
    "is the same in both drawings; to read it by column is to use its transpose."
)

FEEDING, FED_X, RADIUS = 54, 142, 19  # x of the two columns of units
PANELS = 52, 288  # top of each drawing
LEFT, CELL, LOW = 232, 38, 30  # of the matrix: left edge, width and height of a cell


def draw():
    figure, axes = bare(6.95)
    for top, back in zip(PANELS, (False, True)):
        colour = BACKWARD if back else FORWARD
        write(
            axes,
            8,
            top - 38,
            "Backward: unit i collects from those it fed"
            if back
            else "Forward: unit j collects from those that feed it",
            ha="left",
            color=colour,
            weight="bold",
            size=13,
        )
        _network(axes, top, back, colour)
        _matrix(axes, top + 44, back, colour)
        left = f"dL_da1[{FEEDS}]" if back else f"z2[{FED}]"
        write(
            axes,
            8,
            top + 172,
            f"{left} = {BACKWARD_SUM if back else FORWARD_SUM}",
            ha="left",
            color=INK,
        )
    write(
        axes,
        8,
        PANELS[1] + 198,
        "The matrix is the same. Backward, it is read by column.",
        ha="left",
        color=MUTED,
        size=SMALL,
    )
    return figure


def _network(axes, top, back, colour):
    """The units, and the arrows of one direction; those that meet in one unit are strong."""
    feeding = [(FEEDING, top + 26 + 52 * i) for i in range(H)]
    fed = [(FED_X, top + 52 + 52 * j) for j in range(K)]
    for strong in (False, True):
        for j, i in ((j, i) for j in range(K) for i in range(H)):
            if strong == (i == FEEDS if back else j == FED):
                _between(
                    axes,
                    *((fed[j], feeding[i]) if back else (feeding[i], fed[j])),
                    colour if strong else GRID,
                    back,
                )
    values, blames = (dL_da1, dL_dz2) if back else (a1, z2)
    for places, numbers, given, chosen in (
        (feeding, values, not back, FEEDS),
        (fed, blames, back, FED),
    ):
        for k, (place, value) in enumerate(zip(places, numbers)):
            known = given or k == chosen
            fill = (BACKWARD_SOFT if back else FORWARD_SOFT) if known else PAPER
            axes.add_patch(Circle(place, RADIUS, fc=fill, ec=colour if known else GRID, lw=1.2))
            if known:
                write(axes, *place, digits(value))
    for k, (x, y_) in enumerate(feeding):
        write(axes, x - RADIUS - 4, y_, f"i={k}", ha="right", color=MUTED, size=SMALL)
    for k, (x, y_) in enumerate(fed):
        write(axes, x + RADIUS + 4, y_, f"j={k}", ha="left", color=MUTED, size=SMALL)
    for x, text in ((FEEDING, "dL_da1" if back else "a1"), (FED_X, "dL_dz2" if back else "z2")):
        write(axes, x, top - 6, text, color=MUTED, size=SMALL)


def _between(axes, start, end, colour, dashed):
    """An arrow from the rim of one unit to the rim of another."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = ((b - a) / math.dist(start, end) * (RADIUS + 2) for a, b in zip(start, end))
    arrow(
        axes, (x0 + dx, y0 + dy), (x1 - dx, y1 - dy), colour=colour, dashed=dashed, line_width=1.8
    )


def _matrix(axes, top, back, colour):
    """W2 with its numbers; the row or the column that is read is filled and framed."""
    write(axes, LEFT + 1.5 * CELL, top - 31, "W2", weight="bold")
    for j in range(K):
        write(axes, LEFT - 7, top + (j + 0.5) * LOW, f"j={j}", ha="right", color=MUTED, size=SMALL)
    for i in range(H):
        write(axes, LEFT + (i + 0.5) * CELL, top - 10, f"i={i}", color=MUTED, size=SMALL)
    for j, i in ((j, i) for j in range(K) for i in range(H)):
        read = i == FEEDS if back else j == FED
        fill = (BACKWARD_SOFT if back else FORWARD_SOFT) if read else PAPER
        axes.add_patch(
            Rectangle((LEFT + i * CELL, top + j * LOW), CELL, LOW, fc=fill, ec=GRID, lw=0.8)
        )
        write(
            axes,
            LEFT + (i + 0.5) * CELL,
            top + (j + 0.5) * LOW,
            digits(W2[j, i]),
            color=INK if read else MUTED,
        )
    x, y_, width, height = (
        (LEFT + FEEDS * CELL, top, CELL, K * LOW)
        if back
        else (LEFT, top + FED * LOW, H * CELL, LOW)
    )
    axes.add_patch(Rectangle((x, y_), width, height, fc="none", ec=colour, lw=1.8))
    write(
        axes,
        LEFT + 1.5 * CELL,
        top + K * LOW + 14,
        f"column i = {FEEDS}" if back else f"row j = {FED}",
        color=colour,
        size=SMALL,
    )
