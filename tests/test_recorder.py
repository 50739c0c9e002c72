"""The recorder: what it runs, what it takes down, and what it says where it cannot."""

import json
import platform
import runpy
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace

import pytest
from conftest import ROOT, needs

from snippets.recorded import __main__ as recorder

FOLDER = ROOT / "snippets/recorded"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for records, JAX missing, and programs that do nothing."""

    def version(package):
        if package == "jax":
            raise PackageNotFoundError(package)
        return "1.0"

    monkeypatch.setattr(recorder, "FOLDER", tmp_path)
    monkeypatch.setattr(recorder, "version", version)
    monkeypatch.setattr(recorder, "record", lambda name: f'"{name}"'.encode())
    return tmp_path


def test_the_recorder_records_all_that_is_installed_and_says_what_is_not(folder):
    assert recorder.main() == "with_jax.py was not run: jax is not installed (tests/requirements.txt has it)"
    assert {path.stem for path in folder.iterdir()} == set(recorder.PACKAGES) - {"with_jax"}


def test_the_recorder_names_each_program_that_it_could_not_run(folder, monkeypatch):
    monkeypatch.setattr(recorder, "PACKAGES", {"with_jax": "jax", "jax": "jax"})
    missing = "was not run: jax is not installed (tests/requirements.txt has it)"
    assert recorder.main() == f"with_jax.py {missing}\njax.py {missing}"


def test_the_recorder_records_one_framework_by_name(folder, capsys):
    assert recorder.main("pytorch") is None
    assert capsys.readouterr().out == "pytorch.py: recorded with torch 1.0\nwith_pytorch.py: recorded with torch 1.0\n"
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "pytorch.json": '"pytorch"', "with_pytorch.json": '"with_pytorch"',
    }  # fmt: skip


def test_the_recorder_measures_times_only_when_asked(folder):
    assert not recorder.main("cost")
    assert [path.name for path in folder.iterdir()] == ["cost.json"]


def test_the_recorder_refuses_a_framework_it_does_not_know(folder):
    assert recorder.main("jacks", "jax") == "no program needs jacks: expected pytorch, tensorflow, jax, autograd, digits, oracles, cost"
    assert recorder.main("jacks", "caffe").startswith("no program needs jacks, caffe: expected pytorch, ")
    assert not list(folder.iterdir())


def test_the_recorder_as_a_command_says_what_it_cannot_do():
    ended = subprocess.run([sys.executable, "-m", "snippets.recorded", "jacks"], cwd=ROOT, text=True, capture_output=True)
    assert (ended.returncode, ended.stdout, ended.stderr.split(":")[0]) == (1, "", "no program needs jacks")


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A folder for a program that needs a package `fake`, which is not on this machine."""
    monkeypatch.setattr(recorder, "FOLDER", tmp_path)
    monkeypatch.setattr(recorder, "version", lambda package: {"numpy": "2.0", "fake": "1.2+cpu"}[package])
    monkeypatch.setattr(recorder, "PACKAGES", {"with_fake": "fake", "pytorch": "fake"})
    return tmp_path


VERSIONS = {"fake": "1.2", "numpy": "2.0", "Python": platform.python_version()}


def test_the_recorder_takes_down_what_a_program_computes_and_prints(program, capsys):
    (program / "with_fake.py").write_text(
        "import numpy as np\n\n\nclass Tensor:\n    def numpy(self):\n        return np.array([2.5])\n\n\n"
        "weights = {'b': np.array([[1.5, 2.0]]), 'a': Tensor()}\ngradients = {'a': Tensor(), 'b': np.array([[0.5, 1.0]])}\nprint('done')\n"
    )
    record = recorder.run("with_fake")
    assert record == {
        "versions": VERSIONS, "printed": "done\n", "parameters": {"b": [[1.5, 2.0]], "a": [2.5]}, "gradients": {"b": [[0.5, 1.0]], "a": [2.5]},
    }  # fmt: skip
    assert list(record["gradients"]) == ["b", "a"] and capsys.readouterr().out == ""
    assert recorder.as_json("with_fake") == json.dumps(record, indent=1)


def test_the_recorder_takes_down_the_record_that_a_program_makes_itself(program):
    (program / "with_fake.py").write_text("record = {'accuracy': [0.5]}\n")
    assert recorder.run("with_fake") == {"versions": VERSIONS, "printed": "", "accuracy": [0.5]}


ARTICLE = """
import numpy as np
from types import SimpleNamespace

seeds, draws = [], iter(range(10**9))
outputs = [np.array([-1.0, 0.0, -2.0]), np.array([-1.0, 0.5, -2.0]), np.array([-1.0, -1.0, 1.0]), np.array([-1.0, -1.0, -1.0])]


class Parameter:
    grad = np.array([0.5])

    def detach(self):
        return np.array([1.5])


def linear(n_in, n_out):
    assert (n_in, n_out) == (2, 3)
    return lambda x: outputs[next(draws) % 4] if x == "x" else None


torch, nn = SimpleNamespace(manual_seed=seeds.append), SimpleNamespace(Linear=linear)
model, x = SimpleNamespace(named_parameters=lambda: [("0.weight", Parameter())]), "x"
y_pred, loss = np.array([[0.25]]), np.array(0.75)
"""


def test_the_recorder_takes_down_the_articles_run_and_how_often_its_network_is_dead(program):
    """Of the four draws that this PyTorch gives in turn, the first and the last have no output above zero."""
    (program / "pytorch.py").write_text(ARTICLE + "print(seeds)\n")
    values = runpy.run_path(str(program / "pytorch.py"))
    record = recorder.article_run(values)
    assert values["seeds"] == [0]
    assert record == {"parameters": {"0.weight": [1.5]}, "y_pred": 0.25, "loss": 0.75, "gradients": {"0.weight": [0.5]}, "draws": 10_000, "dead": 5_000}
    assert recorder.run("pytorch") == {"versions": VERSIONS, "printed": "[]\n", **record}


def test_the_recorder_writes_the_gradients_of_each_function_on_a_line(monkeypatch):
    found = {"functions": {"a": {"digest": "x"}, "b": {"digest": "y"}}}
    monkeypatch.setitem(sys.modules, "snippets.recorded.oracles", SimpleNamespace(record_oracles=lambda: found))
    assert recorder.as_json("oracles") == '{"functions": {"a": {"digest": "x"},\n"b": {"digest": "y"}}}'


def test_the_recorder_writes_the_times_of_each_way_on_a_line(monkeypatch):
    times = {"epochs": {"loop": [1.5, 2.5], "batch": [0.5, 1.0]}}
    monkeypatch.setitem(sys.modules, "snippets.recorded.cost", SimpleNamespace(record_cost=lambda: times))
    assert recorder.as_json("cost") == '{"epochs": {"loop": [1.5, 2.5],\n"batch": [0.5, 1.0]}}'


def test_the_recorder_runs_a_program_with_one_thread(monkeypatch):
    runs = []
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(subprocess, "run", lambda command, env, **settings: runs.append(env) or SimpleNamespace(stdout=b"{}"))
    assert recorder.record("with_autograd") == b"{}"
    assert {name: runs[0].get(name) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")} == {
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    }  # fmt: skip


def test_the_recorder_runs_a_program_in_a_process_of_its_own():
    needs("autograd")
    stored = json.loads((FOLDER / "with_autograd.json").read_text(encoding="utf-8"))
    assert json.loads(recorder.record("with_autograd")).keys() == stored.keys()
    with pytest.raises(subprocess.CalledProcessError):
        recorder.record("with_nothing")
