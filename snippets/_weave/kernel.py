"""What happens in the Jupyter kernel of a lab: the rules of a module, figures as SVG."""

import ast
import importlib
import traceback
from functools import partial
from pathlib import Path

import matplotlib
import matplotlib_inline.backend_inline  # noqa: F401  it brings settings and formatters of its own
from cycler import cycler
from IPython import display, get_ipython
from matplotlib.figure import Figure

from snippets.figures import GRID, INK, MUTED, PALETTE, PAPER, WIDTH

from . import figure as drawing
from . import shown
from .chapter import as_table
from .excerpt import Source
from .process import PassOver, check_random_state, located, plain_values, random_state, watch

CYCLE = [PALETTE[name] for name in ("forward", "backward", "third", "muted")]  # C0 to C3
STYLE = drawing.STYLE | {"axes.prop_cycle": cycler(color=CYCLE), "figure.figsize": (WIDTH, 3)}
GREYS = {"#000000": INK, "#808080": MUTED, "#d3d3d3": GRID, "#ffffff": PAPER}
RESULT = "application/x-weave+json"
lab = {"errors": [], "false": [], "sources": {}}


def begin(path, lines):
    """Ahead of the first cell: hold the lab to the rules, and show as a page does."""
    global shell, remaining, lab_path, before
    for name in Source(Path(path)).imported():
        if not name.startswith("snippets"):  # a library may use random numbers on its import
            importlib.import_module(name)
    shell, remaining, lab_path, before = get_ipython(), [*lines, 1], Path(path), random_state()
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(STYLE)
    shell.ast_transformers += [InFile(), PassOver()]
    shell.events.register("post_run_cell", check)
    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure)
    formatters["image/svg+xml"].for_type(Figure, partial(attempt, as_svg))
    formatters["text/markdown"].for_type(list, partial(attempt, as_rows))
    watch(lab)


def end():
    """After the last cell: hand over the result."""
    try:
        check_random_state(before)
    except ValueError as error:
        failed(located(error, lab_path))
    values = {name: shell.user_ns[name] for name in shell.user_ns.keys() - shell.user_ns_hidden}
    display.display({RESULT: lab | {"values": plain_values(values)}}, raw=True)


class InFile(ast.NodeTransformer):
    """Gives the statements of a cell their lines in the file; after an error, leaves them out."""

    def visit(self, node):
        line = remaining.pop(0)
        if lab["errors"] and remaining:
            return ast.Module([], [])
        return ast.increment_lineno(node, line - 1)


def check(cell):
    """After each cell: note what it raised."""
    if error := cell.error_before_exec or cell.error_in_exec:
        failed(located(error, lab_path))


def failed(error):
    lab["errors"] = lab["errors"] or [error]  # the first is the cause of the others


def attempt(formatter, shown_):
    """Show something; IPython would lose what goes wrong there."""
    try:
        return formatter(shown_)
    except ValueError as error:
        lines = [f.lineno for f in traceback.extract_stack() if f.filename == str(lab_path)]
        failed([f"ValueError: {error}", shown(lab_path), lines[-1] if lines else 1])
        return ""


def as_svg(figure):
    """The figure for the page, named by the TITLE and DESCRIPTION that its cell has set."""
    lab["figures"] = lab.get("figures", 0) + 1
    title, description = (shell.user_ns.pop(name, "") for name in ("TITLE", "DESCRIPTION"))
    return drawing.svg(figure, f"{lab_path.stem}-{lab['figures']}", title, description, GREYS)


def as_rows(rows):
    is_table = rows and all(isinstance(row, dict) for row in rows)
    return as_table(rows, "the table") if is_table else None
