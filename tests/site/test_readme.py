"""What the README says and shows is so."""

import os
import re

import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PATHS = re.findall(r"\]\((?!http)([^)#]+)\)|`((?:docs|snippets|tests)/[a-z_]*/?)`", README)
PICTURE = ROOT / "docs/assets/overview.svg"
DRAW = "UPDATE=1 python3 -m snippets test tests/site/test_readme.py"


@pytest.mark.parametrize("path", sorted({"".join(found) for found in PATHS}))
def test_every_path_in_the_readme_exists(path):
    assert (ROOT / path).exists()


def picture(site):
    """The overview figure as a file: with the colours of the style sheet and a font."""
    html = (site / "index.html").read_text(encoding="utf-8")
    figure = re.search(r'<figure [^>]*id="figure-overview".*?(<svg.*?</svg>)', html, re.DOTALL)[1]
    css = (ROOT / "docs/assets/site.css").read_text(encoding="utf-8")
    light = re.search(r":root \{(.*?)\}", css, re.DOTALL)[1]
    dark = re.search(r'\[data-md-color-scheme="slate"\] \{(.*?)\}', css, re.DOTALL)[1]
    dark = dark.replace("var(--md-default-bg-color)", "#0d1117")
    style = f"svg {{{light}}} @media (prefers-color-scheme: dark) {{ svg {{{dark}}} }}"
    style = " ".join(f"{style} text {{ font-family: sans-serif }}".split())
    opening, _, rest = figure.partition(">")
    opening = opening.replace(" data-search-exclude", "")
    opening = opening.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"')
    return f"{opening}><style>{style}</style>{rest}\n"


def test_picture_is_the_figure_as_it_is_drawn_now(site):
    if "UPDATE" in os.environ:
        PICTURE.write_text(picture(site), encoding="utf-8")
    assert PICTURE.read_text(encoding="utf-8") == picture(site), f"draw it anew: {DRAW}"
