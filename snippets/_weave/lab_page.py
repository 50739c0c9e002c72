"""Makes the page of a lab from its cells and their outputs."""

import re
from functools import partial
from html import unescape

from . import WeaveError, read_text, shown
from .chapter import Pending, attempt, block, drawing, finite, weave
from .download import download

MARKER = re.compile(r"# %%( \[markdown\])?")
NEEDS = re.compile(r"# pip install (?P<packages>[\w. -]+)")


def cells(path):
    """The cells of a lab by jupytext, with `metadata.line`, where each starts in the file."""
    import jupytext  # here, since it takes long and most builds have no lab to weave

    text = read_text(path)
    lines, found = text.split("\n"), jupytext.reads(text, "py:percent").cells
    marked = [number for number, line in enumerate(lines, 1) if MARKER.fullmatch(line)]
    for cell, number in zip(found, [0] * (len(found) - len(marked)) + marked, strict=True):
        blank = next((n for n, line in enumerate(lines[number:]) if line.strip("# ")), 0)
        cell.metadata.line = number + 1 + blank * bool(number)
    first = next((cell for cell in found if cell.cell_type == "code"), None)
    if not first or not NEEDS.match(first.source):
        message = "the first code cell has to start with what it needs: # pip install ..."
        raise WeaveError(message, shown(path), first.metadata.line if first else 1)
    return found


def woven(page):
    """The page of a lab and what readers run, by suffix."""
    found, stem, page.own = cells(page.path), page.path.stem, f"labs.{page.path.stem}"
    try:
        result = page.result(page.own)
    except Pending:
        result = {"errors": [], "outputs": []}
    lines = [""] * len(read_text(page.path).split("\n"))  # prose keeps its line, for errors
    code = [cell for cell in found if cell.cell_type == "code"]
    outputs, drawn = dict(enumerate(result.get("outputs", []))), iter(range(1, 100))
    for number, cell in enumerate(code):
        make = partial(as_markdown, cell, outputs.get(number, []), stem, drawn)
        page.cells[str(number)] = attempt(make, page, cell.metadata.line)
        cell.metadata.shown = [f"{{{{ cell {number} }}}}"]
    for cell in found:
        start, text = cell.metadata.line - 1, cell.metadata.get("shown", cell.source.split("\n"))
        lines[start : start + len(text)] = text
    page.head = "".join(page.failed(WeaveError(*error), 1) for error in result["errors"])
    page.head += (
        f"Run it yourself: [{stem}.zip]({stem}.zip) has this lab as a notebook and as a script, "
        f"with the files that it imports. `pip install {NEEDS.match(code[0].source)['packages']}` "
        "brings what else it needs.\n"
    )
    texts = {"": weave("\n".join(lines), page), ".zip": ""}
    if "sources" in result and not page.failures:
        texts[".zip"] = download(found, page, result["sources"]).decode("latin-1")
    return texts


def as_markdown(cell, outputs, stem, drawn):
    """What stands in the page for a cell: its code, what it showed, where its imports are."""
    code, below = block(cell.source + "\n"), []
    for kind, text in (output for output in outputs if output[1]):
        if kind == "figure":
            title = unescape(re.search(r"<title[^>]*>(.*?)</title>", text)[1])
            below.append(drawing(f"{stem}-{next(drawn)}", text, title))
        else:
            text = finite(text, "an output")
            below.append(block(text.rstrip() + "\n", "text") if kind == "text" else text)
    snippets = dict.fromkeys(re.findall(r"(?m)^from snippets\.(\w+) import", cell.source))
    links = " and ".join(f"[{name}.py](../snippets/{name}.md)" for name in snippets)
    after = [f"Imported from {links}, which the download has beside it."] if links else []
    if any(kind == "figure" for kind, _ in outputs):
        summary = "<summary>The code of the figure</summary>"
        parts = [*below, f'<details class="drawing">{summary}{code}</details>', *after]
    else:
        parts = [code, *after, *below]
    return "\n\n".join(parts) + "\n"
