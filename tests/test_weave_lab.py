"""What is made of an executed lab: values, outputs, or the fault and its place; `test_labs.py` has labs that Jupyter executes."""

import json
import os
import sys
from types import SimpleNamespace

import pytest
from conftest import ROOT

from snippets._weave import lab, notebook, run

LAB = "# %% [markdown]\n# # One\n\n# %%\n# pip install numpy\nx = 1\n\n# %%\nx\n"
SVG, TABLE = {"image/svg+xml": ["<svg>", "</svg>"], "text/plain": "<Figure>"}, {"text/markdown": "| a |", "text/plain": "[]"}
TEXT = {"output_type": "stream", "name": "stdout", "text": ["1\n", "2\n"]}


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A lab in a checkout of its own; environment and folder are this test's."""
    for module in (lab, notebook, run):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(os, "environ", {"MPLBACKEND": "agg", "HOME": "/home"})
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "docs/labs/one.py"
    path.parent.mkdir(parents=True)
    path.write_text(LAB, encoding="utf-8")
    return path


def execute(path, monkeypatch, told, outputs=((), ()), error=None):
    """What `executed` makes of a kernel that tells this, shows these outputs after each cell, and dies of this error."""
    folder = path.parents[2] / "run"
    folder.mkdir()
    given = []

    def kernel(sources):
        given.extend(sources)
        if told:
            (folder / "told").write_text(json.dumps(told), encoding="utf-8")
        if error:
            raise error
        return {"cells": [{"outputs": [{"text": "of the first cell, which begins"}]}, *({"outputs": list(shown)} for shown in outputs), {"outputs": []}]}

    monkeypatch.setattr(lab, "run", kernel)
    return lab.executed(path, folder), given, folder


def test_kernel_is_given_the_cells_between_two_of_its_own(path, monkeypatch):
    _, given, folder = execute(path, monkeypatch, ["values", {}])
    call = f"__import__('sys').path.insert(0, {str(path.parents[2])!r}); __import__('snippets._weave.kernel', fromlist=['_'])"
    assert given == [f"{call}.begin({str(path)!r}, {str(folder / 'told')!r}, [5, 9])", "# pip install numpy\nx = 1", "x", f"{call}.end()"]
    assert os.getcwd() == str(folder)
    assert {name: value for name, value in os.environ.items() if name[:6] != "PYTEST"} == {
        "HOME": "/home", "IPYTHONDIR": str(folder), "JUPYTER_CONFIG_DIR": str(folder), "JUPYTER_DATA_DIR": str(folder),
        "JUPYTER_RUNTIME_DIR": str(folder), "IPYKERNEL_CELL_NAME": str(path), "JUPYTER_NO_CONFIG": "1",
    }  # fmt: skip


def test_values_and_outputs_come_back_by_the_line_of_the_cell(path, monkeypatch):
    outcome, *_ = execute(path, monkeypatch, ["values", {"x": 1, "é": 2}], [[], [TEXT, TEXT, {"data": SVG}, {"data": TABLE}, {"data": {"text/plain": "3"}}]])
    assert outcome == {
        "values": {"x": 1, "é": 2}, "false": [],
        "outputs": {"5": [], "9": [["text", "1\n2\n1\n2\n"], ["figure", "<svg></svg>"], ["table", "| a |"], ["text", "3"]]},
    }  # fmt: skip


def test_fault_that_the_kernel_told_is_the_fault(path, monkeypatch):
    outcome, *_ = execute(path, monkeypatch, ["fault", ["ZeroDivisionError", "docs/labs/one.py", 6]], error=RuntimeError("died"))
    assert outcome == [["ZeroDivisionError", "docs/labs/one.py", 6]]


class CellTimeoutError(Exception):
    pass


class CellExecutionError(Exception):
    ename, evalue = "SystemExit", "0"


@pytest.mark.parametrize("told, error, message, line", [
    (["at", 9], CellExecutionError(), "SystemExit: 0", 9),
    (["at", 5], CellTimeoutError("slow"), run.LATE, 5),
    (["at", 5], RuntimeError("gone"), "its kernel ended: RuntimeError: gone", 5),
    (None, RuntimeError("no kernel"), "its kernel ended: RuntimeError: no kernel", 1),
    (["at", 5], RuntimeError(3000 * "x"), f"its kernel ended: RuntimeError: {1968 * 'x'} ...", 5),
    (["at", 5], type("DeadKernelError", (CellExecutionError,), {"evalue": 3000 * "x"})(), f"SystemExit: {1988 * 'x'} ...", 5),
])  # fmt: skip
def test_kernel_that_told_nothing_is_at_the_cell_it_named_last(path, monkeypatch, told, error, message, line):
    outcome, *_ = execute(path, monkeypatch, told, error=error)
    assert outcome == [(message, "docs/labs/one.py", line)]


def test_warning_is_a_fault_of_its_cell(path, monkeypatch):
    warning = {"name": "stderr", "text": ["Old: ", "do not"]}
    outcome, *_ = execute(path, monkeypatch, ["values", {}], [[TEXT], [TEXT, warning, {"name": "stderr", "text": "!"}]])
    assert outcome == [("writes to stderr: Old: do not!", "docs/labs/one.py", 9)]


@pytest.mark.parametrize("pieces, whole", [
    ([["text", "a"], ["text", "b"], ["text", "c"]], [["text", "abc"]]),
    ([["text", "a"], ["figure", "<svg>"], ["text", "b"]], [["text", "a"], ["figure", "<svg>"], ["text", "b"]]),
    ([["figure", "a"], ["figure", "b"], ["table", "c"], ["text", "d"]], [["figure", "a"], ["figure", "b"], ["table", "c"], ["text", "d"]]),
    ([["text", "a"], ["figure", "b"], ["figure", "c"]], [["text", "a"], ["figure", "b"], ["figure", "c"]]),
    ([["text", "a"], ["table", "t"], ["text", "b"], ["text", "c"]], [["text", "a"], ["table", "t"], ["text", "bc"]]),
    ([], []),
])  # fmt: skip
def test_neighbouring_texts_are_one(pieces, whole):
    assert lab.joined(pieces) == whole


def test_output_without_anything_is_an_empty_text():
    assert lab.kept({"output_type": "stream"}) == ["text", ""]


class Pipe(list):
    send = list.append


@pytest.mark.parametrize("error", [None, ValueError("no"), SystemExit(3)])
def test_process_sends_what_became_of_the_lab(path, monkeypatch, error):
    folders, pipe = [], Pipe()

    def executed(given, folder):
        folders.append(folder)
        assert given == path and folder.is_dir()
        if error:
            raise error
        return {"values": {}}

    monkeypatch.setattr(lab, "executed", executed)
    lab.execute("docs.labs.one", path, pipe)
    assert pipe == ([{"values": {}}] if error is None else [[(f"{type(error).__name__}: {error}", "docs/labs/one.py", 1)]])
    assert not folders[0].exists()


@pytest.mark.parametrize("system, transport", [("nt", "tcp"), ("posix", "ipc")])
def test_settings_are_those_of_mkdocs_jupyter_with_its_limit_after_ours(monkeypatch, system, transport):
    config = SimpleNamespace(KernelManager=SimpleNamespace(), ExecutePreprocessor={"startup_timeout": 60})
    asked = []

    class Exporter:
        def __init__(self, config):
            self.config = config

        def from_notebook_node(self, notebook):
            assert self.config is config
            return json.dumps(notebook), {"resources": 1}

    monkeypatch.setitem(sys.modules, "mkdocs_jupyter.nbconvert2", SimpleNamespace(get_nbconvert_app=lambda **told: asked.append(told) or SimpleNamespace(config=config)))
    monkeypatch.setitem(sys.modules, "nbconvert.exporters", SimpleNamespace(NotebookExporter=Exporter))
    monkeypatch.setattr(lab, "TIME_LIMIT", 7)
    monkeypatch.setattr(lab, "os", SimpleNamespace(name=system))
    made = lab.run(["a = 1", "b"])
    assert asked == [{"execute": True, "kernel_name": "python3", "allow_errors": False}]
    assert config.KernelManager.transport == transport
    assert config.ExecutePreprocessor == {"startup_timeout": 60, "timeout": 8, "shutdown_kernel": "immediate"}
    assert [(cell["cell_type"], cell["id"], cell["source"]) for cell in made["cells"]] == [("code", "cell-0", "a = 1"), ("code", "cell-1", "b")]


def test_checkout_is_this_one():
    assert lab.ROOT == ROOT
