"""Turns a figure into an SVG that lives in the page: its palette, its font, its accessible name."""

import io
import re
from html import escape

import matplotlib
import numpy as np
from matplotlib.text import Text

from snippets.figures import LAB_COLOURS, PALETTE, STYLE, WIDTH

SMALLEST = 8  # points; below that nobody reads it on a phone
SAYS_NO_NUMBER = re.compile(r">[^<]*(?<![\w\\])(?:nan|inf)(?!\w)")


def svg_of(module):
    """The SVG of what `module.draw()` draws, named by its `TITLE` and `DESCRIPTION`."""
    matplotlib.rcdefaults()  # whatever a matplotlibrc on this machine says
    matplotlib.rcParams.update(STYLE)
    title, description = (getattr(module, name, "") for name in ("TITLE", "DESCRIPTION"))
    return svg(module.draw(), module.__name__.rpartition(".")[2], title, description)


def svg(figure, name, title, description):
    """A drawing as SVG for the page; raises `ValueError` where a reader could not read it."""
    for what, words in (("TITLE", title), ("DESCRIPTION", description)):
        if not words:
            raise ValueError(f"the figure has no {what}: readers who do not see it need one")
        if re.search("[{}]", words):
            raise ValueError(f"a brace in the figure's {what}: is this an f-string without its f?")
    if figure.get_figwidth() > WIDTH:
        found = f"{figure.get_figwidth():g} inches wide"
        raise ValueError(f"the figure is {found}: at most {WIDTH}, or a phone cannot show it")
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    for artist in figure.findobj():
        check_artist(artist)
    text = buffer.getvalue()
    for colour, wanted in LAB_COLOURS.items():
        text = text.replace(colour, wanted)
    return for_the_page(text, name, title, description)


def check_artist(artist):
    """Raise for small words, and for points that Matplotlib leaves out without a word."""
    if isinstance(artist, Text) and artist.get_text().strip() and artist.get_visible():
        if artist.get_fontsize() < SMALLEST:
            found = f"text of {artist.get_fontsize():g} points: {artist.get_text()!r}"
            raise ValueError(f"the figure has {found}; at least {SMALLEST}")
    points = artist.get_xydata() if hasattr(artist, "get_xydata") else ()
    if not np.isfinite(np.asarray(points, float)).all():
        raise ValueError("the figure draws a line through a point that is NaN or infinite")


def for_the_page(text, name, title, description):
    text = text[text.index("<svg") :]
    text = re.sub(r"(?s)<metadata>.*?</metadata>|<style\b.*?</style>|<!--.*?-->", "", text)
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
