"""Writes a lab for readers to run: a script and a Jupyter notebook, each complete on its own.

What the lab imports from `snippets` stands in them as source, and the numbers of its prose are
filled in.
"""

import ast
import pprint
import re
import textwrap

import jupytext
import nbformat

from . import WeaveError, shown
from .chapter import INLINE, filled_in, typeset, value

BOX = re.compile(r'(?m)^(?:!!!|\?\?\?) \w+ "(.*)"\n\n?((?: {4}.*\n?|\n(?= {4}))+)')
LINK = re.compile(
    r"(?P<kept>\$\$[^$]*\$\$|(?P<mark>`+).+?(?P=mark)|\\\$|\$[^$]+\$)"
    r"|\[(?P<text>[^\]]+)\]\((?!https?:)[^)]*\)"
)


def downloads(cells, page):
    """The text of the script and of the notebook, by suffix."""
    v4 = nbformat.v4
    script, notebook = v4.new_notebook(), v4.new_notebook()
    for number, cell in enumerate(cell for cell in cells if cell.cell_type != "raw"):
        if cell.cell_type == "markdown":
            made = v4.new_markdown_cell(prose(cell.source, page), id=f"cell-{number + 1}")
            script.cells.append(made)
        else:
            text = complete(cell, page)
            made = v4.new_code_cell(text, id=f"cell-{number + 1}")
            script.cells.append(v4.new_code_cell(printing(text)))
        notebook.cells.append(made)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata |= {"kernelspec": kernel, "language_info": {"name": "python"}}
    filters = ("notebook_metadata_filter", "cell_metadata_filter")
    script.metadata["jupytext"] = dict.fromkeys(filters, "-all")
    text = nbformat.writes(notebook, indent=1, ensure_ascii=False) + "\n"
    return {".py": jupytext.writes(script, "py:percent"), ".ipynb": text}


def prose(text, page):
    """Prose with its numbers, its formulas as TeX, a box as a quotation, no link to a page."""

    def replacement(match):
        if match["value"]:
            return typeset(value(match["value"], page))
        return filled_in(match[0], page)

    text = BOX.sub(quotation, INLINE.sub(replacement, text))
    return LINK.sub(lambda match: match["kept"] or match["text"], text)


def quotation(match):
    body = textwrap.indent(textwrap.dedent(match[2]).rstrip(), "> ", lambda line: True)
    return f"> **{match[1]}**\n>\n{body}\n"


def complete(cell, page):
    """The code of a cell with the source or the value of what it imports from `snippets`."""
    lines = cell.source.split("\n")
    for node in reversed(ast.parse(cell.source).body):
        module = getattr(node, "module", None) or ""
        if isinstance(node, ast.ImportFrom) and module.startswith("snippets."):
            names, what = [alias.name for alias in node.names], module.removeprefix("snippets.")
            taken = records if what.startswith("tables.") else definitions
            try:
                parts = taken(what, names, page)
            except (ValueError, LookupError) as error:
                line = cell.metadata.line + node.lineno - 1
                raise WeaveError(f"the downloads lack {error}", shown(page.path), line) from None
            lines[node.lineno - 1 : node.end_lineno] = ["\n\n\n".join(parts)]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines))


def records(what, names, page):
    """What a lab takes from a table, as its value."""
    values = page.result(what)["values"]
    written = {name: pprint.pformat(values[name], compact=True, sort_dicts=False) for name in names}
    return ["\n".join(f"{name} = {text}" for name, text in written.items())]


def definitions(what, names, page):
    """What a lab takes from a snippet, as source with all that it uses there."""
    source = page.source(what)
    imports, parts = source.complete(names)
    return [*imports, f"# from {source.place}", *parts, ""]


def printing(text):
    """A cell that prints what it ends with: Jupyter shows it, a script does not."""
    last = ast.parse(text).body[-1:]
    if not last or not isinstance(last[0], ast.Expr) or isinstance(last[0].value, ast.Call):
        return text
    lines, (node,) = text.split("\n"), last
    shown_ = ast.get_source_segment(text, node)
    return "\n".join([*lines[: node.lineno - 1], f"print({shown_})", *lines[node.end_lineno :]])
