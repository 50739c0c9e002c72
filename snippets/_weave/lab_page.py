"""Reads a lab, and makes its page and its download from its cells and their outputs."""

import ast
import base64
import re
from functools import partial
from itertools import count
from typing import NamedTuple

from . import ROOT, read_text
from .archive import zipped
from .cache import CODE
from .chapter import INLINE, drawing, filled_in, finite, markdown, titled, typeset, value
from .excerpt import block
from .page import Pending

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
PROSE = re.compile(rf"{INLINE.pattern}|\[(?P<text>[^\]]+)\]\((?!https?:)[^)]*\)")


class Cell(NamedTuple):
    """A cell of a lab; `line` is where its source starts in the file."""

    is_code: bool
    source: str
    line: int


def cells(path):
    """The cells of a lab in the py:percent format, ahead of them its front matter as prose."""
    front, *parts = re.split(r"(?m)^# %%( \[markdown\])?\n", read_text(path))
    found, line = [Cell(False, uncommented(front), 1)], 1 + front.count("\n")
    for prose, source in zip(parts[::2], parts[1::2], strict=True):
        text = uncommented(source) if prose else source.rstrip()
        found.append(Cell(not prose, text, line + 1))
        line += 1 + source.count("\n")
    return found


def uncommented(source):
    return re.sub("(?m)^# ?", "", source.rstrip())


def woven_lab(page):
    found, stem = cells(page.path), page.path.stem
    try:
        result = page.result(f"labs.{stem}")
    except Pending:
        result = {"failed": True, "outputs": []}
    outputs, drawn, parts = iter(result.get("outputs", [])), count(1), []
    for cell in found:
        if cell.is_code:
            make = partial(code_cell, cell, next(outputs, []), stem, drawn)
            parts.append(page.attempt(make, cell.line))
        else:
            parts.append(markdown(cell.source, page, cell.line))
    needs = re.search("(?m)^# (pip install .*)", read_text(page.path))
    if not needs:
        raise ValueError("the first code cell has to start with what it needs: # pip install ...")
    head = (
        f"Run it yourself: [{stem}.zip]({stem}.zip) has this lab as a notebook and as a script, "
        f"with the files that it imports. `{needs[1]}` brings what else it needs.\n"
    )
    front, body = parts[0], "\n\n".join(parts[1:])
    text = "\n\n".join(cell.source for cell in found if not cell.is_code)
    is_whole = not page.errors and not result["failed"]
    archive = download(page, result["used"]) if is_whole else b""
    page.files[f"labs/{stem}.zip"] = base64.b64encode(archive).decode()
    return f"{front}\n{titled(body, text, page, head)}\n"


def code_cell(cell, outputs, stem, drawn):
    """What stands in the page for a cell: its code, what it showed, where its imports are."""
    code, below, has_figure = block(cell.source), [], False
    for kind, text in filter(all, map(kind_and_text, outputs)):
        if kind == "image/svg+xml":
            caption = re.search(r"<title[^>]*>(.*?)</title>", text)[1]
            below.append(drawing(f"{stem}-{next(drawn)}", text, caption))
            has_figure = True
        else:
            text = finite(text, "an output")
            below.append(block(text, "text") if kind == "text/plain" else text)
    imported = dict.fromkeys(re.findall(r"(?m)^from snippets\.(\w+) import", cell.source))
    snippets = [name for name in imported if (ROOT / f"snippets/{name}.py").is_file()]
    links = " and ".join(f"[{name}.py](../snippets/{name}.md)" for name in snippets)
    after = [f"Imported from {links}, which the download has beside it."] if links else []
    if has_figure:
        summary = "<summary>The code of the figure</summary>"
        folded = f'<details class="drawing">{summary}{code}</details>'
        return "\n\n".join([*below, folded, *after])
    return "\n\n".join([code, *after, *below])


def kind_and_text(output):
    """The kind of an output of a notebook, and its text, as a page shows it."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    kinds = ("image/svg+xml", "text/markdown", "text/html", "text/plain")
    return next(((kind, data[kind]) for kind in kinds if kind in data), ("text/plain", ""))


def download(page, used):
    """The bytes of a zip file: the lab as a notebook and a script, and the files that it used."""
    import jupytext  # here, since it takes long and most builds have no lab to weave

    notebook, stem = jupytext.read(page.path, fmt="py:percent"), page.path.stem
    notebook.metadata["kernelspec"] = KERNEL
    del notebook.cells[0]  # the front matter
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        if cell.cell_type == "markdown":
            cell.source = prose(cell.source, page)
    files = {f"{stem}.ipynb": jupytext.writes(notebook, "ipynb").encode()}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = printing(cell.source)
    files[f"{stem}.py"] = page.signed(page.path, jupytext.writes(notebook, "py:percent")).encode()
    for key in (key for key in used if not key.endswith(CODE)):
        path = ROOT / key
        is_code = path.suffix == ".py"
        files[key] = page.signed(path, read_text(path)).encode() if is_code else path.read_bytes()
    return zipped(files, stem)


def prose(text, page):
    """Prose with its numbers, its formulas as TeX, and no link to a page."""

    def replacement(match):
        if match["value"]:
            return typeset(value(match["value"], page))
        return match["term"] or match["text"] or filled_in(match[0], page)

    return PROSE.sub(replacement, text)


def printing(text):
    """A cell that prints what it ends with: Jupyter shows it, a script does not."""
    last = ast.parse(text).body[-1:]
    if not last or not isinstance(last[0], ast.Expr) or isinstance(last[0].value, ast.Call):
        return text
    lines, node = text.split("\n"), last[0]
    line = f"print({ast.get_source_segment(text, node)})"
    return "\n".join([*lines[: node.lineno - 1], line, *lines[node.end_lineno :]])
