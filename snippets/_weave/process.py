"""What happens in the process of a module: it is watched, it runs, and it is asked what it made.

A false claim, an assert or a doctest, is recorded and passed over, so that an author can see the
page that other numbers make; a build for readers stops there.
"""

import ast
import builtins
import doctest
import functools
import importlib.machinery
import importlib.util
import numbers
import os
import random
import signal
import sys
import traceback
import warnings
from pathlib import Path

from . import ROOT, WeaveError, read_text, shown
from .sources import code_digest

TIME_LIMIT = float(os.environ.get("WEAVE_TIME_LIMIT", 120))  # seconds for one module
LATE = f"did not end within {TIME_LIMIT:g} s (WEAVE_TIME_LIMIT)"
CHANGES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
INSIDE = os.path.realpath(ROOT) + os.sep
FOREIGN = (".venv", ".cache", "snippets/_weave")  # in the checkout, and no source of a result


def execute(name, path):
    """Run a module or a lab in this new process and return its result, a dict.

    `values` are its plain public values, `svg` is the drawing of a figure, `outputs` are those
    of a lab's cells. `errors` and `false`, claims that do not hold, are `[message, path, line]`
    each. `sources` are the files that were used, with their digests.
    """
    path = Path(path)
    sources = {shown(path): code_digest(path)}  # ahead of the run: it may be edited meanwhile
    result = {"values": {}, "errors": [], "false": [], "sources": sources}
    try:
        if name.startswith("docs.labs."):
            from .lab import execute_lab

            execute_lab(path, result)
        else:
            execute_module(name, result)
    except BaseException as error:  # SystemExit too
        result["errors"].append(located(error, path))
    return result


def execute_module(name, result):
    watch(result)
    before = random_state()
    spec = importlib.util.find_spec(name)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        check_examples(module, result["false"])
    finally:
        result["values"] = plain_values(vars(module))
    if name.startswith("snippets.figures."):
        from .figure import svg_of

        result["svg"] = svg_of(module)
    check_random_state(before)


def watch(result):
    """From now on, record used files and false claims, and hold this process to the rules.

    Warnings are errors, random generators have a seed, the checkout stays as it is, nothing is
    fetched, and there is a time limit.
    """
    import numpy as np

    sys.dont_write_bytecode = True
    warnings.simplefilter("error", RuntimeWarning)
    np.random.default_rng = functools.partial(seeded, np.random.default_rng)
    builtins.__false__ = functools.partial(record_false, result["false"])
    sys.meta_path.insert(0, ClaimsFinder)
    sys.addaudithook(functools.partial(audit, result["sources"]))
    if hasattr(signal, "setitimer"):  # the parent ends what does not listen
        signal.signal(signal.SIGALRM, late)
        signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT)


def late(signal_number, frame):
    raise TimeoutError(LATE)


def audit(sources, event, arguments):
    if event == "socket.connect":
        raise PermissionError("asks the network: a module only computes")
    if event != "open" and event not in CHANGES or not isinstance(arguments[0], (str, bytes)):
        return
    path = os.path.realpath(os.fsdecode(arguments[0]))
    place = path.removeprefix(INSIDE).replace(os.sep, "/")
    if not is_source(path):
        return
    if event in CHANGES or arguments[2] & WRITING:
        raise PermissionError(f"changes a file of the checkout: {place}")
    if place not in sources and not place.endswith(".pyc"):
        sources[place] = ""  # ahead of the digest, which opens the file as well
        sources[place] = code_digest(Path(path))


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


class ClaimsFinder(importlib.machinery.PathFinder):
    """Finds modules of the checkout so that their asserts are passed over."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        spec = super().find_spec(name, path, target) if name.startswith("snippets.") else None
        if spec and spec.origin and not name.startswith("snippets._weave"):
            spec.loader = ClaimsLoader(name, spec.origin)
        return spec


class ClaimsLoader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        tree = ast.parse(read_text(Path(self.path)), self.path)
        return compile(PassOver().visit(tree), self.path, "exec", dont_inherit=True)


class PassOver(ast.NodeTransformer):
    """Turns `assert claim, message` into `if not claim: __false__("claim", line, message)`."""

    def visit_Assert(self, node):
        call = ast.parse(f"__false__({ast.unparse(node.test)!r}, {node.lineno})").body[0]
        call.value.args += [node.msg] if node.msg else []
        new = ast.If(ast.UnaryOp(ast.Not(), node.test), [call], [])
        return ast.fix_missing_locations(ast.copy_location(new, node))


def record_false(false, claim, line, *message):
    place = shown(Path(sys._getframe(1).f_code.co_filename))
    text = short(f"AssertionError: {claim}" + "".join(f", but: {part}" for part in message))
    if [text, place, line] not in false:
        false.append([text, place, line])


def check_examples(module, false):
    """Run the doctests of a module and add those that fail to `false`."""

    class Runner(doctest.DocTestRunner):
        def report_failure(self, out, test, example, got):
            text = f"a doctest fails: {example.source.strip()} should print {example.want.strip()}"
            line = test.lineno + example.lineno + 1
            false.append([short(f"{text}, got {got.strip()}"), shown(Path(test.filename)), line])

        def report_unexpected_exception(self, out, test, example, error):
            self.report_failure(out, test, example, f"{error[0].__name__}: {error[1]}")

    runner = Runner(verbose=False)
    for test in doctest.DocTestFinder().find(module):
        runner.run(test, out=lambda text: None)


def plain_values(namespace):
    """The public values that a chapter can show: numbers, strings, lists and dicts of them."""
    values = {name: plain(value) for name, value in namespace.items() if name[0] != "_"}
    return {name: value for name, value in values.items() if value is not None}


def plain(value):
    """`value` as JSON has it; None where it is something else (a function, a large array)."""
    if isinstance(value, type):
        return None
    if hasattr(value, "tolist") and getattr(value, "size", 1) <= 10_000:
        value = value.tolist()
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, numbers.Real):
        return int(value) if isinstance(value, numbers.Integral) else float(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else None


def located(error, path):
    """`[message, path, line]`: the innermost place in the checkout that an error passed through.

    Where that is another file than `path`, the message says where `path` called it.
    """
    if isinstance(error, WeaveError):
        return error.located
    if isinstance(error, SyntaxError) and str(error.filename).startswith(INSIDE):
        return [f"{type(error).__name__}: {error.msg}", shown(Path(error.filename)), error.lineno]
    message = "".join(traceback.format_exception_only(error)).strip()
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    inside = [(str(path), 1), *(frame for frame in frames if is_source(frame[0]))]
    file, line = inside[-1]
    called = [number for caller, number in inside[1:] if caller == str(path)]
    if file != str(path) and called:
        message += f" (called from {shown(path)}:{called[-1]})"
    return [short(message), shown(Path(file)), line]


def short(message):
    return message if len(message) < 1000 else f"{message[:1000]} ..."
