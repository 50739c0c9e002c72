"""The drawings, one module a figure, and the style they share.

A figure module has a `TITLE`, a `DESCRIPTION` for readers who do not see the picture, and `draw()`,
which returns a Matplotlib `Figure`, as wide as the page of a phone. Where that would waste the room
of a larger screen, `draw()` draws for this screen and `draw_narrow()` for the phone.

A point (1/72 inch) is a pixel of the page.
"""

import math

from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon

# Stand-in colours: in the page each becomes the CSS variable `--figure-<name>`, which follows light
# and dark.
PALETTE = {
    "ink": "#010101",  # text, axes, outlines
    "muted": "#020202",  # secondary text, helper lines
    "grid": "#030303",  # faint lines
    "paper": "#040404",  # the page itself
    "forward": "#050505",  # whatever flows forward: z, a
    "backward": "#060606",  # whatever flows backward: gradients
    "forward_soft": "#070707",  # pale fill behind forward things
    "backward_soft": "#080808",  # pale fill behind backward things
    "third": "#090909",  # a third series, where one is needed
}
INK, MUTED, GRID, PAPER, FORWARD, BACKWARD, FORWARD_SOFT, BACKWARD_SOFT, THIRD = PALETTE.values()

WIDTH, WIDE = 356 / 72, 688 / 72  # inches: what a phone and a larger screen have room for
SMALL = 12  # points, and so pixels: the smallest text
DASHES = (0, (4, 2))  # whatever flows backward is dashed, so that colour never stands alone
# Matplotlib's settings for all figures, and more for those of labs, which use standard colours.
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "weave",
    "font.size": 13,
    "axes.titlesize": 13,
    "axes.labelsize": SMALL,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    **dict.fromkeys(["figure.facecolor", "axes.facecolor", "savefig.facecolor"], "none"),
    **dict.fromkeys(["text.color", "axes.labelcolor", "axes.edgecolor"], INK),
    **dict.fromkeys(["xtick.color", "ytick.color"], INK),
}
LAB_STYLE = {
    "axes.prop_cycle": cycler(color=[FORWARD, BACKWARD, THIRD, MUTED]),  # C0 to C3
    "figure.figsize": (WIDTH, 3),
}
LAB_COLOURS = {"#000000": INK, "#808080": MUTED, "#d3d3d3": GRID, "#ffffff": PAPER}


def canvas(height, rows=1, columns=1, width=WIDTH, **options):
    """A figure `width` by `height` inches and its axes, with a constrained layout."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def bare(height, width=WIDTH):
    """A figure with one frameless axes that measures in points, for diagrams; the origin is top
    left.
    """
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width * 72), ylim=(height * 72, 0))
    axes.set_axis_off()
    return figure, axes


def number(value, digits=2, sign=False):
    """A number as figures write it, with the minus sign of typographers; `sign` also shows a plus.

    >>> number(-0.0959, 2), number(0.25, 2, sign=True)
    ('−0.10', '+0.25')
    """
    return format(value, f"{'+' if sign else ''}.{digits}f").replace("-", "−")


def write(axes, x, y, text, **options):
    """Text centred on the point, unless `ha` or `va` says otherwise."""
    return axes.text(x, y, text, **{"ha": "center", "va": "center", **options})


def box(axes, x, y, width, height, fill=PAPER, edge=INK, line_width=1.0, **options):
    """A rounded rectangle in a `bare` axes, its centre at the point."""
    corner = (x - width / 2, y - height / 2)
    return axes.add_patch(
        FancyBboxPatch(
            corner,
            width,
            height,
            boxstyle="round,pad=0,rounding_size=6",
            fc=fill,
            ec=edge,
            lw=line_width,
            **options,
        )
    )


def arrow(axes, *points, colour=INK, line_width=1.4, dashed=False, **options):
    """An arrow in a `bare` axes along the points, its tip at the last; its head is solid also where
    it is dashed.
    """
    (x0, y0), (x1, y1) = points[-2:]
    length = 5 + line_width
    step = math.hypot(x1 - x0, y1 - y0)
    dx, dy = (x1 - x0) / step * length, (y1 - y0) / step * length
    base = (x1 - dx, y1 - dy)
    xs, ys = zip(*points[:-1], base)
    axes.plot(
        xs,
        ys,
        color=colour,
        lw=line_width,
        ls=DASHES if dashed else "-",
        solid_capstyle="butt",
        **options,
    )
    half = 0.42
    head = [
        (x1, y1),
        (base[0] - half * dy, base[1] + half * dx),
        (base[0] + half * dy, base[1] - half * dx),
    ]
    axes.add_patch(Polygon(head, closed=True, fc=colour, ec="none", **options))
