"""`python3 -m snippets mutants [MODULE ...]`: break every module in one place at a time, and see whether a check notices.

One operator, comparison, constant, index or axis changes; then the claims of the module and its tests run, in a process
forked from one that has the libraries loaded. What survives is listed. The record, `snippets/recorded/mutants.json`, is
renewed for the modules named, or else for those that changed since they were recorded, or whose tests did.
mutmut would not do: it leaves module-level code alone, and so every table; cosmic-ray starts a new process for each mutant.
"""

import argparse
import ast
import contextlib
import functools
import gc
import hashlib
import importlib
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "snippets" / "recorded" / "mutants.json"
EXPLAINED = ROOT / "tests" / "mutants.toml"
PUBLISHED = ("published", [])  # `published` below, which runs what the module changes and no more
CLAIM = 9  # the exit code where the module itself, or what imports it, raises or claims something false
OPTIONS = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--assert=plain"]
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
             ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And}  # fmt: skip
COMPARISONS = {ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE], ast.GtE: [ast.Gt, ast.Lt],
               ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.In: [ast.NotIn], ast.NotIn: [ast.In], ast.Is: [ast.IsNot],
               ast.IsNot: [ast.Is]}  # fmt: skip


# The mutants of a module


def mutants(source):
    """`(key, function that gives the source)` of each; the key tells the line, what became what, and which of several alike."""
    tree, lines, seen = ast.parse(source), source.split("\n"), {}
    for node, new in [(node, new) for node, found in sites(tree) for new in found]:
        change = f"{lines[node.lineno - 1].strip()} | {ast.unparse(node)} -> {ast.unparse(new)}"
        seen[change] = seen.get(change, 0) + 1
        yield change + f" | {seen[change]}" * (seen[change] > 1), functools.partial(with_new, tree, node, new)


def sites(tree):
    """Each node that can be changed, with what can stand for it."""
    untouched = {id(inner) for node in ast.walk(tree) for inner in words(node)}
    for node in ast.walk(tree):
        if id(node) not in untouched and (found := list(replacements(node))):
            yield node, found


def words(node):
    """Nodes that are left alone: words for people (docstrings, the text in an f-string), and checks, which have to notice."""
    if isinstance(node, ast.Assert):
        yield from ast.walk(node)
    if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node, clean=False) is not None:
        yield node.body[0].value
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.FormattedValue) and node.format_spec:
        yield node.format_spec
        yield from (part for part in node.format_spec.values if isinstance(part, ast.Constant))


def replacements(node):
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield ast.BinOp(node.right, ast.MatMult(), node.left)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(OPERATORS[type(node.op)](), node.values)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare):
        for new in COMPARISONS[type(node.ops[0])]:
            yield ast.Compare(node.left, [new(), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.Constant):
        yield from other_constants(node.value)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name) and isinstance(node.ctx, ast.Load):
        yield ast.Subscript(node.value, ast.BinOp(node.slice, ast.Sub(), ast.Constant(1)), node.ctx)
    elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        yield ast.AugAssign(node.target, OPERATORS[type(node.op)](), node.value)


def other_constants(value):
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, float):
        yield ast.Constant(value * 1.1 if value else 1.0)
    elif isinstance(value, str):
        yield ast.Constant("X" + value)


def with_new(tree, node, new):
    """The source of `tree` with `new` in the place of `node`; the tree stays as it is."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is node or isinstance(value, list) and any(item is node for item in value):
                setattr(parent, field, [new if item is node else item for item in value] if isinstance(value, list) else new)
                try:
                    return ast.unparse(tree)
                finally:
                    setattr(parent, field, value)


# What is run on a mutant


def modules():
    """Every Python file of `snippets/` that has something to break, by its path."""
    files = sorted((ROOT / "snippets").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path for path in files if any(mutants(path.read_text(encoding="utf-8")))}


def stages(name):
    """What a mutant of this module has to survive, in order: `(how it dies, arguments of a pytest run)`."""
    stem, group = Path(name).stem.strip("_"), Path(name).parent.name
    own = [path for path in (f"tests/test_{group.strip('_')}_{stem}.py", f"tests/test_{stem}.py") if (ROOT / path).is_file()]
    if stem == "gradients":
        return [("tests", own), PUBLISHED]  # the whole table takes as long as a hundred of its tests
    if group == "tables":
        return [PUBLISHED, ("tests", ["tests/test_tables.py", *[path for path in own if "tables" in (ROOT / path).read_text()]])]
    if group == "figures":
        theirs = [path for path in own if "figures" in (ROOT / path).read_text()]
        return [PUBLISHED, *[("tests", theirs)] * bool(theirs), ("tests", ["tests/test_figures.py", *["-k", stem] * (stem != "init")])]
    if group == "_weave":
        return [("tests", [f"tests/test_weave_{stem}.py"])]
    if group == "recorded":
        if stem == "main":
            return [("tests", ["tests/test_recorder.py"]), ("tests", ["tests/test_recorded.py", "-k", "package or pinned"])]
        theirs = [path for path in own if re.search(rf"snippets\.recorded(\.| import ){stem}\b", (ROOT / path).read_text())]
        return [*[("tests", theirs)] * bool(theirs), ("tests", ["tests/test_recorded.py", "-k", "zeros" if stem == "init" else f"start or [{stem}-"])]
    return [("tests", [name] * (group == "snippets") + own)]


def files(name):
    """What decides whether the record of a module is still true: the module and its tests, by the digest of each."""
    tests = {argument for _, arguments in stages(name) for argument in arguments if argument.endswith(".py")}
    helper = "tests/conftest.py" if "/_weave/" in name else "tests/oracles.py"
    return {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest()[:16] for path in sorted({name, *tests, helper}) if (ROOT / path).is_file()}


class Forking:
    """Modules run in a fork of the process that has everything loaded, not in one of a clean server."""

    def pytest_configure(self):
        from snippets._weave import run

        run.context = functools.partial(multiprocessing.get_context, "fork")


def prepare(folder):
    """In each worker: a checkout of its own to break, with the libraries and the unbroken modules loaded, and what they compute."""
    global CHECKOUT, RESULTS
    CHECKOUT = Path(tempfile.mkdtemp(dir=folder)) / "checkout"
    left_out = shutil.ignore_patterns(".git", ".venv", "site", ".site.*", "screenshots", "python-*", "lab-*", "node", "__pycache__", ".pytest_cache")
    shutil.copytree(ROOT, CHECKOUT, ignore=left_out)
    os.chdir(CHECKOUT)
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1", "NO_MKDOCS_2_WARNING": "1"}
    os.environ.pop("CI", None)
    sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]
    sys.modules.pop("tests", None)
    import matplotlib.backends.backend_agg  # noqa: F401
    import mkdocs.__main__  # noqa: F401
    import watchdog.observers.polling  # noqa: F401

    for path in sorted(CHECKOUT.glob("snippets/*.py")) + sorted(CHECKOUT.glob("snippets/*/*.py")):
        if not path.stem.startswith("__") and path.parent.name != "recorded" and path.stem != "hooks":
            importlib.import_module(".".join(path.relative_to(CHECKOUT).with_suffix("").parts))
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        pytest.main([*OPTIONS, "tests/test_published.py", "-k", "approved"], plugins=[Forking()])  # what pytest loads, and every formula
    from snippets._weave.__main__ import update

    RESULTS = update()[0]
    remember()


def remember():
    """Ahead of the forks: which of the loaded modules import which files."""
    global IMPORTED
    from snippets._weave import modules

    paths = {loaded: Path(getattr(module, "__file__", None) or "/") for loaded, module in sys.modules.items()}
    IMPORTED = {loaded: (path, modules.imported(path)) for loaded, path in paths.items() if path.is_relative_to(CHECKOUT)}
    gc.freeze()  # no fork goes through all this again, and copies it


def attempt(name, text, limit):
    """How a mutant dies ("tests", "published"), or "survived", and the seconds it took."""
    started, path = time.monotonic(), CHECKOUT / name
    original = path.read_bytes()
    path.write_text(text, encoding="utf-8")
    try:
        for how, arguments in stages(name):
            if (code := forked(name, arguments, limit)) != 0:
                return "tests" if code == CLAIM else how, time.monotonic() - started
        return "survived", time.monotonic() - started
    finally:
        path.write_bytes(original)


def forked(name, arguments, limit):
    """The exit code of pytest in a fork, or None when it had to be killed: after `limit` seconds at work, or as if asleep, however busy the machine."""
    if (child := os.fork()) == 0:
        code = 3
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 1))
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            forget(name)
            tests = [*OPTIONS, f"--basetemp={CHECKOUT.parent / 'tmp'}", *arguments]
            code = int(pytest.main(tests, plugins=[Forking()])) if arguments else published(name)
        finally:
            os._exit(code)
    until = time.monotonic() + 6 * limit
    while (done := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < until:
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what its tests may have left running, too
    if done == (0, 0):
        os.waitpid(child, 0)
        return None
    return os.waitstatus_to_exitcode(done[1])


def published(name):
    """0 where the chapters still publish what was approved, after all that imports the module has run anew; labs excepted."""
    from snippets._weave import confine, modules, run

    import test_published

    false, stems = [], set()
    for module, path in modules.discover().items():
        if CHECKOUT / name in modules.imported(path) and not module.startswith("docs."):
            stems.add(path.stem)
            try:
                RESULTS[module] = run.compute(module, path, false)
            except BaseException:
                return CLAIM
            confine.readable = None  # what is compared below may be read
            if false:
                return CLAIM
    approved, results, pages = test_published.approved(), test_published.as_approved(RESULTS), test_published.CHAPTERS.items()
    shown = [(page, text) for page, text in pages if stems & set(re.findall(r"\w+(?=[^{}]*\}\})", text))]
    return int(any(test_published.published(page, text, results) != approved[page] for page, text in shown))


def forget(name):
    """Unload the tests, the broken module, and all that import it."""
    for loaded, (path, imported) in IMPORTED.items():
        if path.parent.name == "tests" or CHECKOUT / name in imported:
            del sys.modules[loaded]
            parent, _, stem = loaded.rpartition(".")
            if hasattr(sys.modules.get(parent), stem):
                delattr(sys.modules[parent], stem)


# The record and the report


def changed(record):
    """Modules of which the record does not speak, or no longer."""
    return [name for name in modules() if record.get(name, {}).get("files") != files(name)]


@contextlib.contextmanager
def workers():
    """Processes that have everything loaded, each with a checkout to break."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        with ProcessPoolExecutor(initializer=prepare, initargs=(folder,), mp_context=multiprocessing.get_context("spawn")) as pool:
            yield pool


def examine(names, record):
    """`(name, what the record says of it)` of one module after the other.

    Where tests were added since it was recorded, and nothing else changed, only what had survived runs: the others still die.
    """
    with workers() as pool:
        for name in names:
            source, of = (ROOT / name).read_text(encoding="utf-8"), files(name)
            how, seconds = pool.submit(attempt, name, ast.unparse(ast.parse(source)), 600).result()
            if how != "survived":
                raise SystemExit(f"{name}: its checks ({how}) fail before anything is broken")
            limit = 10 + 5 * seconds
            then = record.get(name, {"files": {}})
            same = then if then["files"].items() < of.items() and then["files"] else {"tests": 0, "published": 0}
            keys = [key for key, _ in mutants(source)]
            running = {key: pool.submit(attempt, name, make(), limit) for key, make in mutants(source) if key in same.get("survived", keys)}
            ends = {key: future.result()[0] for key, future in running.items()}
            counts = {how: list(ends.values()).count(how) + same[how] for how in ("tests", "published")}
            yield name, {"files": of, "mutants": len(keys), **counts, "survived": [k for k, how in ends.items() if how == "survived"]}


def explained():
    """By module and mutant, the proof that it changes nothing that anybody could notice."""
    return tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))


def stale_proofs():
    """`module: mutant` of each explanation whose mutant is no longer in the code."""
    known = modules()
    for name, proofs in explained().items():
        keys = {key for key, _ in mutants(known[name].read_text(encoding="utf-8"))} if name in known else set()
        yield from (f"{name}: {key}" for key in proofs if key not in keys)


def report(name, entry):
    """One line, and one for each survivor; the number of those that nobody has explained."""
    proofs = explained().get(name, {})
    open_ = [key for key in entry["survived"] if key not in proofs]
    print(f"{name}: {entry['mutants']} mutants, killed by tests {entry['tests']}, by what is published {entry['published']}, "
          f"survived {len(entry['survived'])}, unexplained {len(open_)}", flush=True)  # fmt: skip
    for key in open_:
        print(f"    {key}", flush=True)
    return len(open_)


def sample(count, seed, names):
    """Break `count` places of these modules: `(module, mutant, whether it survives)` of each."""
    every = [(name, key, make) for name in names for key, make in mutants((ROOT / name).read_text(encoding="utf-8"))]
    chosen = random.Random(seed).sample(every, min(count, len(every)))
    with workers() as pool:
        ends = [(name, key, pool.submit(attempt, name, make(), 120)) for name, key, make in chosen]
        return [(name, key, end.result()[0] == "survived") for name, key, end in ends]


def main(arguments):
    parser = argparse.ArgumentParser(prog="python3 -m snippets mutants", description=__doc__.split("\n\n")[0])
    parser.add_argument("module", nargs="*", help="such as snippets/losses.py; without, those that changed since they were recorded")
    wanted = parser.parse_args(arguments).module
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}
    if unknown := [name for name in wanted if name not in modules()]:
        parser.error(f"there is nothing to break in {', '.join(unknown)}")
    left, known = 0, modules()
    for name, entry in examine(wanted or changed(record), record):
        left += report(name, entry)
        record[name] = entry
        kept = {name: record[name] for name in sorted(record) if name in known}
        RECORD.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for stale in stale_proofs():
        print(f"explained, and no longer in the code: {stale}", flush=True)
    return f"{left} mutants survive, and nobody has said why" if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
