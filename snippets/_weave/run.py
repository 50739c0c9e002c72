"""Runs modules, each in a process of its own, and brings back what they computed."""

import contextlib
import doctest
import importlib
import multiprocessing
import multiprocessing.connection
import numbers
import os
import re
import sys
import time
import traceback
import warnings
from pathlib import Path

from . import ROOT, WeaveError

DRAWING = ["matplotlib.figure", "matplotlib.font_manager", "matplotlib.backends.backend_svg"]
TIME_LIMIT = float(os.environ.get("WEAVE_TIME_LIMIT", 120))  # seconds for one module


def context():
    """Processes forked from a clean one that has only the libraries loaded, where the system can fork."""
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")  # one thread: sums in one order, and no fight over the cores
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["mkdocs.__main__", "doctest", "numpy", *DRAWING])
    return forking


def warm_up():
    """Start the clean process ahead of the first change, so that `mkdocs serve` answers it sooner."""
    process = context().Process(target=int)
    process.start()
    return process


def run(paths):
    """`(results, faults)` of the modules in `paths`: results by name, and a `WeaveError` for each that has none."""
    results, faults, waiting, running = {}, [], list(paths), {}
    sys.path.insert(0, str(ROOT))
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                start(name := waiting.pop(0), paths[name], running)
            done = multiprocessing.connection.wait([pipe for pipe, *_ in running.values()], timeout=0.1)
            for name, (pipe, process, started) in list(running.items()):
                late = time.monotonic() - started > TIME_LIMIT
                if pipe in done or late:
                    del running[name]
                    outcome = collect(pipe, process, late)
                    if isinstance(outcome, dict):
                        results[name] = outcome
                    else:
                        faults += [WeaveError(message, path or _shown(paths[name]), line) for message, path, line in outcome]
    finally:
        sys.path.remove(str(ROOT))
        for _, process, _ in running.values():
            process.kill()
    return results, faults


def start(name, path, running):
    receive, send = multiprocessing.Pipe(duplex=False)
    process = context().Process(target=execute, args=(name, path, send), daemon=True)
    process.start()
    send.close()
    running[name] = receive, process, time.monotonic()


def collect(pipe, process, late):
    """What the process sent: a result, or a list of faults; or why it sent nothing."""
    try:
        message = f"did not end within {TIME_LIMIT:g} s (WEAVE_TIME_LIMIT)"
        outcome = [(message, None, 1)] if late else pipe.recv()
    except EOFError:
        process.join()
        outcome = [(f"its process ended with code {process.exitcode} before the module did", None, 1)]
    process.kill()
    process.join()
    return outcome


def execute(name, path, pipe):
    """In the new process: import the module, run its doctests, draw its figure, send the result.

    A claim that turns out false, an `assert` or a doctest, is part of the result: an author wants to see the page that it
    makes; only a build for others stops there.
    """
    sys.dont_write_bytecode = True
    warnings.simplefilter("error", RuntimeWarning)
    false = []
    try:
        spec = importlib.util.find_spec(name)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            try:
                spec.loader.exec_module(module)
                check_examples(module)
            except (AssertionError, ExampleError) as error:
                false.append(where(error, path))
            result = {"values": plain_values(vars(module)), "false": false}
            if name.startswith("snippets.figures."):
                from .figure import svg

                result["svg"] = svg(module)
        pipe.send(result)
    except BaseException as error:  # SystemExit too
        pipe.send([*false, where(error, path)])


class ExampleError(Exception):
    """A doctest that shows something else than what the code does; its second argument is the line."""


def check_examples(module):
    """Run the doctests; raise for the first that fails."""
    for test in doctest.DocTestFinder(exclude_empty=True).find(module):
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
        return error.args[0], _shown(path), error.args[1]
    frames = [(path, 1)]
    for frame in traceback.extract_tb(error.__traceback__):
        file = Path(frame.filename)
        if file.is_relative_to(ROOT / "snippets") and "_weave" not in file.parts:
            frames.append((file, frame.lineno))
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((Path(error.filename), error.lineno))
    path, line = frames[-1]
    message = "".join(traceback.format_exception_only(error)).strip()
    return message, _shown(path), line


def _shown(path):
    return path.relative_to(ROOT).as_posix()
