"""Which modules there are, and which results are still good.

A result is good as long as the files of the checkout that its module used have the same bytes.
Which files these are is seen by watching the module run; nobody declares them.
"""

import functools
import hashlib
import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from . import ROOT

CACHE = ROOT / ".cache" / "weave"
GROUPS = {
    "snippets": "snippets/[!_.]*.py",
    "snippets.tables": "snippets/tables/[!_.]*.py",
    "snippets.figures": "snippets/figures/[!_.]*.py",
    "snippets.exercises": "snippets/exercises/[!_.]*.py",
    "docs.labs": "docs/labs/[!_.]*.py",
}
KEPT = 3  # results of each module, so that undoing a change runs nothing
PROSE = re.compile(rb"(?ms)\A# ---$.*?^# ---$|^# %% \[markdown\]$.*?(?=^# %%$|\Z)")


def discover():
    """Paths of the modules by dotted name: snippets, tables, figures, labs."""
    found = {group: sorted(ROOT.glob(pattern)) for group, pattern in GROUPS.items()}
    return {f"{group}.{path.stem}": path for group, paths in found.items() for path in paths}


def digest(path, left_out=None):
    """Of the bytes of a file without what `left_out` matches; empty if there is no such file."""
    try:
        status = path.stat()
        return _digest(path, left_out, status.st_mtime_ns, status.st_size)
    except OSError:
        return ""


def code_digest(path):
    """As `digest`, but of a lab only its code: the prose does not decide its result."""
    is_lab = path.parent == ROOT / "docs/labs" and path.suffix == ".py"
    return digest(path, PROSE if is_lab else None)


@functools.cache
def _digest(path, left_out, changed, size):
    data = path.read_bytes()
    return hashlib.sha256(left_out.sub(b"", data) if left_out else data).hexdigest()


def surroundings():
    """What every result depends on: this machinery, and the versions that it runs with."""
    versions = [platform.python_version(), *map(version, ("numpy", "matplotlib"))]
    versions.append(digest(ROOT / "requirements.txt"))
    return [*versions, *(digest(path) for path in sorted(Path(__file__).parent.glob("*.py")))]


class Shelf:
    """The results of all modules by name, kept from one build to the next."""

    def __init__(self):
        self.surroundings = surroundings()
        self.results = {}

    def stale(self, paths):
        """Names of the modules whose results, kept ones too, are no longer good."""
        self.results = {name: self.results[name] for name in paths if name in self.results}
        for name in paths:
            if not is_good(self.results.get(name)):
                for old in filter(is_good, self._kept(name)):
                    self.results[name] = old
        return [name for name in paths if not is_good(self.results.get(name))]

    def _kept(self, name):
        then, *results = load(CACHE / f"{name}.json") or [None]
        return results if then == self.surroundings else []

    def put(self, name, result):
        """Take a new result; keep it for the next build, unless the module failed."""
        result["digest"] = hashlib.sha256(json.dumps(result).encode()).hexdigest()
        self.results[name] = result
        if not result["errors"]:
            others = [old for old in self._kept(name) if old["sources"] != result["sources"]]
            save(CACHE / f"{name}.json", [self.surroundings, result, *others][: KEPT + 1])


def is_good(result):
    return result is not None and all(
        code_digest(ROOT / path) == then for path, then in result["sources"].items()
    )


def load(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def save(path, content):
    try:
        write(path, json.dumps(content).encode())
    except OSError as error:
        print(f"Nothing is kept for the next build: {error}")


def write(path, data):
    """Write a file, whole or not at all, and only if its bytes change."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_bytes(data)
        partial.replace(path)
