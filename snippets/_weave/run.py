"""Runs modules, each in a process of its own, and brings back what they computed."""

import ast
import doctest
import importlib
import multiprocessing
import multiprocessing.connection
import numbers
import os
import re
import sys
import threading
import time
import traceback
from pathlib import Path

from . import ROOT, WeaveError
from .modules import declared, imported

DRAWING = ["matplotlib.figure", "matplotlib.font_manager", "matplotlib.backends.backend_svg"]
SNIPPETS = ROOT / "snippets"
TIME_LIMIT = float(os.environ.get("WEAVE_TIME_LIMIT", 120))  # seconds for one module
LATE = f"did not end within {TIME_LIMIT:g} s (WEAVE_TIME_LIMIT)"


def context():
    """Processes forked from a clean one that has only the libraries loaded, where the system can fork."""
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")  # one thread: sums in one order, and no fight over the cores
    os.environ.pop("MPLBACKEND", None)  # nothing is shown, and a name that it does not know stops Matplotlib
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["mkdocs.__main__", "doctest", "numpy.random", *DRAWING])
    return forking


def warm_up():
    """Start the clean process ahead of the first change, so that `mkdocs serve` answers it sooner."""
    process = context().Process(target=int)
    process.start()
    return process


def run(paths):
    """`(results, faults)` of the modules in `paths`: results by name, and a `WeaveError` for each that has none."""
    results, faults, dead, waiting, running = {}, [], set(), list(paths), {}
    sys.path.insert(0, str(ROOT))
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                name = waiting.pop(0)
                if not dead & imported(paths[name]):  # else it would only die of the same
                    start(name, paths[name], running)
            done = multiprocessing.connection.wait([pipe for pipe, *_ in running.values()], timeout=0.1)
            for name, (pipe, process, started) in list(running.items()):
                late = time.monotonic() - started > (3 * TIME_LIMIT + 60 if _is_lab(name) else TIME_LIMIT + 1)  # by itself it gives up earlier, and says where
                if pipe in done or late:
                    del running[name]
                    outcome = collect(pipe, process, late)
                    if isinstance(outcome, dict):
                        results[name] = outcome
                        continue
                    for message, path, line in outcome:
                        faults.append(WeaveError(message, path or _shown(paths[name]), line))
                        if message == LATE or path is None:
                            dead.add(ROOT / path if path else paths[name])
    finally:
        sys.path.remove(str(ROOT))
        for _, process, _ in running.values():
            process.kill()
    return results, faults


def start(name, path, running):
    receive, send = multiprocessing.Pipe()
    if _is_lab(name):
        from .lab import execute as target
    else:
        target = execute
    process = context().Process(target=target, args=(name, path, send), daemon=True)
    process.start()
    send.close()
    running[name] = receive, process, time.monotonic()


def _is_lab(name):
    return name.startswith("docs.labs.")


def collect(pipe, process, late):
    """What the process sent: a result, or a list of faults; or why it sent nothing."""
    try:
        outcome = [(LATE, None, 1)] if late else pipe.recv()
    except EOFError:
        process.join()
        outcome = [(f"its process ended with code {process.exitcode} before the module did", None, 1)]
    process.kill()
    process.join()
    return outcome


def execute(name, path, pipe):
    """In the new process: send what `compute` makes of the module, or the faults that it had."""
    deadline = threading.Timer(TIME_LIMIT, give_up, (path, pipe))
    deadline.start()
    false = []
    try:
        outcome = compute(name, path, false)
    except BaseException as error:  # SystemExit too
        outcome = [*false, where(error, path)]
    finally:
        deadline.cancel()  # also where that error cannot be told: the process would wait for its end
    pipe.send(outcome)


def give_up(path, pipe):
    """The time is over: send the place where the module is."""
    try:
        frame = sys._current_frames()[threading.main_thread().ident]  # also where it catches every exception
        file, line = place(traceback.extract_stack(frame), path)
        pipe.send([(LATE, _shown(file), line)])
    finally:
        os._exit(1)


def compute(name, path, false):
    """Import the module, run its doctests, draw its figure.

    A claim that turns out false, an `assert` or a doctest, is part of the result: an author wants to see the page that it
    makes; only a build for others stops there.
    """
    from .confine import confine, random_state

    confine(declared(path))
    spec = importlib.util.find_spec(name)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    before = random_state()
    try:
        spec.loader.exec_module(module)
        check_examples(module)
    except (AssertionError, ExampleError) as error:
        false.append(where(error, path))
    result = {"values": plain_values(vars(module)), "false": false}
    if name.startswith("snippets.figures."):
        from .figure import svg

        result["svg"] = svg(module)
    if random_state() != before:
        raise ValueError("uses the global random state: pass a np.random.Generator with a seed")
    return result


class ExampleError(Exception):
    """A doctest that shows something else than what the code does; its second argument is the line."""


def check_examples(module):
    """Run the doctests; raise for the first that fails."""
    for test in doctest.DocTestFinder().find(module):
        report = []
        if doctest.DocTestRunner(verbose=False).run(test, out=report.append).failed:
            line = int(re.search(r"line (\d+), in", report[0])[1])
            raise ExampleError("a doctest fails\n" + report[0].split("\n", 2)[2].rstrip(), line)


def plain_values(namespace):
    """The public values of a module that a chapter can show: numbers, strings, and lists and dicts of them."""
    values = {name: plain(value) for name, value in namespace.items() if not name.startswith("_")}
    return {name: value for name, value in values.items() if value is not None}


def plain(value):
    """`value` as JSON has it, or None where it is something else (a function, a module, a large array)."""
    if hasattr(value, "tolist") and getattr(value, "size", 1) <= 10_000:
        value = value.tolist()
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, numbers.Real):
        return int(value) if isinstance(value, numbers.Integral) else float(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return None


def where(error, path):
    """`(message, path, line)` of the innermost place in the checkout that an error passed through."""
    if isinstance(error, ExampleError):
        return short(error.args[0]), _shown(path), error.args[1]
    syntax = isinstance(error, SyntaxError) and Path(str(error.filename)).is_relative_to(ROOT)
    file, line = (Path(error.filename), error.lineno) if syntax else place(traceback.extract_tb(error.__traceback__), path)
    message = f"SyntaxError: {error.msg}" if syntax else "".join(traceback.format_exception_only(error)).strip()
    if isinstance(error, AssertionError) and not error.args:
        message += claim(file, line)
    return short(message), _shown(file), line


def short(message):
    return message if len(message) < 2000 else f"{message[:2000]} ..."


def place(frames, path):
    """The innermost of the frames that is in the checkout."""
    places = [(Path(frame.filename), frame.lineno) for frame in frames]
    return [(path, 1), *((file, line) for file, line in places if file == path or file.is_relative_to(SNIPPETS) and "_weave" not in file.parts)][-1]


def claim(file, line):
    """What the `assert` on this line says, for one that says nothing when it fails."""
    asserts = [node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Assert)]
    return next((f": {ast.unparse(node.test)}" for node in asserts if node.lineno <= line <= node.end_lineno), "")


def _shown(path):
    return path.relative_to(ROOT).as_posix()
