"""What happens in the process of a module: it is watched, it runs, and it is asked what it made.

A false claim, an assert or a doctest, is recorded and passed over, so that an author can see the
page that other numbers make; a build for readers stops there.
"""

import ast
import builtins
import contextlib
import doctest
import functools
import importlib.util
import json
import os
import random
import sys
import traceback
import warnings
from importlib.machinery import SourceFileLoader
from pathlib import Path

from . import ROOT, WeaveError, at, read_text, shown
from .cache import CODE, digest

READING = {"open", "os.listdir", "os.scandir"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
INSIDE = os.path.realpath(ROOT) + os.sep
FOREIGN = (".venv", ".cache", "snippets/_weave")  # in the checkout, and no source of a result


def execute(name, path):
    """Run a module or a lab in this new process and return its result, a dict.

    `values` are its plain public values, `svg` is the drawing of a figure, `outputs` are those
    of a lab's cells. `errors` are claims that do not hold and, where it `failed`, last the reason.
    `used` has the digests of the files that were used.
    """
    is_lab = name.startswith("docs.labs.")
    key = shown(path) + CODE * is_lab
    # the digest is from ahead of the run: the file may be edited meanwhile
    result = {"values": {}, "errors": [], "failed": False, "used": {key: digest(key)}}
    try:
        if is_lab:
            from .lab import execute_lab

            execute_lab(path, result)
        else:
            execute_module(name, result)
    except BaseException as error:  # SystemExit too
        failed(result, located(error, path))
    return result


def failed(result, error):
    """Record why a module did not reach its end; the first reason is the cause of the others."""
    if not result["failed"]:
        result["errors"].append(error)
        result["failed"] = True


def execute_module(name, result):
    watch(result)
    before = random_state()
    spec = importlib.util.find_spec(name)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        check_examples(module, result["errors"])
    finally:
        result["values"] = plain_values(vars(module))
    if name.startswith("snippets.figures."):
        from .figure import svg_of

        result["svg"] = svg_of(module)
    check_random_state(before)


def watch(result):
    """From now on, record used files and false claims, and hold this process to the rules.

    Warnings are errors, random generators have a seed, the checkout stays as it is, and nothing is
    fetched.
    """
    import numpy as np

    sys.dont_write_bytecode = True
    warnings.simplefilter("error", RuntimeWarning)
    np.random.default_rng = functools.partial(seeded, np.random.default_rng)
    builtins.__false__ = functools.partial(record_false, result["errors"])
    SourceFileLoader.get_code = functools.partialmethod(get_code, SourceFileLoader.get_code)
    sys.addaudithook(functools.partial(audit, result["used"]))


def audit(used, event, arguments):
    if event == "socket.connect":
        raise PermissionError("asks the network: a module only computes")
    if event not in READING or not isinstance(arguments[0], (str, bytes)):
        return
    path = os.path.realpath(os.fsdecode(arguments[0]))
    importing = sys._getframe(1).f_code.co_filename.startswith("<frozen importlib")
    if not is_source(path) or event != "open" and importing:
        return
    place = path.removeprefix(INSIDE).replace(os.sep, "/")
    if event == "open" and arguments[2] & WRITING:
        raise PermissionError(f"changes a file of the checkout: {place}")
    if not place.endswith(".pyc") and place not in used and place + CODE not in used:
        used[place] = ""  # ahead of the digest, which opens the file as well
        used[place] = digest(place)


def is_source(path):
    """Whether a path, as text, is that of a file of the checkout that its authors wrote."""
    return path.startswith(INSIDE) and not path.removeprefix(INSIDE).startswith(FOREIGN)


def seeded(make, seed=None):
    if seed is None and is_source(sys._getframe(1).f_code.co_filename):
        raise ValueError("np.random.default_rng() without a seed gives other numbers each time")
    return make(seed)


def random_state():
    """The state of the generators that everybody shares: `random` and NumPy's old one."""
    import numpy as np

    _, key, *rest = np.random.get_state()
    return random.getstate(), key.tobytes(), rest


def check_random_state(before):
    if random_state() != before:
        raise ValueError("uses the global random state: pass a np.random.Generator with a seed")


def get_code(loader, original, name):
    """The code of a module that is imported; the asserts of ours are passed over."""
    if not is_source(loader.path):
        return original(loader, name)
    tree = ast.parse(read_text(Path(loader.path)), loader.path)
    return compile(PassOver().visit(tree), loader.path, "exec", dont_inherit=True)


class PassOver(ast.NodeTransformer):
    """Turns `assert claim, message` into `if not claim: __false__("claim", line, message)`."""

    def visit(self, node):
        return node if isinstance(node, ast.expr) else super().visit(node)  # none is inside

    def visit_Assert(self, node):
        call = ast.parse(f"__false__({ast.unparse(node.test)!r}, {node.lineno})").body[0]
        call.value.args += [node.msg] if node.msg else []
        new = ast.If(ast.UnaryOp(ast.Not(), node.test), [call], [])
        return ast.fix_missing_locations(ast.copy_location(new, node))


def record_false(errors, claim, line, *message):
    text = f"AssertionError: {claim}" + "".join(f", but: {part}" for part in message)
    error = at(Path(sys._getframe(1).f_code.co_filename), line, text)
    if error not in errors:
        errors.append(error)


def check_examples(module, errors):
    """Run the doctests of a module; of each docstring, the first that fails is an error."""
    for test in doctest.DocTestFinder().find(module):
        try:
            doctest.DebugRunner(verbose=False).run(test, out=lambda text: None)
        except (doctest.DocTestFailure, doctest.UnexpectedException) as found:
            unexpected = isinstance(found, doctest.UnexpectedException)
            got = repr(found.exc_info[1]) if unexpected else found.got.strip()
            source, want = found.example.source.strip(), found.example.want.strip()
            message = f"a doctest fails: {source} should print {want}, got {got}"
            line = test.lineno + found.example.lineno + 1
            errors.append(at(Path(test.filename), line, message))


def plain_values(namespace):
    """The public values that a chapter can show: numbers, strings, lists and dicts of them."""
    values = {}
    for name, value in namespace.items():
        with contextlib.suppress(TypeError, ValueError):  # a function, a module, a class
            if name[0] != "_":
                values[name] = json.loads(json.dumps(value, default=plain))
    return values


def plain(value):
    """A number or an array of a library in Python's own types, as JSON has them."""
    if getattr(value, "size", 1) > 10_000:
        raise TypeError("a large array")
    return value.tolist() if hasattr(value, "tolist") else float(value)


def located(error, path):
    """The message of an error, at the innermost place in the checkout that it passed through.

    Where that is another file than `path`, the message says where `path` called it.
    """
    if isinstance(error, WeaveError):
        return str(error)
    if isinstance(error, SyntaxError) and is_source(str(error.filename)):
        return at(Path(error.filename), error.lineno, f"{type(error).__name__}: {error.msg}")
    message = "".join(traceback.format_exception_only(error)).strip()
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    inside = [(str(path), 1), *(frame for frame in frames if is_source(frame[0]))]
    file, line = inside[-1]
    called = [number for caller, number in inside[1:] if caller == str(path)]
    if file != str(path) and called:
        message += f" (called from {shown(path)}:{called[-1]})"
    return at(Path(file), line, message)
