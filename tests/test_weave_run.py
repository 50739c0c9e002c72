"""Modules, each in a process of its own: what comes back of them, and what is said of those that fail."""

import importlib.util
import multiprocessing
import os
import sys
import textwrap
import threading
import traceback
from multiprocessing import forkserver
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import copy_machinery

import snippets.figures
import snippets.tables
from snippets._weave import modules, run

LINE = '''
from snippets.figures import FORWARD, canvas

TITLE, DESCRIPTION = "A line", "It rises."


def draw():
    figure, axes = canvas(2)
    axes.plot([0, 1], color=FORWARD)
    return figure
'''
GOOD = '''
"""One.

>>> double(2)
4
"""
print("loud")
three, _hidden, nothing, by = 3.0, 1, None, {1: ("a", True)}


def double(x):
    """
    >>> double(4)
    8
    """
    return 2 * x
'''
MODULES = {
    "one": GOOD,
    "figures.line": LINE,
    "figures.blank": "TITLE = 1\n",
    "tables.one": "from snippets.one import double\nassert double(2) == 5\nlater = 1\n",
    "random_state": "import random\nrandom.random()\n",
    "wrong_example": '"""\n>>> 1\n1\n>>> 1 + 1\n3\n"""\nx = 1\n',
    "exits": "import sys\nsys.exit(3)\n",
    "dies": "import os\nos._exit(3)\n",
    "divides": "x = 1\n\nx / 0\n",
    "uses_divides": "import snippets.divides\n",
    "uses_dies": "import snippets.dies\n",
    "misplaced": "x = 1\nreturn\n",
    "parses": "import ast\nast.parse('= =')\n",
    "false_and_random": "import random\nassert random.random() > 2\n",
}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A checkout of these modules, also for processes that are forked from this one."""
    copy_machinery(tmp_path)
    for name, text in MODULES.items():
        (tmp_path / "snippets" / f"{name.replace('.', '/')}.py").write_text(text.lstrip("\n"), encoding="utf-8")
    for module in (run, modules):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(run, "SNIPPETS", tmp_path / "snippets")
    for package in (snippets, snippets.tables, snippets.figures):
        folder = tmp_path / package.__name__.replace(".", "/")
        monkeypatch.setattr(package, "__path__", [str(folder)])
    return tmp_path


def paths(root, *names):
    return {f"snippets.{name}": root / "snippets" / f"{name.replace('.', '/')}.py" for name in names or MODULES}


# The loop, with processes that only seem to be


class Seeming:
    """In place of processes: each sends what it is told to, at its turn; a clock that goes on by a quarter of a second."""

    def __init__(self, monkeypatch, outcomes, cores=2):
        self.outcomes, self.started, self.most, self.killed, self.now = outcomes, [], 0, [], 100.0
        monkeypatch.setattr(os, "cpu_count", lambda: cores)
        monkeypatch.setattr(run, "time", SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr(run, "start", self.start)
        monkeypatch.setattr(run, "collect", lambda pipe, process, late: [(run.LATE, None, 1)] if late else self.outcomes[pipe])
        monkeypatch.setattr(run.multiprocessing.connection, "wait", self.wait)

    def start(self, name, path, running):
        assert sys.path[0] == str(run.ROOT)
        self.started.append(name)
        running[name] = name, SimpleNamespace(kill=lambda: self.killed.append(name)), self.now
        self.most = max(self.most, len(running))

    def wait(self, pipes, timeout):
        self.now += 0.25
        return [pipe for pipe in pipes if self.outcomes.get(pipe) is not None][:1]


def test_no_more_run_at_once_than_there_are_cores(root, monkeypatch):
    names = ["one", "tables.one", "divides", "exits", "parses"]
    for cores, most in ((2, 2), (None, 1), (9, 5)):
        seeming = Seeming(monkeypatch, {f"snippets.{name}": {"values": name} for name in names}, cores)
        results, faults = run.run(paths(root, *names))
        assert results == seeming.outcomes and faults == [] and seeming.most == most


def test_module_that_gives_no_sign_is_ended_one_second_after_its_time(root, monkeypatch):
    monkeypatch.setattr(run, "TIME_LIMIT", 3)
    seeming = Seeming(monkeypatch, {"snippets.one": None})
    results, faults = run.run(paths(root, "one", "tables.one"))
    assert results == {} and [str(fault) for fault in faults] == [f"snippets/one.py:1: {run.LATE}", f"snippets/tables/one.py:1: {run.LATE}"]
    assert seeming.now == 100 + 3 + 1.25


def test_importers_of_what_never_ends_are_not_run_but_those_of_what_raises_are(root, monkeypatch):
    late = [(run.LATE, "snippets/one.py", 7)]
    seeming = Seeming(monkeypatch, {"snippets.one": late, "snippets.divides": [("broke", "snippets/divides.py", 3)],
                                    "snippets.uses_divides": [("broke", "snippets/divides.py", 3)]}, cores=1)  # fmt: skip
    faults = run.run(paths(root, "one", "tables.one", "divides", "uses_divides"))[1]
    assert seeming.started == ["snippets.one", "snippets.divides", "snippets.uses_divides"]
    assert [str(fault) for fault in faults] == [f"snippets/one.py:7: {run.LATE}"] + ["snippets/divides.py:3: broke"] * 2


def test_what_still_runs_is_ended_when_the_build_is(root, monkeypatch):
    seeming = Seeming(monkeypatch, {})

    def interrupted(pipes, timeout):
        raise KeyboardInterrupt

    before = list(sys.path)
    monkeypatch.setattr(run.multiprocessing.connection, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.run(paths(root, "one", "divides", "exits"))
    assert seeming.killed == ["snippets.one", "snippets.divides"] and sys.path == before


class Ended:
    exitcode = 9

    def kill(self):
        pass

    join = kill


def test_what_a_process_sent_is_collected_or_why_it_sent_nothing():
    receive, send = multiprocessing.Pipe()
    assert run.collect(receive, Ended(), True) == [(run.LATE, None, 1)]
    send.send({"values": 1})
    assert run.collect(receive, Ended(), False) == {"values": 1}
    send.close()
    assert run.collect(receive, Ended(), False) == [("its process ended with code 9 before the module did", None, 1)]


def test_module_that_is_late_says_where_it_is(root, monkeypatch):
    """Here the main thread is in this test, which is no module: its file is named instead."""
    ended, receive, send = [], *multiprocessing.Pipe()
    monkeypatch.setattr(os, "_exit", ended.append)
    thread = threading.Thread(target=run.give_up, args=(root / "snippets/one.py", send))
    thread.start()
    thread.join()
    assert receive.recv() == [(run.LATE, "snippets/one.py", 1)] and ended == [1]


# Settings


def loaded_anew():
    """The module as a new process has it: a test may have another `run.context`."""
    spec = importlib.util.spec_from_file_location("snippets._weave.run_anew", run.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_time_limit_can_be_set(monkeypatch):
    monkeypatch.delenv("WEAVE_TIME_LIMIT", raising=False)
    assert loaded_anew().TIME_LIMIT == 120 and loaded_anew().LATE == "did not end within 120 s (WEAVE_TIME_LIMIT)"
    monkeypatch.setenv("WEAVE_TIME_LIMIT", "2.5")
    assert loaded_anew().TIME_LIMIT == 2.5 and loaded_anew().LATE == "did not end within 2.5 s (WEAVE_TIME_LIMIT)"


def test_places_are_in_the_snippets():
    assert loaded_anew().SNIPPETS == modules.Path(__file__).parents[1] / "snippets"


THREADS = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]


@pytest.mark.parametrize("given, used", [(None, "1"), ("3", "3")])
def test_processes_are_forked_from_a_clean_one_with_one_thread_and_no_window(monkeypatch, given, used):
    for name in [*THREADS, "MPLBACKEND"]:
        monkeypatch.setenv(name, given or "")
        if given is None and name != "MPLBACKEND":
            del os.environ[name]
    context = loaded_anew().context()
    assert [os.environ.get(name) for name in THREADS] == [used] * 3 and "MPLBACKEND" not in os.environ
    assert context.get_start_method() == "forkserver"


def test_what_the_clean_process_loads_is_there():
    """It would leave out, and say nothing, what it cannot import."""
    loaded_anew().context()
    names = forkserver._forkserver._preload_modules
    assert len(names) == 6 and all(importlib.util.find_spec(name) for name in names)


def test_processes_are_spawned_where_none_can_be_forked(monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert loaded_anew().context().get_start_method() == "spawn"


# Values


class WithToList:
    def tolist(self):
        return [1]


@pytest.mark.parametrize("value, plain", [
    (1, 1), (True, True), (1.5, 1.5), ("a", "a"), (None, None), (len, None), (sys, None), (1j, None), ({1}, None), (b"a", None),
    (np.float64(1.5), 1.5), (np.float32(0.5), 0.5), (np.int64(3), 3), (np.bool_(True), True), (np.array([[1, 2]]), [[1, 2]]), (np.array(2.5), 2.5),
    ((1, [2, (3,)]), [1, [2, [3]]]), ({1: (2, len), "a": np.array([1.5])}, {"1": [2, None], "a": [1.5]}), (WithToList(), [1]),
    (np.array([1j]), [None]), (np.zeros(10_000), [0.0] * 10_000), (np.zeros(10_001), None),
])  # fmt: skip
def test_value_as_json_has_it(value, plain):
    found = run.plain(value)
    assert found == plain and type(found) is type(plain)


def test_values_of_a_module_are_the_public_ones():
    assert run.plain_values({"a": 1, "_b": 2, "__doc__": "text", "f": len, "c_": 0, "d": []}) == {"a": 1, "c_": 0, "d": []}


# Places and messages


@pytest.mark.parametrize("size, shown", [(1999, "x" * 1999), (2000, "x" * 2000 + " ..."), (2001, "x" * 2000 + " ..."), (9999, "x" * 2000 + " ...")])
def test_long_message_is_cut(size, shown):
    assert run.short("x" * size) == shown


def frames(*places):
    return [traceback.FrameSummary(str(file), line, "f") for file, line in places]


def test_place_is_the_innermost_in_the_snippets(root):
    one, two, outside = root / "snippets/one.py", root / "snippets/tables/one.py", root / "docs/x.py"
    weave = root / "snippets/_weave/run.py"
    assert run.place([], one) == (one, 1)
    assert run.place(frames((weave, 3), ("/usr/lib/numpy.py", 4), (outside, 5)), one) == (one, 1)
    assert run.place(frames((weave, 3), (one, 7), (two, 8), (one, 9), (weave, 4), (outside, 5)), one) == (one, 9)
    assert run.place(frames((one, 7), (two, 8)), one) == (two, 8)


CLAIMS = "assert 1 > 2\nx = [\n  1]\nassert (x ==\n  3)\nassert x\n\ndef f():\n    assert f\n"


@pytest.mark.parametrize("line, said", [(1, ": 1 > 2"), (2, ""), (3, ""), (4, ": x == 3"), (5, ": x == 3"), (6, ": x"), (7, ""), (9, ": f"), (10, "")])
def test_claim_says_what_is_not_true(tmp_path, line, said):
    (tmp_path / "x.py").write_text(CLAIMS)
    assert run.claim(tmp_path / "x.py", line) == said


def raised(root, code):
    path = root / "snippets/raising.py"
    path.write_text(textwrap.dedent(code))
    try:
        exec(compile(path.read_text(), path, "exec"), {})
    except BaseException as error:
        return run.where(error, root / "snippets/one.py")


@pytest.mark.parametrize("code, message, line", [
    ("x = 1\n1 / 0", "ZeroDivisionError: division by zero", 2),
    ("\nassert 1 > 2", "AssertionError: 1 > 2", 2),
    ("assert 1 > 2, 'no'", "AssertionError: no", 1),
    ("\n\nraise AssertionError", "AssertionError", 3),
    ("raise ValueError", "ValueError", 1),
    ("raise SystemExit", "SystemExit", 1),
    ("raise ValueError('x' * 5000)", "ValueError: " + "x" * 1988 + " ...", 1),
    ("raise SyntaxError('odd')", "SyntaxError: odd", 1),
    ("\ncompile('= =', 'no.py', 'exec')", 'File "no.py", line 1\n    = =\n    ^\nSyntaxError: invalid syntax', 2),
])  # fmt: skip
def test_error_is_told_with_its_place(root, code, message, line):
    assert raised(root, code) == (message, "snippets/raising.py", line)


def test_error_outside_is_told_of_the_module(root):
    try:
        {}["x"]
    except KeyError as error:
        assert run.where(error, root / "snippets/one.py") == ("KeyError: 'x'", "snippets/one.py", 1)


def test_first_example_that_fails_is_told_with_its_line():
    module = type(sys)("m")
    module.__doc__ = "Fine.\n\n>>> 1\n1\n\nWrong.\n\n>>> print('a\\n\\nb')\n3\n>>> 2\n1\n"
    with pytest.raises(run.ExampleError) as error:
        run.check_examples(module)
    assert error.value.args == ("a doctest fails\nFailed example:\n    print('a\\n\\nb')\nExpected:\n    3\nGot:\n    a\n    <BLANKLINE>\n    b", 9)
    module.__doc__ = ">>> 1\n1\n"
    run.check_examples(module)


# Real processes


def test_results_and_faults_of_modules(root, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    before, argv = list(sys.path), list(sys.argv)
    sys.argv.append("-v")  # doctest would listen to it
    try:
        results, faults = run.run(paths(root))
    finally:
        sys.argv[:] = argv
    assert sys.path == before
    svg = results["snippets.figures.line"].pop("svg")
    assert svg.startswith("<svg") and "var(--figure-forward)" in svg
    assert results == {
        "snippets.one": {"values": {"three": 3.0, "by": {"1": ["a", True]}}, "false": []},
        "snippets.figures.line": {"values": {"FORWARD": "#050505", "TITLE": "A line", "DESCRIPTION": "It rises."}, "false": []},
        "snippets.tables.one": {"values": {}, "false": [("AssertionError: double(2) == 5", "snippets/tables/one.py", 2)]},
        "snippets.wrong_example": {
            "values": {"x": 1},
            "false": [("a doctest fails\nFailed example:\n    1 + 1\nExpected:\n    3\nGot:\n    2", "snippets/wrong_example.py", 4)],
        },
    }
    told = sorted(map(str, faults))
    assert told.pop(told.index(next(text for text in told if text.startswith("snippets/misplaced")))).endswith("SyntaxError: 'return' outside function")
    assert told == sorted([
        "snippets/figures/blank.py:1: ValueError: the figure has no DESCRIPTION: readers who do not see it need one",
        "snippets/random_state.py:1: ValueError: uses the global random state: pass a np.random.Generator with a seed",
        "snippets/exits.py:2: SystemExit: 3",
        "snippets/dies.py:1: its process ended with code 3 before the module did",
        "snippets/divides.py:3: ZeroDivisionError: division by zero",
        "snippets/divides.py:3: ZeroDivisionError: division by zero",
        'snippets/parses.py:2: File "<unknown>", line 1\n    = =\n    ^\nSyntaxError: invalid syntax',
        "snippets/false_and_random.py:2: AssertionError: random.random() > 2",
        "snippets/false_and_random.py:1: ValueError: uses the global random state: pass a np.random.Generator with a seed",
        *["snippets/uses_dies.py:1: its process ended with code 3 before the module did"] * any("uses_dies" in text for text in told),
    ])  # fmt: skip


def test_importer_of_a_module_that_ends_its_process_is_not_run(root, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: None)  # not known: one at a time
    results, faults = run.run(paths(root, "dies", "uses_dies"))
    assert results == {} and [str(fault).split(":")[0] for fault in faults] == ["snippets/dies.py"]


def test_process_ends_with_the_build(root, monkeypatch):
    monkeypatch.syspath_prepend(root)
    running = {}
    run.start("snippets.one", paths(root, "one")["snippets.one"], running)
    (pipe, process, _), = running.values()
    assert process.daemon
    pipe.poll(30)
    run.collect(pipe, process, False)
    assert process.exitcode is not None


def test_clean_process_is_started_ahead():
    process = run.warm_up()
    process.join(30)
    assert process.exitcode == 0


def test_lab_is_executed_by_jupyter_and_has_more_time(root, monkeypatch):
    """Jupyter takes its time before it is at the first cell, and gives up by itself."""
    targets = []

    def process(target, args, daemon):
        targets.append((target, args[0]))
        return SimpleNamespace(start=lambda: None)

    monkeypatch.setattr(run, "context", lambda: SimpleNamespace(Process=process))
    start = run.start
    for name in ("docs.labs.one", "snippets.one"):
        start(name, root / "snippets/one.py", {})
    from snippets._weave import lab

    assert targets == [(lab.execute, "docs.labs.one"), (run.execute, "snippets.one")]
    monkeypatch.setattr(run, "TIME_LIMIT", 3)
    seeming = Seeming(monkeypatch, {"docs.labs.one": None})
    run.run({"docs.labs.one": root / "snippets/one.py"})
    assert seeming.now == 100 + 3 * 3 + 60 + 0.25
