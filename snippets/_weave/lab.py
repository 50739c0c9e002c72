"""Executes a lab by mkdocs-jupyter and brings back what it computed and showed.

This runs in a process of the lab's own. `kernel` runs in the Jupyter kernel that mkdocs-jupyter starts, in a cell ahead of the
lab's and one after them. The two share a file: what the kernel is at, what went wrong, or what it computed.
"""

import json
import os
import tempfile
from pathlib import Path

from . import ROOT
from .notebook import cells
from .run import LATE, TIME_LIMIT, _shown, short, where


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
    call = f"__import__('sys').path.insert(0, {str(ROOT)!r}); __import__('snippets._weave.kernel', fromlist=['_'])"
    try:
        notebook = run([f"{call}.begin({str(path)!r}, {str(told)!r}, {[cell.line for cell in code]})",
                        *(cell.text for cell in code), f"{call}.end()"])  # fmt: skip
    except Exception as error:  # the kernel has told what it was, unless it died
        died = error
    state, content = json.loads(told.read_text(encoding="utf-8")) if told.exists() else ("at", 1)
    if state == "fault":
        return [content]
    if state == "at":
        return [(ended(died), _shown(path), content)]
    shown = {}
    for cell, done in zip(code, notebook["cells"][1:]):
        if warned := [output["text"] for output in done["outputs"] if output.get("name") == "stderr"]:
            return [(short("writes to stderr: " + "".join(map("".join, warned))), _shown(path), cell.line)]
        shown[str(cell.line)] = joined(map(kept, done["outputs"]))
    return {"values": content, "outputs": shown, "false": []}


def ended(died):
    """Why the kernel told nothing: the cell exited, it took too long in a library, or the kernel died."""
    if hasattr(died, "ename"):
        return short(f"{died.ename}: {died.evalue}")
    return LATE if type(died).__name__ == "CellTimeoutError" else short(f"its kernel ended: {type(died).__name__}: {died}")


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


def joined(outputs):
    """The outputs with neighbouring texts as one: what is printed arrives in pieces, cut by the clock."""
    together = []
    for kind, text in outputs:
        if kind == "text" and together and together[-1][0] == "text":
            together[-1][1] += text
        else:
            together.append([kind, text])
    return together
