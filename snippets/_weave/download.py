"""Writes a lab for readers to run: a script and a Jupyter notebook, each complete on its own.

What the lab imports from `snippets` stands in them as source, and the numbers of its prose are filled in.
"""

import ast
import json
import pprint
import re
import textwrap

from . import WeaveError
from .chapter import INLINE, excerpt, imports, names_of, namespace, needed, parsed, plugged_in, read, shown, typeset
from .notebook import cells, with_long_names
from .notebook import imports as taken
from .notebook import shown as shown_path

LINK = re.compile(r"(?P<kept>\$\$[^$]*\$\$|(?P<mark>`+).+?(?P=mark)|\\\$|\$[^$]+\$)|\[(?P<text>[^\]]+)\]\((?!https?:)[^)]*\)")


def downloads(path, results):
    """The text of the script and of the notebook, by file name."""
    complete, known = [], {}
    for cell in cells(path):
        try:
            if cell.kind == "prose":
                complete.append(("markdown", _for_jupyter(cell.text, path, results)))
            elif cell.kind == "code":
                shown = results[f"docs.labs.{path.stem}"]["outputs"][str(cell.line)]
                complete.append(("table" if any(kind == "table" for kind, _ in shown) else "code", _on_its_own(cell, path, results, known)))
        except ValueError as error:
            raise WeaveError(error, shown_path(path), cell.line) from None
    return {f"{path.stem}.py": _as_script(complete), f"{path.stem}.ipynb": _as_notebook(complete)}


def _for_jupyter(text, path, results):
    """Prose with its numbers, its formulas as TeX, an admonition as a quotation, and no link to another page."""
    values = namespace(results)
    text = INLINE.sub(lambda match: typeset(shown(match["value"], values)) if match["value"] else plugged_in(match[0], values),
                      with_long_names(text, path, results))  # fmt: skip
    text = re.sub(r'(?m)^(?:!!!|\?\?\?\+?) \w+ "(.*)"\n\n?((?: {4}.*\n?|\n(?= {4}))+)', _quotation, text)
    return LINK.sub(lambda match: match["kept"] or match["text"], text)


def _quotation(match):
    body = textwrap.indent(textwrap.dedent(match[2]).rstrip(), "> ", lambda line: True)
    return f"> **{match[1]}**\n>\n{body}\n"


def _on_its_own(cell, path, results, known):
    """The code of a cell with the source of what it imports from `snippets`; `known` collects who brought which name."""
    for node in ast.walk(parsed(cell.text)):
        named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", None) or ""]
        if any(f"{name}.".startswith("snippets.") for name in named) and node not in taken(cell):
            raise ValueError("a lab takes from snippets by `from snippets.x import name`, not within another statement")
    lines = cell.text.split("\n")
    for node in reversed(taken(cell)):
        if any(alias.asname or alias.name == "*" for alias in node.names):
            raise ValueError(f"import names from {node.module} as they are called there: the downloads have the source")
        names = [alias.name for alias in node.names]
        by_value = node.module.startswith("snippets.tables.")
        parts = _values(node.module, names, results) if by_value else _source(node.module, names, known, path)
        lines[node.lineno - 1 : node.end_lineno] = ["\n\n\n".join(parts)]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines))


def _values(module, names, results):
    if missing := set(names) - results[module]["values"].keys():
        raise ValueError(f"{module} has no value {', '.join(sorted(missing))} that a download could hold")
    return ["\n".join(f"{name} = {pprint.pformat(results[module]['values'][name], width=110, compact=True, sort_dicts=False)}" for name in names)]


def _source(module, names, known, path):
    """The definitions of `names` and of all that they use in their module, and its imports."""
    file, source = read(module.removeprefix("snippets."))
    tree, lines = parsed(source), source.split("\n")
    wanted = needed(tree, names)
    for name in wanted:
        if known.setdefault(name, file) != file or name in names_of(parsed(path.read_text(encoding="utf-8")).body):
            raise ValueError(f"`{name}` of {file} would be something else in the downloads: two have this name")
    starts = {node.lineno: name for name, node in wanted.items()}
    parts = [excerpt(tree, lines, starts[line]) for line in sorted(starts)]
    known_here = path.read_text(encoding="utf-8").split("\n")
    extra = [line for block in imports(tree, parts) for line in block.split("\n") if line not in known_here]
    return ["\n".join(extra), f"# from {file}\n{parts[0]}", *parts[1:], ""]


def _as_script(complete):
    parts = []
    for kind, text in complete:
        if kind == "markdown":
            parts.append("# %% [markdown]\n" + textwrap.indent(text, "# ", lambda line: True).replace("# \n", "#\n"))
        else:
            parts.append(f"# %%\n{_printing(text, rows=kind == 'table')}")
    return "\n\n".join(parts) + "\n"


def _printing(text, rows):
    """The code of a cell that prints what it ends with, a table row by row: Jupyter shows the last expression, a script does not."""
    last, lines = ast.parse(text).body[-1:], text.split("\n")
    if not last or not isinstance(last[0], ast.Expr) or isinstance(last[0].value, (ast.Call, ast.Constant)):
        return text
    value = ast.get_source_segment(text, last[0])  # without the comment behind it
    ahead, behind = lines[last[0].lineno - 1][: last[0].col_offset], lines[last[0].end_lineno - 1][last[0].end_col_offset :]
    if behind.lstrip().startswith(";"):  # which hides it in Jupyter, too
        return text
    call = f"print(*{value}, sep='\\n')" if rows else f"print(({value}))" if isinstance(last[0].value, ast.Tuple) else f"print({value})"
    return "\n".join([*lines[: last[0].lineno - 1], ahead + call, *lines[last[0].end_lineno :]])


def _as_notebook(complete):
    made = [
        {"cell_type": "markdown" if kind == "markdown" else "code", "id": f"cell-{number}", "metadata": {}, "source": text}
        | ({} if kind == "markdown" else {"execution_count": None, "outputs": []})
        for number, (kind, text) in enumerate(complete, 1)
    ]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False) + "\n"
