"""Reads a lab, a notebook in py:percent, and writes its page: a chapter, for `chapter.weave`."""

import ast
import re
import textwrap
from html import unescape
from typing import NamedTuple

from . import ROOT, WeaveError
from .chapter import VALUE, finite, parsed

LABS = ROOT / "docs" / "labs"
MARKER = re.compile(r"# %%( \[markdown\])?")
NEEDS = re.compile(r"# pip install (?P<packages>[\w. -]+)")


class Cell(NamedTuple):
    kind: str  # "front", "prose" or "code"
    line: int  # of its first line in the file
    text: str


def cells(path):
    """The cells of a lab; the lines ahead of the first marker are its front matter."""
    found, kind, lines = [], "front", []
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), "# %%"], 1):
        if marker := MARKER.fullmatch(line):
            found.append(_cell(path, kind, number - len(lines), lines))
            kind, lines = "prose" if marker[1] else "code", []
        else:
            lines.append(line)
    first = next((cell for cell in found if cell.kind == "code"), None)
    if not first or not NEEDS.match(first.text):
        raise SyntaxError("the first code cell has to start with what it needs: # pip install ...", (str(path), first.line if first else 1, 0, ""))
    return [cell for cell in found if cell.text]


def _cell(path, kind, start, lines):
    if kind != "code":
        for number, line in enumerate(lines, start):
            if line and not re.match("#( |$)", line):
                raise SyntaxError("prose in a lab stands in comments: each line starts with #", (str(path), number, 0, ""))
        lines = [line[2:] for line in lines]
    while lines and not lines[0].strip():
        start, lines = start + 1, lines[1:]
    return Cell(kind, start, "\n".join(lines).rstrip())


def needs(path):
    return NEEDS.match(next(cell.text for cell in cells(path) if cell.kind == "code"))["packages"]


def prose(path, results):
    """The lab's prose alone, each line where it stands in the file, as a chapter: for `weave` to check."""
    lines = [""] * len(path.read_text(encoding="utf-8").split("\n"))
    for cell in cells(path):
        if cell.kind == "prose":
            taken = with_long_names(cell.text, path, results).split("\n")
            lines[cell.line - 1 : cell.line - 1 + len(taken)] = taken
    return "\n".join(lines)


def page(path, results):
    """The lab as a chapter: Markdown whose numbers and figures `weave` puts in."""
    parts, outputs, drawings = [], results[f"docs.labs.{path.stem}"]["outputs"], iter(figures(path, results))
    for cell in cells(path):
        if cell.kind == "front":
            parts.append(cell.text)
        elif cell.kind == "prose":
            parts.append(with_long_names(cell.text, path, results))
        else:
            code = f"```python\n{cell.text}\n```"
            shown = [_as_markdown(output, drawings) for output in outputs[str(cell.line)]]
            draws = any(kind == "figure" for kind, _ in outputs[str(cell.line)])
            parts += [*shown, '??? drawing "The code of the figure"\n\n' + textwrap.indent(code, "    "), *_sources(cell)] if draws else [code, *_sources(cell), *shown]
    head = (f"Run it yourself, in Jupyter as [{path.stem}.ipynb]({path.stem}.ipynb) or in a terminal as [{path.name}]({path.name}): "
            f"each is complete on its own and needs no more than `pip install {needs(path)}`.")  # fmt: skip
    return re.sub(r"(?m)^(# .*)$", rf"\1\n\n{head}", "\n\n".join(parts), count=1) + "\n"


def _as_markdown(output, drawings):
    kind, text = output
    if kind == "figure":
        return f"{{{{ figure {next(drawings).rpartition('.')[2]} }}}}"
    return f"```text\n{text.rstrip()}\n```" if kind == "text" else text


def figures(path, results):
    """The drawings of a lab, as if each were a figure module."""
    drawn = [text for outputs in results[f"docs.labs.{path.stem}"]["outputs"].values() for kind, text in outputs if kind == "figure"]
    return {
        f"snippets.figures.{path.stem}-{number}": {"values": {"TITLE": unescape(re.search(r"<title[^>]*>(.*?)</title>", svg)[1])}, "svg": svg}
        for number, svg in enumerate(drawn, 1)
    }


def with_long_names(text, path, results):
    """The names of the lab's own values as a chapter would have to say them: `accuracy` is `labs.digits.accuracy`."""
    own = results[f"docs.labs.{path.stem}"]["values"]

    def long(match):
        head = re.match(r"\w*", match["value"])[0]
        return match[0].replace(match["value"], f"labs.{path.stem}.{match['value']}") if head in own else match[0]

    return VALUE.sub(long, text)


def _sources(cell):
    modules = dict.fromkeys(node.module for node in imports(cell))
    links = [f"[{name}.py](../snippets/{name}.py)" for name in (module.split(".", 1)[1] for module in modules) if "." not in name]
    return [f"Imported from {' and '.join(links)}; the downloads have its source instead."] * bool(links)


def imports(cell):
    return [node for node in parsed(cell.text).body if isinstance(node, ast.ImportFrom) and str(node.module).startswith("snippets.")]


def check_outputs(path, results):
    """Raise where an output shows NaN or infinity."""
    for line, outputs in results[f"docs.labs.{path.stem}"]["outputs"].items():
        for kind, text in outputs:
            try:
                finite(re.sub("<[^>]*>", " ", text) if kind == "figure" else text, "an output")
            except ValueError as error:
                raise WeaveError(error, shown(path), int(line)) from None


def shown(path):
    return path.relative_to(ROOT).as_posix()
