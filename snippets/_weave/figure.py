"""Turns a figure into an SVG that lives in the page: its palette, its font, its accessible name."""

import io
import re
from html import escape

import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.text import Text

from snippets.figures import LAB_COLOURS, PALETTE, SMALL, STYLE, WIDE, WIDTH

SAYS_NO_NUMBER = re.compile(r">[^<]*(?<![\w\\])(?:nan|inf)(?!\w)")


def svg_of(module):
    """The SVG of what `module.draw()` draws, named by its `TITLE` and `DESCRIPTION`.

    Where there is a `draw_narrow()` as well, two of them, of which the page shows one.
    """
    matplotlib.rcdefaults()  # whatever a matplotlibrc on this machine says
    matplotlib.rcParams.update(STYLE)
    name = module.__name__.rpartition(".")[2]
    words = [getattr(module, word, "") for word in ("TITLE", "DESCRIPTION")]
    if not hasattr(module, "draw_narrow"):
        return svg(module.draw(), name, *words)
    wide = svg(module.draw(), f"{name}-wide", *words, room=WIDE)
    narrow = svg(module.draw_narrow(), name, *words)
    return wide.replace("<svg", '<svg class="wide"', 1) + "\n" + narrow


def svg(figure, name, title, description, room=WIDTH):
    """A drawing as SVG for the page, which has `room` inches for it; raises `ValueError` where a
    reader could not read it.
    """
    for what, words in (("TITLE", title), ("DESCRIPTION", description)):
        if not words:
            raise ValueError(f"the figure has no {what}: readers who do not see it need one")
        if re.search("[{}]", words):
            raise ValueError(f"a brace in the figure's {what}: is this an f-string without its f?")
    width = figure.get_figwidth()
    if width > room + 0.005:
        found = f"{width:g} inches wide: at most {room:.2f}"
        raise ValueError(f"the figure is {found}, or its words are too small on a phone")
    buffer = io.StringIO()
    # `savefig` would draw it all twice
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    for artist in figure.findobj():
        check_artist(artist, SMALL * width / room)  # the page stretches it to its room
    text = buffer.getvalue()
    for colour, wanted in LAB_COLOURS.items():
        text = text.replace(colour, wanted)
    return for_the_page(text, name, title, description)


def check_artist(artist, smallest):
    """Raise for small words, and for points that Matplotlib leaves out without a word."""
    if isinstance(artist, Text) and artist.get_text().strip() and artist.get_visible():
        if artist.get_fontsize() < smallest - 0.05:
            found = f"text of {artist.get_fontsize():g} points: {artist.get_text()!r}"
            raise ValueError(f"the figure has {found}; at least {smallest:.1f}")
    points = artist.get_xydata() if hasattr(artist, "get_xydata") else ()
    if not np.isfinite(np.asarray(points, float)).all():
        raise ValueError("the figure draws a line through a point that is NaN or infinite")


def for_the_page(text, name, title, description):
    text = text[text.index("<svg") :]
    text = re.sub(r"(?s)<metadata>.*?</metadata>|<style\b.*?</style>|<!--.*?-->", "", text)
    text = re.sub(r'<g id="[a-zA-Z0-9]+_\d+">', "<g>", text)  # Matplotlib's own names
    text = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{name}-", text)  # ids are unique in the page
    for colour_name, colour in PALETTE.items():
        text = text.replace(colour, f"var(--figure-{colour_name.replace('_', '-')})")
    if stray := re.search(r"#[0-9a-f]{6}\b", text):
        raise ValueError(f"the figure uses the colour {stray[0]}: take one of figures.PALETTE")
    text = re.sub(r" font-family: [^;\"]*;?", "", text)  # the page's own
    text = re.sub(r' transform="rotate\(-?0 [^"]*"', "", text)
    text = re.sub(r"<[^>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", rounded, tag[0]), text)
    text = re.sub(r"\n\s*", "\n", text).strip()
    if found := SAYS_NO_NUMBER.search(text):
        raise ValueError(f"the figure shows what is no number: {found[0][1:60]}")
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text).groups()
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'stroke-linejoin="round">\n<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )
    return re.sub(r"^<svg\b[^>]*>", lambda _: opening, text)


def rounded(number):
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
