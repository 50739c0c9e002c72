"""What happens in the Jupyter kernel of a lab: the rules of a module, figures as SVG."""

import importlib
import json
import re
import traceback
from pathlib import Path

import matplotlib
import matplotlib_inline.backend_inline  # noqa: F401  it brings settings and formatters of its own
from IPython import get_ipython
from matplotlib.figure import Figure

from snippets.figures import LAB_STYLE, STYLE

from . import at, read_text
from .cache import CODE, digest
from .chapter import as_table
from .figure import svg
from .process import (
    PassOver,
    check_random_state,
    failed,
    located,
    plain_values,
    random_state,
    watch,
)

COLOURS = f"snippets/figures/__init__.py{CODE}"  # used, but not by the lab


def begin(path, report):
    """Ahead of the first cell: hold the lab to the rules, and show as a page does.

    After each cell, what the lab has computed so far is written to the file `report`.
    """
    shell, path = get_ipython(), Path(path)
    result = {"values": {}, "errors": [], "failed": False, "used": {COLOURS: digest(COLOURS)}}
    for name in re.findall(r"(?m)^(?:import|from) ([\w.]+)", read_text(path)):
        if not name.startswith("snippets"):  # a library may use random numbers on its import
            importlib.import_module(name)
    before = random_state()
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(STYLE | LAB_STYLE)

    def after_cell(cell):
        try:
            if error := cell.error_before_exec or cell.error_in_exec:
                raise error
            check_random_state(before)
        except BaseException as error:  # SystemExit too
            failed(result, located(error, path))
        names = shell.user_ns.keys() - shell.user_ns_hidden
        result["values"] = plain_values({name: shell.user_ns[name] for name in names})
        Path(report).write_text(json.dumps(result), encoding="utf-8")

    def shown_by(make):
        def attempt(what):
            try:
                return make(what)
            except ValueError as error:  # IPython would lose it
                frames = [f for f in traceback.extract_stack() if f.filename == str(path)]
                line = frames[-1].lineno if frames else 1
                failed(result, at(path, line, f"ValueError: {error}"))
                return ""

        return attempt

    drawn = iter(range(1, 1000))

    def as_svg(figure):
        """The figure for the page, named by the TITLE and DESCRIPTION that its cell has set."""
        title, description = (shell.user_ns.pop(name, "") for name in ("TITLE", "DESCRIPTION"))
        return svg(figure, f"{path.stem}-{next(drawn)}", title, description)

    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure)
    formatters["image/svg+xml"].for_type(Figure, shown_by(as_svg))
    formatters["text/markdown"].for_type(list, shown_by(as_rows))
    shell.ast_transformers.append(PassOver())
    shell.events.register("post_run_cell", after_cell)
    watch(result)


def as_rows(rows):
    is_table = rows and all(isinstance(row, dict) for row in rows)
    return as_table(rows, "the table") if is_table else None
