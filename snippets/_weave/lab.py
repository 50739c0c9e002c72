"""Executes a lab with mkdocs-jupyter, in a process of the lab's own.

`kernel` runs in the Jupyter kernel that mkdocs-jupyter starts, by a cell ahead of the lab's, and
writes down after each cell what the lab has computed.
"""

import ast
import json
import os
import tempfile
from pathlib import Path

from mkdocs_jupyter.nbconvert2 import get_nbconvert_app
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat.v4 import new_code_cell, new_notebook

from . import ROOT, at, read_text
from .lab_page import cells
from .process import failed

BEGIN = """import sys
sys.path.insert(0, {root!r})
from snippets._weave import kernel
kernel.begin({lab!r}, {report!r})"""


def execute_lab(path, result):
    """Fill the result of a lab, as `process.execute` describes it."""
    ast.parse(read_text(path), str(path))  # a slip is seen ahead of the run
    code = [cell for cell in cells(path) if cell.is_code]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report")
        begin = BEGIN.format(root=str(ROOT), lab=str(path), report=str(report))
        # below as many lines as in the file, so that errors have their place there
        sources = [begin, *("#\n" * (cell.line - 1) + cell.source for cell in code)]
        _, *done = executed([new_code_cell(source) for source in sources], path, folder)
        if not report.exists():
            raise RuntimeError("the kernel did not start")
        used = result["used"]
        result |= json.loads(report.read_text(encoding="utf-8"))
        result["used"] |= used
    result["outputs"] = [cell.outputs for cell in done]
    for cell, place in zip(done, code, strict=True):
        for output in cell.outputs:
            if output.get("name") == "stderr":
                said = output.text.strip().splitlines()[-1]
                failed(result, at(path, place.line, f"writes to stderr: {said}"))
            elif output.output_type == "error":  # of what is shown: a figure, a table
                failed(result, at(path, place.line, f"{output.ename}: {output.evalue}"))


def executed(code, path, folder):
    """Execute cells, up to an error, in an empty folder, whatever this machine is set to."""
    settings = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    os.environ |= dict.fromkeys(settings, folder)
    os.environ |= {"IPYKERNEL_CELL_NAME": str(path), "JUPYTER_NO_CONFIG": "1"}
    os.environ.pop("MPLBACKEND", None)  # with one of its own Jupyter would show no figure
    os.chdir(folder)
    config = get_nbconvert_app(execute=True, kernel_name="python3", allow_errors=False).config
    config.KernelManager.transport = "tcp" if os.name == "nt" else "ipc"
    settings = {"timeout": None, "shutdown_kernel": "immediate", "coalesce_streams": True}
    config.ExecutePreprocessor.update(settings)
    try:
        ExecutePreprocessor(config=config).preprocess(new_notebook(cells=code))
    except CellExecutionError:
        pass  # the report has it
    os.chdir(ROOT)
    return code
