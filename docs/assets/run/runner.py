"""Runs a file and its doctests, and tells what was printed, what failed, and where."""

import contextlib
import doctest
import io
import json
import linecache
import platform
import sys
import time
import traceback
import types
from pathlib import Path

VERSION = platform.python_version()
BATCH = 0.05  # seconds between two messages at least
MOST = 1_000_000  # characters that are shown
MANY = 2_000  # of what an example gave


class Output(io.TextIOBase):
    """Hands on what is printed, many lines at once, and no more than `MOST` in all."""

    def __init__(self, send):
        self.send, self.waiting, self.left, self.sent = send, [], MOST, time.monotonic()

    def write(self, text):
        taken = text[: self.left]
        self.left -= len(taken)
        self.waiting.append(taken)
        if taken and (not self.left or time.monotonic() - self.sent > BATCH):
            if not self.left:
                self.waiting.append(f"\n… no more than {MOST} characters are shown\n")
            self.flush()
        return len(text)

    def flush(self):
        self.sent = time.monotonic()
        if text := "".join(self.waiting):
            self.send(text)
        self.waiting.clear()


class Examples(doctest.DocTestRunner):
    """Collects the examples that fail, each with its line, what was expected and what came."""

    def __init__(self, file):
        super().__init__(verbose=False)
        self.file, self.failed, self.count = file, [], 0

    def report_start(self, out, test, example):
        self.count += 1

    def report_failure(self, out, test, example, got):
        line = (test.lineno or 0) + example.lineno + 1
        fault = {"line": line, "source": example.source, "want": example.want, "got": got[:MANY]}
        self.failed.append(fault)

    def report_unexpected_exception(self, out, test, example, exc_info):
        fault = error(exc_info[1], self.file)
        self.report_failure(out, test, example, fault["text"])
        self.failed[-1]["raised"] = fault["line"]


def run(file, text, given, send):
    """Run `text` as this file, then its doctests, or those of the text `given`; a JSON object.

    `count` is the number of examples, `failed` has those that fail, and `error` is what ended the
    file itself, with its line.
    """
    output, examples, fault = Output(send), Examples(file), None
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            module = loaded(file, text)
            tested = loaded(f"given_{file}", given) if given else module
            tests = doctest.DocTestFinder().find(tested, globs=vars(module))
            for test in sorted(tests, key=lambda test: test.lineno or 0):
                examples.run(test, out=output.write, clear_globs=False)
        except BaseException as raised:
            fault = error(raised, file)
    output.flush()
    return json.dumps({"count": examples.count, "failed": examples.failed, "error": fault})


def loaded(file, text):
    """A module from this text, saved as `file` where tracebacks and doctest look for lines."""
    Path(file).write_text(text, encoding="utf-8")
    linecache.clearcache()
    module = types.ModuleType(file.removesuffix(".py"))
    module.__file__ = file
    sys.modules[module.__name__] = module
    exec(compile(text, file, "exec"), vars(module))
    return module


def error(raised, file):
    """An exception as Python names it, with the line of `file` that it came from."""
    frames = traceback.extract_tb(raised.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    if isinstance(raised, SyntaxError) and raised.filename == file:
        lines.append(raised.lineno)
    text = "".join(traceback.format_exception_only(raised)).strip()
    return {"text": text.splitlines()[-1], "line": lines[-1] if lines else None}
