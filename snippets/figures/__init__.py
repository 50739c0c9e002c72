"""The drawings, one module a figure, and the style they share.

A figure module has a `TITLE`, a `DESCRIPTION` for readers who do not see the picture, and `draw()`, which returns a
Matplotlib `Figure`. It is drawn 4.6 inches wide, so that it is readable on a phone without zooming.
"""

from matplotlib.figure import Figure

# Stand-in colours: in the page each becomes the CSS variable `--figure-<name>`, which follows light and dark.
PALETTE = {
    "ink": "#010101",       # text, axes, outlines
    "muted": "#020202",     # secondary text, helper lines
    "grid": "#030303",      # faint lines
    "paper": "#040404",     # the page itself
    "forward": "#050505",   # whatever flows forward: z, a
    "backward": "#060606",  # whatever flows backward: gradients
    "forward_soft": "#070707",   # pale fill behind forward things
    "backward_soft": "#080808",  # pale fill behind backward things
    "third": "#090909",     # a third series, where one is needed
}
INK, MUTED, GRID, PAPER, FORWARD, BACKWARD, FORWARD_SOFT, BACKWARD_SOFT, THIRD = PALETTE.values()

WIDTH = 4.6  # inches; 331 pt, about the 328 px a phone leaves for text


def canvas(height, rows=1, columns=1, **options):
    """A figure `WIDTH` by `height` inches and its axes, with a constrained layout."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def bare(height):
    """A figure with one frameless axes that measures in points (1/72 inch), for diagrams; the origin is top left."""
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH * 72), ylim=(height * 72, 0))
    axes.set_axis_off()
    return figure, axes
