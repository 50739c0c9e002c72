"""Executes a lab by mkdocs-jupyter, in a Jupyter kernel that is held to the rules of a module, and brings back what it showed.

`execute` and what it calls run in a process of the lab's own, `begin` and `end` in its kernel, around the lab's cells.
The two share a file: what the kernel is at, what went wrong, or what it computed.
"""

import ast
import contextlib
import importlib
import json
import os
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from types import SimpleNamespace

import matplotlib
from cycler import cycler
from matplotlib.figure import Figure

from snippets.figures import PALETTE, WIDTH

from . import ROOT
from .chapter import as_table
from .confine import confine, random_state
from . import figure as weave
from .notebook import cells
from .run import LATE, TIME_LIMIT, _shown, place, plain_values, where

CYCLE = [PALETTE[name] for name in ("forward", "backward", "third", "muted")]  # what Matplotlib calls C0, C1, C2 and C3
STYLE = weave.STYLE | {"axes.prop_cycle": cycler(color=CYCLE), "figure.figsize": (WIDTH, 3)}
GREYS = {"#000000": PALETTE["ink"], "#808080": PALETTE["muted"], "#d3d3d3": PALETTE["grid"], "#ffffff": PALETTE["paper"]}  # black, grey, lightgrey, white


def execute(name, path, pipe):
    """In the new process: send what the lab computed and showed, or the faults that it had."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            outcome = executed(path, Path(folder))
        except BaseException as error:
            outcome = [where(error, path)]
    pipe.send(outcome)


def executed(path, folder):
    """Values and outputs of the lab, or a list of faults."""
    os.chdir(folder)
    os.environ |= {name: str(folder) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    os.environ |= {"IPYKERNEL_CELL_NAME": str(path), "JUPYTER_NO_CONFIG": "1"}
    os.environ.pop("MPLBACKEND", None)  # whatever this machine says: with Agg no figure would be shown
    code = [cell for cell in cells(path) if cell.kind == "code"]
    told, died = folder / "told", None
    call = f"__import__('sys').path.insert(0, {str(ROOT)!r}); __import__('snippets._weave.lab', fromlist=['_'])"
    try:
        notebook = run([f"{call}.begin({str(path)!r}, {str(told)!r}, {[cell.line for cell in code]})",
                        *(cell.text for cell in code), f"{call}.end()"])  # fmt: skip
    except Exception as error:  # the kernel has told what it was, unless it died
        died = error
    state, content = json.loads(told.read_text(encoding="utf-8")) if told.exists() else ("at", 1)
    if state == "fault":
        return [content]
    if state == "at":
        late = type(died).__name__ == "CellTimeoutError"
        return [(LATE if late else f"its kernel ended: {type(died).__name__}: {died}"[:2000], _shown(path), content)]
    shown = {}
    for cell, outputs in zip(code, (cell["outputs"] for cell in notebook["cells"][1:])):
        shown[str(cell.line)] = [kept(output) for output in outputs]
        if any(output.get("name") == "stderr" for output in outputs):
            return [("writes to stderr: " + "".join(text for _, text in shown[str(cell.line)])[:2000], _shown(path), cell.line)]
    return {"values": content, "outputs": shown, "false": []}


def run(sources):
    """The notebook with these cells, executed with mkdocs-jupyter's settings, as a dict."""
    from mkdocs_jupyter.nbconvert2 import get_nbconvert_app
    from nbconvert.exporters import NotebookExporter
    from nbformat.v4 import new_code_cell, new_notebook

    app = get_nbconvert_app(execute=True, kernel_name="python3", allow_errors=False)
    app.config.KernelManager.transport = "tcp" if os.name == "nt" else "ipc"
    app.config.ExecutePreprocessor.update({"timeout": TIME_LIMIT + 1, "shutdown_kernel": "immediate"})
    made = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    return json.loads(NotebookExporter(config=app.config).from_notebook_node(new_notebook(cells=made))[0])


def kept(output):
    """`[kind, text]` of an output: a figure, a table, or text."""
    data = {mime: "".join(text) for mime, text in output.get("data", {"text/plain": output.get("text", "")}).items()}
    for mime, kind in (("image/svg+xml", "figure"), ("text/markdown", "table")):
        if mime in data:
            return [kind, data[mime]]
    return ["text", data["text/plain"]]


kernel = {}


def begin(path, told, lines):
    """In the kernel, ahead of the first cell: confine it, and show figures and tables as a page has them."""
    shell = sys.modules["IPython"].get_ipython()
    kernel.update(path=Path(path), told=Path(told), lines=iter([*lines, lines[-1]]), shell=shell, figures=0)
    shell.ast_transformers.append(Located())
    shell.set_custom_exc((BaseException,), lambda shell, kind, error, trace, tb_offset=None: fault(error))
    importlib.import_module("matplotlib_inline.backend_inline")  # it has settings and formatters of its own
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(STYLE)
    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure)
    formatters["image/svg+xml"].for_type(Figure, svg)
    formatters["text/markdown"].for_type(list, table)
    for node in ast.walk(ast.parse(kernel["path"].read_bytes())):  # a library may throw dice while it is imported
        for name in {ast.Import: lambda: [alias.name for alias in node.names], ast.ImportFrom: lambda: [node.module]}.get(type(node), list)():
            with contextlib.suppress(ImportError):
                name.startswith("snippets") or importlib.import_module(name)
    confine()
    deadline = threading.Timer(TIME_LIMIT, give_up)
    deadline.daemon = True
    deadline.start()
    kernel["dice"] = random_state()


def end():
    """In the kernel, after the last cell: tell the values."""
    shell = kernel["shell"]
    if random_state() != kernel["dice"]:
        raise ValueError("uses the global random state: pass a np.random.Generator with a seed, or random_state=")
    own = {name: value for name, value in shell.user_ns.items() if name not in shell.user_ns_hidden}
    tell("values", plain_values(own))


def tell(state, content):
    """Faults are told once: the first is the cause of the others."""
    if kernel.get("state") != "fault":
        kernel["state"] = state
        kernel["told"].write_text(json.dumps([state, content]), encoding="utf-8")


class Located(ast.NodeTransformer):
    """Gives the statements of a cell the lines that they have in the lab, and tells which cell runs."""

    def visit(self, node):
        kernel["line"] = next(kernel["lines"])
        tell("at", kernel["line"])
        return ast.increment_lineno(node, kernel["line"] - 1)


def fault(error, frames=()):
    message = where(error, kernel["path"])[0]
    tell("fault", [message, *at([*frames, *traceback.extract_tb(error.__traceback__)])])
    return [message]


def at(frames):
    file, line = place(frames, kernel["path"])
    return _shown(file), kernel["line"] if (file, line) == (kernel["path"], 1) else line


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
    kernel["figures"] += 1
    names = {name: kernel["shell"].user_ns.pop(name, "") for name in ("TITLE", "DESCRIPTION")}
    module = SimpleNamespace(__name__=f".{kernel['path'].stem}-{kernel['figures']}", draw=lambda: figure, **names)
    return weave.svg(module, STYLE, GREYS)


@formatter
def table(rows):
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    if not all(isinstance(cell, (str, int)) and row.keys() == rows[0].keys() for row in rows for cell in row.values()):
        raise ValueError("a table is a list of dicts with the same keys, its cells strings, or the last digits would be shown")
    return as_table(rows, "the table")
