"""The machinery: runs the modules of `snippets/`, keeps what they computed, and weaves it into the chapters.

It knows no topic. `modules` finds the modules and tells which are stale; `run` executes them, and `confine` holds them to the rules.
`figure` makes a page's SVG of a drawing, `formula` makes MathML of TeX, `chapter` puts all of it into Markdown, `source` adds a
page for each snippet. For a lab, `lab` has mkdocs-jupyter execute it, `kernel` confines its kernel, `notebook` makes its page and
`download` what readers run. `markdown` and `hooks` tie the above to MkDocs; there, `decorate` finishes the code on a page,
`extras` adds the search index, the feed and the archive, and `site` guards the whole. `python -m snippets._weave` weaves without MkDocs.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class WeaveError(Exception):
    """What went wrong, and where: `path` relative to the checkout, `line` from 1."""

    def __init__(self, message, path, line=1):
        super().__init__(f"{path}:{line}: {message}")


class WeaveErrors(WeaveError):
    """Several, each once: a broken snippet also breaks all that import it."""

    def __init__(self, errors):
        Exception.__init__(self, "\n".join(dict.fromkeys(map(str, errors))))
