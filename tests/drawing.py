"""How the tests draw a figure: once, as the page does, at four pixels a point."""

import importlib
from functools import cache
from types import SimpleNamespace

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from snippets.figures import STYLE


def module(name):
    return importlib.import_module(f"snippets.figures.{name}")


@cache
def drawn(name, draw="draw"):
    """The figure, its visible texts with their boxes, and the pixels without them."""
    with matplotlib.rc_context(STYLE):
        figure = getattr(module(name), draw)()
        figure.set_dpi(4 * 72)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        texts = visible_texts(figure)
        boxes = [text.get_window_extent(canvas.get_renderer()) for text in texts]
        figure.set_layout_engine("none")
        for text in texts:
            text.set_alpha(0)
        canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    return SimpleNamespace(figure=figure, texts=texts, boxes=boxes, pixels=pixels)


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
