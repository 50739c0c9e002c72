"""Executes a lab with mkdocs-jupyter and brings back what it computed and showed.

This runs in a process of the lab's own. `kernel` runs in the Jupyter kernel that mkdocs-jupyter
starts, in a cell ahead of the lab's and one after them, which hands over the result.
"""

import ast
import os
import tempfile

import nbformat
from mkdocs_jupyter.nbconvert2 import get_nbconvert_app
from nbconvert.exporters import NotebookExporter

from . import ROOT, shown
from .lab_page import cells
from .sources import code_digest

RESULT = "application/x-weave+json"
STYLE = "snippets/figures/__init__.py"


def execute_lab(path, result):
    """Fill the result of a lab, as `process.execute` describes it."""
    sources = result["sources"] | {STYLE: code_digest(ROOT / STYLE)}  # read ahead of the watch
    code = [cell for cell in cells(path) if cell.cell_type == "code"]
    lines = [cell.metadata.line for cell in code]
    for cell, line in zip(code, lines, strict=True):
        ast.parse("\n" * (line - 1) + cell.source, str(path))  # a slip is seen ahead of the run
    call = f"__import__('sys').path.insert(0, {str(ROOT)!r}); from snippets._weave import kernel"
    begin, end = f"{call}; kernel.begin({str(path)!r}, {lines})", "kernel.end()"
    done = executed(path, [begin, *(cell.source for cell in code), end])
    handed_over = [output for output in done[-1].outputs if RESULT in output.get("data", {})]
    if not handed_over:
        raise RuntimeError(f"the kernel failed: {done[0].outputs or done[-1].outputs}")
    result |= handed_over[0]["data"][RESULT]
    result["sources"] |= sources
    result["outputs"] = [joined(map(as_shown, cell.outputs)) for cell in done[1:-1]]
    for cell, line in zip(done[1:-1], lines, strict=True):
        warned = "".join(
            output["text"] for output in cell.outputs if output.get("name") == "stderr"
        )
        if warned and not result["errors"]:
            message = f"writes to stderr: {warned.strip().splitlines()[-1]}"
            result["errors"].append([message, shown(path), line])


def executed(path, sources):
    """The cells with these sources, executed with mkdocs-jupyter's settings."""
    app = get_nbconvert_app(execute=True, kernel_name="python3", allow_errors=True)
    app.config.KernelManager.transport = "tcp" if os.name == "nt" else "ipc"
    app.config.ExecutePreprocessor.update({"timeout": None, "shutdown_kernel": "immediate"})
    code = [nbformat.v4.new_code_cell(source) for source in sources]
    with tempfile.TemporaryDirectory() as folder:
        settings = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
        os.environ |= dict.fromkeys(settings, folder)  # whatever this machine is set to
        os.environ |= {"IPYKERNEL_CELL_NAME": str(path), "JUPYTER_NO_CONFIG": "1"}
        os.environ.pop("MPLBACKEND", None)  # with one of its own Jupyter would show no figure
        os.chdir(folder)
        exporter = NotebookExporter(config=app.config)
        text, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=code))
        os.chdir(ROOT)
    return nbformat.reads(text, 4).cells


def as_shown(output):
    """`[kind, text]` of an output: a figure, a table, or text."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    kinds = {"image/svg+xml": "figure", "text/markdown": "table", "text/plain": "text"}
    return next(([kind, data[mime]] for mime, kind in kinds.items() if mime in data), ["text", ""])


def joined(outputs):
    """The outputs with neighbouring texts as one: what is printed arrives cut by the clock."""
    together = []
    for kind, text in outputs:
        if kind == "text" and together and together[-1][0] == "text":
            together[-1][1] += text
        else:
            together.append([kind, text])
    return together
