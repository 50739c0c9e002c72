"""Turns a figure module into an SVG that lives in the page: its palette, its font, its accessible name."""

import io
import re
from html import escape

import matplotlib

from snippets.figures import INK, PALETTE

STYLE = {
    "svg.fonttype": "none", "svg.hashsalt": "weave", "font.size": 10, "axes.titlesize": 10, "axes.labelsize": 10,
    "xtick.labelsize": 9, "ytick.labelsize": 9, "legend.fontsize": 9, "legend.frameon": False,
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
    "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
    "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": True,
}  # fmt: skip


def svg(module):
    """The SVG text of `module.draw()`, named by its `TITLE` and `DESCRIPTION`."""
    for attribute in ("TITLE", "DESCRIPTION", "draw"):
        if not getattr(module, attribute, None):
            raise ValueError(f"the figure has no {attribute}: readers who do not see it need one" if
                             attribute.isupper() else "the figure module has no draw()")
    matplotlib.rcdefaults()  # whatever a matplotlibrc on this machine says
    with matplotlib.rc_context(STYLE):
        buffer = io.StringIO()
        module.draw().savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return _for_the_page(buffer.getvalue(), module.__name__.rpartition(".")[2], module.TITLE, module.DESCRIPTION)


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
