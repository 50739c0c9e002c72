"""Reads a lab, a notebook in py:percent, and writes what readers get of it: a page, a script, a Jupyter notebook.

The page is a chapter for `chapter.weave`. The downloads are complete on their own: what the lab imports from `snippets`
stands in them as source, and the numbers of its prose are filled in.
"""

import ast
import json
import pprint
import re
import textwrap
from html import unescape
from typing import NamedTuple

from . import ROOT, WeaveError
from .chapter import INLINE, VALUE, definition, excerpt, finite, imports, namespace, parsed, plugged_in, read, shown, typeset

LABS = ROOT / "docs" / "labs"
MARKER = re.compile(r"# %%( \[markdown\])?")
NEEDS = re.compile(r"# pip install (?P<packages>[\w. -]+)")
TABLE_AS_TEXT = "print(*{}, sep='\\n')"  # a script shows nothing by itself


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
        raise WeaveError("the first code cell has to start with what it needs: # pip install ...", _shown(path), first.line if first else 1)
    return [cell for cell in found if cell.text]


def _cell(path, kind, start, lines):
    if kind != "code":
        for number, line in enumerate(lines, start):
            if line and not re.match("#( |$)", line):
                raise WeaveError("prose in a lab stands in comments: each line starts with #", _shown(path), number)
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
            taken = _with_long_names(cell.text, path, results).split("\n")
            lines[cell.line - 1 : cell.line - 1 + len(taken)] = taken
    return "\n".join(lines)


def page(path, results):
    """The lab as a chapter: Markdown whose numbers and figures `weave` puts in."""
    parts, outputs, drawings = [], results[f"docs.labs.{path.stem}"]["outputs"], iter(figures(path, results))
    for cell in cells(path):
        if cell.kind == "front":
            parts.append(cell.text)
        elif cell.kind == "prose":
            parts.append(_with_long_names(cell.text, path, results))
        else:
            parts += [f"```python\n{cell.text}\n```", *_sources(cell), *(_as_markdown(output, drawings) for output in outputs[str(cell.line)])]
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


def _with_long_names(text, path, results):
    """The names of the lab's own values as a chapter would have to say them: `accuracy` is `labs.digits.accuracy`."""
    own = results[f"docs.labs.{path.stem}"]["values"]

    def long(match):
        head = re.match(r"\w*", match["value"])[0]
        return match[0].replace(match["value"], f"labs.{path.stem}.{match['value']}") if head in own else match[0]

    return VALUE.sub(long, text)


def _sources(cell):
    modules = dict.fromkeys(node.module for node in _imports(cell))
    links = [f"[{name}.py](../snippets/{name}.py)" for name in (module.split(".", 1)[1] for module in modules) if "." not in name]
    return [f"Imported from {' and '.join(links)}; the downloads have its source instead."] * bool(links)


def _imports(cell):
    return [node for node in parsed(cell.text).body if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("snippets.")]


def check_outputs(path, results):
    """Raise where an output shows NaN or infinity."""
    for line, outputs in results[f"docs.labs.{path.stem}"]["outputs"].items():
        for kind, text in outputs:
            try:
                finite(text, "an output")
            except ValueError as error:
                raise WeaveError(error, _shown(path), int(line)) from None


def downloads(path, results):
    """The text of the script and of the notebook, by file name."""
    complete, known = [], {}
    for cell in cells(path):
        try:
            if cell.kind == "prose":
                complete.append(("markdown", _for_jupyter(cell.text, path, results)))
            elif cell.kind == "code":
                complete.append(("code", _on_its_own(cell, path, results, known)))
        except ValueError as error:
            raise WeaveError(error, _shown(path), cell.line) from None
    return {f"{path.stem}.py": _as_script(complete), f"{path.stem}.ipynb": _as_notebook(complete)}


def _for_jupyter(text, path, results):
    """Prose with its numbers, its formulas as TeX, an admonition as a quotation, and no link to another page."""
    values = namespace(results)
    text = INLINE.sub(lambda match: typeset(shown(match["value"], values)) if match["value"] else plugged_in(match[0], values),
                      _with_long_names(text, path, results))  # fmt: skip
    text = re.sub(r'(?m)^(?:!!!|\?\?\?\+?) \w+ "(.*)"\n\n?((?: {4}.*\n?|\n(?= {4}))+)', _quotation, text)
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", text)


def _quotation(match):
    body = textwrap.indent(textwrap.dedent(match[2]).rstrip(), "> ", lambda line: True)
    return f"> **{match[1]}**\n>\n{body}\n"


def _on_its_own(cell, path, results, known):
    """The code of a cell with the source of what it imports from `snippets`; `known` collects who brought which name."""
    lines = cell.text.split("\n")
    for node in reversed(_imports(cell)):
        if any(alias.asname or alias.name == "*" for alias in node.names):
            raise ValueError(f"import names from {node.module} as they are called there: the downloads have the source")
        names = [alias.name for alias in node.names]
        by_value = node.module.startswith("snippets.tables.")
        parts = _values(node.module, names, results) if by_value else _source(node.module, names, known, path)
        lines[node.lineno - 1 : node.end_lineno] = "\n\n\n".join(parts).split("\n")
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines))


def _values(module, names, results):
    return ["\n".join(f"{name} = {pprint.pformat(results[module]['values'][name], width=110, compact=True, sort_dicts=False)}" for name in names)]


def _source(module, names, known, path):
    """The definitions of `names` and of all that they use in their module, and its imports."""
    file, source = read(module.split(".", 1)[1])
    tree, lines, wanted, todo = parsed(source), source.split("\n"), {}, list(names)
    defined = {name for node in tree.body for name in _defines(node)}
    while todo:
        if (name := todo.pop()) not in wanted:
            wanted[name] = definition(tree, name)
            todo += [inner.id for inner in ast.walk(wanted[name]) if isinstance(inner, ast.Name) and inner.id in defined]
    for name in wanted:
        if known.setdefault(name, file) != file or name in {n for node in parsed(path.read_text(encoding="utf-8")).body for n in _defines(node)}:
            raise ValueError(f"`{name}` of {file} would be something else in the downloads: two have this name")
    starts = {node.lineno: name for name, node in wanted.items()}
    parts = [excerpt(tree, lines, starts[line]) for line in sorted(starts)]
    extra = [line for line in "\n".join(imports(tree, parts)).split("\n") if line not in path.read_text(encoding="utf-8").split("\n")]
    return ["\n".join(extra), f"# from {file}\n{parts[0]}", *parts[1:], ""]


def _defines(node):
    targets = [inner.id for target in getattr(node, "targets", []) for inner in ast.walk(target) if isinstance(inner, ast.Name)]
    return [node.name] if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else targets


def _as_script(complete):
    parts = []
    for kind, text in complete:
        if kind == "markdown":
            parts.append("# %% [markdown]\n" + textwrap.indent(text, "# ", lambda line: True).replace("# \n", "#\n"))
        else:
            last = ast.parse(text).body[-1]
            if isinstance(last, ast.Expr) and not isinstance(last.value, (ast.Call, ast.Constant)):
                text = "\n".join([*text.split("\n")[: last.lineno - 1], TABLE_AS_TEXT.format(ast.unparse(last))])
            parts.append(f"# %%\n{text}")
    return "\n\n".join(parts) + "\n"


def _as_notebook(complete):
    made = [
        {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for number, (kind, text) in enumerate(complete, 1)
    ]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False) + "\n"


def _shown(path):
    return path.relative_to(ROOT).as_posix()
