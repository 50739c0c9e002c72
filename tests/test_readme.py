"""What the README says and shows is so."""

import json
import os
import re

import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / "docs/assets/overview.svg"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)|`((?:docs|snippets|tests)/[a-z_]*/?)`", README))))
def test_every_path_in_the_readme_exists(path):
    assert (ROOT / "".join(path)).exists()


def picture():
    """The overview figure as a file of its own: with the colours of the stylesheet, light and dark, and a font."""
    result = json.loads((ROOT / ".cache/weave/snippets.figures.overview.json").read_text().split("\n", 1)[1])
    css = (ROOT / "docs/assets/site.css").read_text()
    light, dark = (re.search(rule + r" \{(.*?)\}", css, re.DOTALL)[1] for rule in (":root", re.escape('[data-md-color-scheme="slate"]')))
    dark = dark.replace("var(--md-default-bg-color)", "#0d1117")
    style = " ".join(f"svg {{{light}}} @media (prefers-color-scheme: dark) {{ svg {{{dark}}} }} text {{ font-family: sans-serif }}".split())
    opening, _, rest = result["svg"].partition(">")
    opening = opening.replace(" data-search-exclude", "").replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"')
    return f"{opening}><style>{style}</style>{rest}\n"


def test_picture_is_the_figure_as_it_is_drawn_now(site):
    if os.environ.get("UPDATE"):
        PICTURE.write_text(picture(), encoding="utf-8")
    assert PICTURE.read_text(encoding="utf-8") == picture(), "draw it anew: UPDATE=1 python3 -m snippets test tests/test_readme.py"
