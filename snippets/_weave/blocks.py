"""What a directive on a line of its own stands for: code, a table, a figure."""

import re
from html import escape

from . import WeaveError
from .excerpt import block, example
from .sentence import KINDS, finite, sentence, value

NUMERIC = re.compile(r"(?:\**[-−+]?[\d.,\u202f]+[%×]?\**)?|–|(?:below )?10<sup>.*")
UNFORMATTED = re.compile(r"-?\d+\.\d{13,}|-?\d\.\d{5,}e-?\d+")


def carried_out(kind, what, page):
    if kind in BLOCKS:
        return BLOCKS[kind](what, page)
    near = [known for known in KINDS if known[:3] == kind[:3]] or KINDS
    raise ValueError(f"there is no directive `{kind}`: expected {' or '.join(near)}")


def code(what, page):
    """Functions with the imports that they use, or a whole module without its docstring."""
    if page.is_module(what):
        source = page.source(what)
        docstring = source.tree.body[0].end_lineno if source.docstring() else 0
        parts = ["\n".join(source.lines[docstring:]).strip()]
    else:
        ends = [part.partition("..") for part in what.split()]
        modules = sorted({first.rpartition(".")[0] for first, *_ in ends})
        if len(modules) > 1:
            raise ValueError(f"one block shows one module, not {', '.join(modules)}")
        source = page.source(modules[0])
        ends = [(first.rpartition(".")[2], last.rpartition(".")[2]) for first, _, last in ends]
        parts = [source.excerpt(first, last or first) for first, last in ends]
        parts = [*source.imports(parts), *parts]
    link = f"{page.root}snippets/{source.path.stem}.html" if source.is_snippet else ""
    return block("\n\n\n".join(parts), title=source.place, link=link)


def examples(what, page):
    """The doctest of a function as code that can be pasted, its output in comments."""
    module, name = (what, None) if page.is_module(what) else what.rpartition(".")[::2]
    if text := example(page.source(module).examples(name)):
        return block(text, title=f"{what}: example")
    raise ValueError(f"`{what}` has no doctest to show")


def table(what, page):
    """A list of rows as a Markdown table; a column of numbers is flush right."""
    rows = page.value(f"tables.{what}")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"`{what}` is not a table, a list of dicts, in snippets/tables/")
    return as_table(rows, what, lambda cell: sentence(cell, page, 1))


def as_table(rows, what, shown=str):
    """Rows as a Markdown table, each cell passed through `shown`."""
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"the rows of `{what}` have different keys")
    columns = [[finite(str(row[heading]), what) for row in rows] for heading in rows[0]]
    if long := [cell for column in columns for cell in column if UNFORMATTED.fullmatch(cell)]:
        raise ValueError(f"`{what}` has the cell {long[0]}: format the number, as text")
    numeric = [all(NUMERIC.fullmatch(cell) for cell in column) for column in columns]
    headings = [
        re.sub(r'(<math )(alttext=)("[^"]*")', r"\1aria-label=\3 \2\3", shown(heading))
        for heading in rows[0]
    ]
    cells = [[shown(cell) for cell in line] for line in zip(*columns, strict=True)]
    return markdown_table(headings, cells, ["---:" if right else "---" for right in numeric])


def markdown_table(headings, rows, marks=None):
    """A table; a bar within a cell is no border, and stays in code as it is."""
    bars = re.compile(r"(?P<code>`+.+?`+)|\|")
    lines = [headings, marks or ["---"] * len(headings), *rows]
    cells = [[bars.sub(lambda bar: bar["code"] or "\\|", cell) for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def output(what, page):
    """A text that a module computed, such as what a program printed, line by line."""
    return block(value(what, page), "text")


def figure(what, page):
    """The drawing, inline, with its title below."""
    result = page.result(f"figures.{what}")
    if result["failed"]:
        raise WeaveError(result["errors"][-1])
    return drawing(what, result["svg"], escape(result["values"]["TITLE"]))


def drawing(name, svg, caption):
    caption = f"<figcaption>{caption}</figcaption>"
    return f'<figure class="figure" id="figure-{name}">{svg}{caption}</figure>'


def whole(what, page):
    """The file of a snippet, as it is downloaded."""
    source = page.source(what)
    html = block(page.signed(source.path, source.text), title=source.place)
    return html.replace('class="c1"', 'class="c1 origin"', 1)


def listing(what, page):
    """The table of all snippets, for a page at the top of `docs/`."""
    rows = []
    for stem in page.result("build")["values"]["snippets"]:
        source = page.source(stem)
        summary = source.docstring().partition("\n")[0]
        rows.append([f"[{stem}.py](snippets/{stem}.md)", summary, source.needs()])
    return markdown_table(["File", "What is in it", "Needs"], rows)


BLOCKS = dict(zip(KINDS, [code, examples, table, output, figure, whole, listing], strict=True))
