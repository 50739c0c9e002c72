"""The figures as a reader meets them: every text inside, and touched by nothing.

Size of the text, colours, title and description are checked in the build.
"""

import importlib
import pkgutil
from functools import cache
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from snippets import figures

NAMES = [module.name for module in pkgutil.iter_modules(figures.__path__) if module.name[0] != "_"]
CLEAR = 6  # pixels, at 4 a point


@cache
def drawn(name, draw):
    """The visible texts of a figure with their boxes, and its pixels without them."""
    with matplotlib.rc_context(figures.STYLE):
        figure = getattr(importlib.import_module(f"snippets.figures.{name}"), draw)()
        figure.set_dpi(4 * 72)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        texts = visible_texts(figure)
        boxes = [text.get_window_extent(canvas.get_renderer()) for text in texts]
        figure.set_layout_engine("none")
        for text in texts:
            text.set_alpha(0)
        canvas.draw()
    return [*zip(texts, boxes, strict=True)], np.asarray(canvas.buffer_rgba())


def visible_texts(figure):
    """The texts that leave ink: not those of axes that are off, nor of ticks outside the limits."""
    found = list(figure.texts)
    for axes in figure.axes:
        hidden = []
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not (axes.axison and low - 1e-9 <= tick.get_loc() <= high + 1e-9):
                    hidden += [tick.label1, tick.label2]
            hidden += [] if axes.axison else [axis.label, axis.offsetText]
        for text in axes.findobj(Text):
            if text.get_visible() and text.get_text().strip() and text not in hidden:
                found.append(text)
    return found


DRAWINGS = [
    pytest.param(name, draw, id=f"{name}-{draw}")
    for name in sorted(NAMES)
    for draw in ("draw", "draw_narrow")
    if hasattr(importlib.import_module(f"snippets.figures.{name}"), draw)
]
every_drawing = pytest.mark.parametrize(("name", "draw"), DRAWINGS)


@every_drawing
def test_text_is_plain_and_inside(name, draw):
    texts, pixels = drawn(name, draw)
    height, width, _ = pixels.shape
    for text, box in texts:
        assert "$" not in text.get_text(), text
        assert box.x0 >= 4 and box.y0 >= 0 and box.x1 <= width - 4 and box.y1 <= height, text


@every_drawing
def test_no_text_touches_another(name, draw):
    for (one, a), (other, b) in combinations(drawn(name, draw)[0], 2):
        assert not a.overlaps(b), (one, other)


@every_drawing
def test_no_line_runs_through_a_text(name, draw):
    """Without its texts, the drawing has one colour where a text was, and a little beside it."""
    texts, pixels = drawn(name, draw)
    for text, box in texts:
        rows = slice(round(len(pixels) - box.y1) + 2, round(len(pixels) - box.y0) - 2)
        columns = slice(max(round(box.x0) - CLEAR, 0), round(box.x1) + CLEAR)
        under = pixels[rows, columns].reshape(-1, 4)
        assert (under == under[0]).all(), f"something runs through {text}"
