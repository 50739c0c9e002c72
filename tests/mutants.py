"""Break each snippet in one place at a time, and record the changes that its checks do not notice.

The checks are the doctests of the module and its `tests/test_<stem>.py`. Two libraries were tried:
mutmut 3.8 changes no module-level code, `@` or `.T`, so no gradient of the worked example;
cosmic-ray 8.7 lacks `@` and `.T` as well, and took 1.6 to 2.2 s a mutant; here it is about 0.3 s.
"""

import argparse
import ast
import gc
import json
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import compress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "snippets/recorded/mutants.json"
OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
COMPARISONS = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}


# The mutants of a module


def mutants(source):
    """The source of each mutant by its name: the statement, and what became what in it."""
    found, seen = {}, Counter()
    for number, (statement, node) in enumerate(nodes(ast.parse(source))):
        for new in replacements(node):
            name = f"{statement}  # {ast.unparse(node)} -> {ast.unparse(new)}"
            seen[name] += 1
            if seen[name] > 1:
                name += f", number {seen[name]}"
            found[name] = with_new(source, number, new)
    return found


def nodes(node, statement=""):
    """Each node in the order of the source, with the first line of its statement."""
    if isinstance(node, ast.stmt):
        statement = ast.unparse(node).split("\n")[0]
    yield statement, node
    for child in ast.iter_child_nodes(node):
        yield from nodes(child, statement)


def replacements(node):
    """What can stand in the place of a node; text is left alone."""
    match node:
        case ast.BinOp(op=ast.MatMult()):
            yield ast.BinOp(node.right, node.op, node.left)
        case ast.BinOp() if type(node.op) in OPERATORS:
            yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        case ast.AugAssign() if type(node.op) in OPERATORS:
            yield ast.AugAssign(node.target, OPERATORS[type(node.op)](), node.value)
        case ast.BoolOp():
            yield ast.BoolOp(OPERATORS[type(node.op)](), node.values)
        case ast.UnaryOp():
            yield node.operand
        case ast.Compare(ops=[first, *others]):
            for new in COMPARISONS[type(first)]:
                yield ast.Compare(node.left, [new(), *others], node.comparators)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(value * 1.1 if value else 1.0)
        case ast.Attribute(attr="T"):
            yield node.value
        case ast.Subscript(slice=ast.Name(), ctx=ast.Load()):
            previous = ast.BinOp(node.slice, ast.Sub(), ast.Constant(1))
            yield ast.Subscript(node.value, previous, node.ctx)


class Replace(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def with_new(source, number, new):
    """The source with another node in the place of that number."""
    tree = ast.parse(source)
    old = [node for _, node in nodes(tree)][number]
    return ast.unparse(Replace(old, new).visit(tree))


# Running the checks

# Each mutant gets a process of its own, forked from one that has imported what takes long.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pytest", "_pytest.doctest", "numpy", "matplotlib.pyplot", "mpmath"])
NOTHING_TO_RUN = 5  # pytest's exit code for a module without doctests
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".cache", "site")


def run(stem, source, limit):
    """The seconds that the checks took, or None if one failed, or if they took too long.

    They may take `limit` seconds of work, and six times as many by the clock.
    """
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
        Path(folder, "snippets", f"{stem}.py").write_text(source, encoding="utf-8")
        process = FORKS.Process(target=check, args=(folder, stem, limit), daemon=True)
        process.start()
        started = time.monotonic()
        process.join(6 * limit)
        process.kill()
        process.join()
    if process.exitcode == 1:
        raise RuntimeError(f"{stem}: the checks could not run")
    return time.monotonic() - started if process.exitcode == 0 else None


def check(folder, stem, limit):
    """Exit with 0 if the checks of this module pass in this copy of the checkout, else with 9."""
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    gc.freeze()  # pytest collects garbage twice: not among all that was imported before the fork
    os.chdir(folder)
    sys.path.insert(0, folder)
    import pytest

    options = ["-x", "-n0", "--assert=plain", "-p", "no:cacheprovider"]
    for path in (f"snippets/{stem}.py", f"tests/test_{stem}.py"):
        if Path(path).is_file() and pytest.main([*options, path]) not in (0, NOTHING_TO_RUN):
            sys.exit(9)


# The record


def examine(stem, reasons):
    """What the record says of a module; a survivor keeps the reason that it has."""
    source = (ROOT / "snippets" / f"{stem}.py").read_text(encoding="utf-8")
    seconds = run(stem, ast.unparse(ast.parse(source)), 600)
    if seconds is None:
        raise SystemExit(f"{stem}: its checks fail before anything is broken")
    limit = 2 + int(5 * seconds)
    found = mutants(source)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        survived = list(pool.map(lambda text: run(stem, text, limit) is not None, found.values()))
    survivors = {name: reasons.get(name, "") for name in compress(found, survived)}
    return {"mutants": len(found), "killed": survived.count(False), "survivors": survivors}


def main(arguments):
    parser = argparse.ArgumentParser("python3 -m snippets mutants", description=__doc__)
    parser.add_argument("stem", nargs="*", help="such as losses; without, every snippet")
    stems = sorted(path.stem for path in ROOT.glob("snippets/[!_]*.py"))
    wanted = parser.parse_args(arguments).stem
    if unknown := set(wanted) - set(stems):
        parser.error(f"there is no snippet {', '.join(sorted(unknown))}")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the mutants share the cores
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}
    record = {stem: entry for stem, entry in record.items() if stem in stems}
    for stem in wanted or stems:
        record[stem] = examine(stem, record.get(stem, {}).get("survivors", {}))
        report(stem, record[stem])
        text = json.dumps(dict(sorted(record.items())), indent=1, ensure_ascii=False)
        RECORD.write_text(text + "\n", encoding="utf-8")
    reasons = [reason for entry in record.values() for reason in entry["survivors"].values()]
    if missing := reasons.count(""):
        return f"{missing} survivors have no reason yet: write it into {RECORD.relative_to(ROOT)}"


def report(stem, entry):
    print(f"{stem}: {entry['killed']} of {entry['mutants']} killed", flush=True)
    for name, reason in entry["survivors"].items():
        if not reason:
            print(f"    {name}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
