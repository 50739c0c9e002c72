"""The machinery: runs the modules of `snippets/`, keeps what they computed, and weaves it into the chapters.

It knows no topic. `modules` finds the modules and tells which are stale, `run` executes them, `figure` makes a page's
SVG of a drawing, `formula` makes MathML of TeX, `chapter` puts all of it into Markdown, `site` guards the built site.
`lab` has mkdocs-jupyter execute a lab, in a kernel that `kernel` confines; `notebook` makes its page, `download` what readers run.
`hooks` ties the above to MkDocs. `python -m snippets._weave` does the same without MkDocs.
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
