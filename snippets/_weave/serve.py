"""Weaves while `mkdocs serve` runs: what was saved at once, what has to be computed as it comes."""

import time
import traceback

from . import ROOT
from .page import DOCS

SOURCES = (DOCS, ROOT / "snippets")


def keep_weaving(book, log):
    """Weave again whenever a source file changes, for as long as the process lives."""
    seen, said = None, []
    while True:
        if (now := saved()) == seen:
            time.sleep(0.05)
            continue
        seen = now
        try:
            book.update(lambda: code_changed(seen), as_they_come=True)  # noqa: B023
            for error in book.errors():
                if error not in said:
                    log.error(error)
            said = book.errors()
        except Exception:
            log.error(f"An error in the machinery:\n{traceback.format_exc()}")


def saved():
    """When each source file was last saved."""
    found = {}
    for path in (path for folder in SOURCES for path in folder.rglob("*")):
        if path.suffix != ".pyc" and path.name[0] not in ".#":
            try:
                found[path] = path.stat().st_mtime_ns
            except OSError:  # an editor is about to replace it
                continue
    return found


def code_changed(seen):
    """Whether Python was saved since `seen`: what runs now is out of date."""
    now = saved()
    changed = [path for path in now.keys() | seen.keys() if now.get(path) != seen.get(path)]
    return any(path.suffix == ".py" for path in changed)
