"""Holds the Jupyter kernel of a lab to the rules of a module, and shows figures and tables as a page has them."""

import ast
import contextlib
import importlib
import json
import os
import sys
import threading
import traceback
from pathlib import Path
from types import SimpleNamespace

import matplotlib
from cycler import cycler
from matplotlib.figure import Figure

from snippets.figures import GRID, INK, MUTED, PALETTE, PAPER, WIDTH

from . import figure as drawing
from .chapter import as_table
from .confine import confine, random_state
from .modules import declared
from .run import LATE, TIME_LIMIT, _shown, place, plain, plain_values, where
from .source import names

CYCLE = [PALETTE[name] for name in ("forward", "backward", "third", "muted")]  # what Matplotlib calls C0, C1, C2 and C3
STYLE = drawing.STYLE | {"axes.prop_cycle": cycler(color=CYCLE), "figure.figsize": (WIDTH, 3)}
GREYS = {"#000000": INK, "#808080": MUTED, "#d3d3d3": GRID, "#ffffff": PAPER}  # black, grey, lightgrey, white

state = {}


def begin(path, told, lines):
    """In the kernel, ahead of the first cell: confine it, and show figures and tables as a page has them."""
    shell = sys.modules["IPython"].get_ipython()
    state.update(path=Path(path), told=Path(told), lines=iter([*lines, lines[-1]]), shell=shell, figures=0, line=1, last=None)
    shell.ast_transformers.append(Located())
    shell.set_custom_exc((BaseException,), lambda shell, kind, error, trace, tb_offset=None: fault(error))
    importlib.import_module("matplotlib_inline.backend_inline")  # it has settings and formatters of its own
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(STYLE)
    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure)
    formatters["image/svg+xml"].for_type(Figure, svg)
    formatters["text/markdown"].for_type(list, table)
    for name in libraries(state["path"]):
        with contextlib.suppress(ImportError):  # the lab's own import will tell
            importlib.import_module(name)
    confine(declared(state["path"]))
    deadline = threading.Timer(TIME_LIMIT, give_up)
    deadline.daemon = True
    deadline.start()
    state["dice"] = random_state()


def libraries(path):
    """What the lab imports from elsewhere: it may throw dice while it is imported, so ahead of the watch."""
    return [name for node in ast.walk(ast.parse(path.read_bytes())) for name in names(node) if name.split(".")[0] not in ("", "snippets")]


def end():
    """In the kernel, after the last cell: tell the values."""
    check_dice()
    check_records()
    shell = state["shell"]
    own = {name: value for name, value in shell.user_ns.items() if name not in shell.user_ns_hidden}
    tell("values", plain_values(own))


def check_dice():
    """Whether the last cell left the generators alone that everybody shares."""
    if random_state() != state["dice"]:
        fault(ValueError("uses the global random state: pass a np.random.Generator with a seed, or random_state="))


def check_records():
    """Whether what the lab took from tables is the same in its downloads, which have it as text."""
    for node in ast.walk(ast.parse(state["path"].read_bytes())):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("snippets.tables."):
            for name in (alias.name for alias in node.names):
                value = getattr(sys.modules[node.module], name)
                if plain(value) is not None and (type(value) is not type(plain(value)) or value != plain(value)):
                    fault(ValueError(f"{name} of {node.module} would be something else in the downloads: it is not of numbers, texts, lists and dicts alone"))


def tell(what, content):
    """A fault is told once: the first is the cause of the others."""
    if state["last"] != "fault":
        state["last"] = what
        state["told"].write_text(json.dumps([what, content]), encoding="utf-8")


class Located(ast.NodeTransformer):
    """Gives the statements of a cell the lines that they have in the lab, and tells which cell runs."""

    def visit(self, node):
        check_dice()
        state["line"] = next(state["lines"])
        tell("at", state["line"])
        return ast.increment_lineno(node, state["line"] - 1)


def fault(error, frames=()):
    message = where(error, state["path"])[0]
    tell("fault", [message, *at([*frames, *traceback.extract_tb(error.__traceback__)])])
    return [message]


def at(frames):
    file, line = place(frames, state["path"])
    return _shown(file), state["line"] if (file, line) == (state["path"], 1) else line


def give_up():
    try:
        tell("fault", [LATE, *at(traceback.extract_stack(sys._current_frames()[threading.main_thread().ident]))])
    finally:
        os._exit(1)


def formatter(function):
    """IPython prints what goes wrong in a formatter and goes on: tell it, with the line that showed something."""

    def told(shown):
        try:
            return function(shown)
        except Exception as error:
            fault(error, traceback.extract_stack())
            raise

    return told


@formatter
def svg(figure):
    """The figure for the page, named by the lab's TITLE and DESCRIPTION, which serve for one figure."""
    if figure.get_figwidth() > WIDTH:
        raise ValueError(f"the figure is {figure.get_figwidth():g} inches wide: expected at most {WIDTH}, or a phone cannot show it")
    state["figures"] += 1
    names = {name: state["shell"].user_ns.pop(name, "") for name in ("TITLE", "DESCRIPTION")}
    module = SimpleNamespace(__name__=f".{state['path'].stem}-{state['figures']}", draw=lambda: figure, **names)
    return drawing.svg(module, STYLE, GREYS)


@formatter
def table(rows):
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    if not all(isinstance(cell, (str, int)) and row.keys() == rows[0].keys() for row in rows for cell in row.values()):
        raise ValueError("a table is a list of dicts with the same keys, its cells strings, or the last digits would be shown")
    return as_table(rows, "the table")
