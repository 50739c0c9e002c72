"""What was made, modules' results and pages, and whether it is still good.

It is good as long as the files and results that it used are the same. Which files a module used is
seen by watching it run; nobody declares them.
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

FOLDER = ROOT / ".cache" / "weave"
KEPT = 3  # the last results of each module and page, so that undoing a change runs nothing
VERSIONS = {name: version(name) for name in ("numpy", "matplotlib")}
VERSIONS["python"] = platform.python_version()
CODE = "#code"  # at the end of a lab's path: its prose does not count
PROSE = re.compile(rb"(?ms)\A# ---$.*?^# ---$|^# %% \[markdown\]$.*?(?=^# %%$|\Z)")


def digest(path):
    """Of the bytes of a file of the checkout, or the names in a folder; empty if there is none."""
    try:
        status = (ROOT / path.removesuffix(CODE)).stat()
        return digest_at(path, status.st_mtime_ns, status.st_size)
    except OSError:
        return ""


@functools.cache
def digest_at(path, changed, size):
    file = ROOT / path.removesuffix(CODE)
    if file.is_dir():
        names = {other.name for other in file.glob("[!._]*") if other.name[-1] != "~"}
        return hashlib.sha256("/".join(sorted(names)).encode()).hexdigest()
    data = file.read_bytes()
    return hashlib.sha256(PROSE.sub(b"", data) if path.endswith(CODE) else data).hexdigest()


class Cache:
    """By name, dicts whose `used` has the digest of each file or other entry that was used."""

    def __init__(self):
        self.entries = {}
        machinery = sorted(Path(__file__).parent.glob("*.*"))
        files = [ROOT / "requirements.txt", *machinery]
        self.surroundings = [VERSIONS, *(digest(str(path)) for path in files)]

    def digest(self, key):
        """Of what an entry may use: the name of a result, or the path of a file."""
        is_result = key.startswith(("snippets.", "docs."))
        return self.entries.get(key, {}).get("digest", "") if is_result else digest(key)

    def is_good(self, entry):
        return all(self.digest(key) == then for key, then in entry["used"].items())

    def good(self, name):
        """The entry of this name, one of the last few, that is still good, or `None`."""
        if name in self.entries and self.is_good(self.entries[name]):
            return self.entries[name]
        for entry in filter(self.is_good, self.kept(name)):
            self.entries[name] = entry
            return entry

    def kept(self, name):
        try:
            then, *entries = json.loads(self.file(name).read_bytes())
        except (OSError, ValueError, TypeError):
            return []
        return entries if then == self.surroundings else []

    def put(self, name, entry, keep):
        """Take a new entry, and keep it for the next build if it is worth it."""
        entry["digest"] = hashlib.sha256(json.dumps(entry).encode()).hexdigest()
        self.entries[name] = entry
        if keep:
            others = [old for old in self.kept(name) if old["used"] != entry["used"]]
            content = json.dumps([self.surroundings, entry, *others][: KEPT + 1])
            try:
                write(self.file(name), content.encode())
            except OSError as error:
                print(f"Nothing is kept for the next build: {error}")

    def file(self, name):
        return FOLDER / f"{name.replace('/', '.')}.json"


def write(path, data):
    """Write a file, whole or not at all, and only if its bytes change."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_bytes(data)
        partial.replace(path)
