"""Turns a figure module into an SVG that lives in the page: its palette, its font, its accessible name."""

import io
import re
from html import escape

import matplotlib
import numpy as np
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from snippets.figures import INK, PALETTE

STYLE = {
    "svg.fonttype": "none", "svg.hashsalt": "weave", "font.size": 10, "axes.titlesize": 10, "axes.labelsize": 10,
    "xtick.labelsize": 9, "ytick.labelsize": 9, "legend.fontsize": 9, "legend.frameon": False,
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
    "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
    "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": True,
}  # fmt: skip


def svg(module, style=STYLE, colours={}):
    """The SVG text of `module.draw()`, named by its `TITLE` and `DESCRIPTION`; `colours` are more names for those of the palette."""
    for attribute in ("TITLE", "DESCRIPTION", "draw"):
        if not getattr(module, attribute, None):
            raise ValueError(f"the figure has no {attribute}: readers who do not see it need one" if
                             attribute.isupper() else "the figure module has no draw()")
    if re.search("[{}]", module.TITLE + module.DESCRIPTION):
        raise ValueError("a brace in the figure's TITLE or DESCRIPTION: is this an f-string without its f?")
    np.ma.masked_invalid = _without_gaps  # by which `fill_between` leaves points out
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever a matplotlibrc on this machine says
        matplotlib.rcParams.update(style)
        buffer = io.StringIO()
        figure = module.draw()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        for artist in figure.findobj():
            _without_gaps(_points(artist))
    text = re.sub("|".join(colours) or "$^", lambda colour: colours[colour[0]], buffer.getvalue())
    return _for_the_page(text, module.__name__.rpartition(".")[2], module.TITLE, module.DESCRIPTION)


def _without_gaps(points, copy=None):
    """`points` as a masked array; Matplotlib would leave out, and say nothing, what is NaN or infinite."""
    if not np.isfinite(np.ma.filled(np.ma.asarray(points, float), np.nan)).all():
        raise ValueError("the figure is to draw a point that is NaN, infinite or masked: leave it out before")
    return np.ma.asarray(points)


def _points(artist):
    if isinstance(artist, AxesImage):
        return artist.get_array()
    if isinstance(artist, Line2D):
        return artist.get_xydata()
    if isinstance(artist, Patch):
        return artist.get_patch_transform().transform(artist.get_path().vertices)
    if isinstance(artist, Collection):
        return np.ma.concatenate([artist.get_offsets(), *(path.vertices for path in artist.get_paths())])
    return artist.get_unitless_position() if isinstance(artist, Text) else ()


def _for_the_page(text, name, title, description):
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style\b.*?</style>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{name}-", text)  # ids are unique in the page
    for colour_name, colour in PALETTE.items():
        text = text.replace(colour, f"var(--figure-{colour_name.replace('_', '-')})")
    if stray := re.search(r"#[0-9a-f]{6}\b", text):
        raise ValueError(f"the figure uses the colour {stray[0]}: expected one of snippets.figures.PALETTE")
    text = re.sub(r" font-family: [^;\"]*;?", "", text)  # the page's own
    text = re.sub(r' transform="rotate\(-?0 [^"]*"', "", text)
    text = re.sub(r"<[^>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", _rounded, tag[0]), text)  # coordinates, not words
    text = re.sub(r"\n\s*", "\n", text).strip()
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text).groups()
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="{name}-title {name}-desc" stroke-linejoin="round" data-search-exclude>\n'
        f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(description)}</desc>'
    )
    text = re.sub(r"^<svg\b[^>]*>", lambda _: opening, text)
    return text


def _rounded(number):
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
