"""What happens in the Jupyter kernel of a lab: the rules of a module, figures as SVG."""

import importlib
import json
import re
from itertools import count
from pathlib import Path

import matplotlib
import matplotlib_inline.backend_inline  # noqa: F401  it brings settings and formatters of its own
from IPython import get_ipython
from matplotlib.figure import Figure

from snippets.figures import LAB_STYLE, STYLE

from . import process, read_text
from .cache import CODE, digest
from .figure import svg

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
    before = process.random_state()
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(STYLE | LAB_STYLE)

    def after_cell(cell):
        try:
            if error := cell.error_before_exec or cell.error_in_exec:
                raise error
            process.check_random_state(before)
        except BaseException as error:  # SystemExit too
            process.failed(result, process.located(error, path))
        names = shell.user_ns.keys() - shell.user_ns_hidden
        result["values"] = process.plain_values({name: shell.user_ns[name] for name in names})
        Path(report).write_text(json.dumps(result), encoding="utf-8")

    drawn = count(1)

    def as_svg(figure):
        """The figure for the page, named by the TITLE and DESCRIPTION that its cell has set."""
        words = (shell.user_ns.pop(name, "") for name in ("TITLE", "DESCRIPTION"))
        return svg(figure, f"{path.stem}-{next(drawn)}", *words)

    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure)
    formatters["image/svg+xml"].for_type(Figure, as_svg)
    shell.ast_transformers.append(process.PassOver())
    shell.events.register("post_run_cell", after_cell)
    process.watch(result)
