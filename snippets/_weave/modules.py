"""Which modules there are, what each depends on, and the results that are still good."""

import ast
import contextlib
import functools
import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from . import ROOT, WeaveError

STORE = ROOT / ".cache" / "weave"
TEMPLATES = ROOT / ".cache" / "jinja"
GROUPS = {"snippets": "snippets/*.py", "snippets.tables": "snippets/tables/*.py", "snippets.figures": "snippets/figures/*.py", "docs.labs": "docs/labs/*.py"}


def discover():
    """Paths of the modules by dotted name: the snippets, their tables, their figures, the labs."""
    return {
        f"{group}.{path.stem}": path
        for group, pattern in GROUPS.items()
        for path in sorted(ROOT.glob(pattern))
        if not path.stem.startswith("_")
    }


def current(paths):
    """`(results, keys of the stale)`: the stored results that are still good, and the modules that have to run."""
    results, stale, keys = {}, {}, fingerprints(paths)
    for name, key in keys.items():
        if result := _load(name, key):
            results[name] = result
        else:
            stale[name] = key
    return results, stale


def fingerprints(paths):
    """By name, a digest of all that decides a module's result: its code, what it imports and reads here, machinery, versions."""
    surroundings, keys = _surroundings(), {}
    for name, path in paths.items():
        digest = hashlib.sha256(surroundings)
        for source in sorted(declared(path)):
            digest.update(f"{source.relative_to(ROOT)}\0".encode() + source.read_bytes() + b"\0")
        keys[name] = digest.hexdigest()
    return keys


def declared(path):
    """`path`, every file of the checkout that it imports, and those that any of them says it reads."""
    sources = imported(path)
    return sources | {file for source in sources for pattern in _reads(source, source.read_bytes()) for file in ROOT.glob(pattern) if file.is_file()}


def _surroundings():
    versions = [platform.python_version(), *(version(name) for name in ("numpy", "matplotlib"))]
    return b"\0".join([repr(versions).encode(), *(file.read_bytes() for file in common())])


def common():
    """The files that decide the result of every module."""
    return sorted([*Path(__file__).parent.glob("*.py"), *(ROOT / "snippets").rglob("__init__.py"), *ROOT.glob("requirements.txt")])


def imported(path, seen=None):
    """`path` and every file of the checkout that it imports, directly or not."""
    seen = set() if seen is None else seen
    if path not in seen:
        seen.add(path)
        for name in _imports(path, path.read_bytes()):
            file = ROOT.joinpath(*name.split("."))
            for candidate in (file.with_suffix(".py"), file / "__init__.py"):
                if candidate.is_file():
                    imported(candidate, seen)
    return seen


@functools.lru_cache(maxsize=256)
def _parsed(path, source):
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise WeaveError(f"SyntaxError: {error.msg}", path.relative_to(ROOT), error.lineno) from None


def _reads(path, source):
    """The files that a module says it reads: `READS = [...]`, patterns relative to the checkout."""
    for node in _parsed(path, source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "READS":
            with contextlib.suppress(ValueError):
                patterns = ast.literal_eval(node.value)
                if isinstance(patterns, list) and all(isinstance(pattern, str) and pattern[:1] not in ("", "/") for pattern in patterns):
                    return patterns
            raise WeaveError("READS is a list of texts, each the path of a file in this checkout, or a pattern", path.relative_to(ROOT), node.lineno)
    return []


@functools.lru_cache(maxsize=256)
def _imports(path, source):
    names = set()
    for node in ast.walk(_parsed(path, source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
            module = ".".join(filter(None, [package, node.module]))
            names.update([module, *(f"{module}.{alias.name}" for alias in node.names)])
    return sorted(name for name in names if name.split(".")[0] == "snippets")


def store(name, key, result):
    keep(STORE / f"{name}.json", key, json.dumps(result))


def _load(name, key):
    text = kept(STORE / f"{name}.json", key)
    return text and json.loads(text)


def keep(path, key, text):
    """Keep a text for the next build, whole or not at all; a build goes on where that cannot be."""
    try:
        write(path, f"{_seal(key, text)}\n{text}")
    except OSError as error:
        _tell(f"Nothing is kept for the next build: {error.strerror}: {path.parent.relative_to(ROOT)}")


_tell = functools.lru_cache(functools.partial(print, file=sys.stderr))  # once; not a warning, which --strict counts


def kept(path, key):
    """What `keep` kept under this key, or None; the digest in front tells whether it is still as it was written."""
    try:
        seal, text = path.read_text(encoding="utf-8").split("\n", 1)
    except (OSError, ValueError):
        return None
    return text if seal == _seal(key, text) else None


def _seal(key, payload):
    return hashlib.sha256(f"{key}\n{payload}".encode()).hexdigest()


def write(path, text):
    """Write through a temporary file and a rename, and only what changed."""
    if path.is_file() and path.read_bytes() == text.encode():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    file = tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".", suffix=f".{os.getpid()}", delete=False)
    try:
        with file:
            file.write(text.encode())
        os.chmod(file.name, 0o644)  # a temporary file is for its owner alone
        os.replace(file.name, path)
    except BaseException:
        os.unlink(file.name)
        raise


def drop(names):
    """Remove the stored results of modules that are gone."""
    with contextlib.suppress(OSError):
        for path in STORE.glob("*.json"):
            if path.stem not in names:
                path.unlink()


def sweep(folder, prefix="."):
    """Remove what a build that was killed left in a folder: its names end in the number of its process."""
    for path in folder.iterdir() if folder.is_dir() else []:
        if path.name.startswith(prefix) and path.suffix[1:].isdigit() and not _runs(int(path.suffix[1:])):
            shutil.rmtree(path, ignore_errors=True)
            with contextlib.suppress(OSError):
                path.unlink()


def _runs(process):
    try:
        return os.name == "nt" or os.kill(process, 0) is None  # on Windows that would end it
    except OSError as error:
        return isinstance(error, PermissionError)
