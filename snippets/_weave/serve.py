"""Weaves while `mkdocs serve` runs: what was saved at once, what has to be computed as it comes."""

import time
import traceback

from . import ROOT
from .book import WOVEN
from .run import run

PAUSE = 6  # seconds between looks at what has ended; each takes time from what still runs


def stamps():
    """When each source file was saved last, by path; not of what editors and Python leave."""
    found = {}
    for path in (path for name in ("docs", "snippets") for path in (ROOT / name).rglob("[!.#]*")):
        if path.suffix != ".pyc" and path.name[-1] != "~" and path.is_file():
            found[path] = path.stat().st_mtime_ns
    return found


def keep_weaving(book, log):
    """Weave again whenever a source file was saved, for as long as the process lives."""
    said = []
    while True:
        try:
            seen = compute(book)
            for error in book.errors():
                if error not in said:
                    log.error(error)
            said = book.errors()
        except Exception:
            seen = stamps()
            log.error(f"An error in the machinery:\n{traceback.format_exc()}")
        while stamps() == seen:
            time.sleep(0.1)


def compute(book):
    """Weave, and run what is stale, labs last; pages show results as they come.

    A sentence that is saved meanwhile is woven at once; saved code ends it, since what runs may be
    out of date. Returns the `stamps` of what was woven.
    """
    seen = stamps()
    woven = time.monotonic()
    stale = book.weave()
    labs = {name: stale.pop(name) for name in list(stale) if name.startswith("docs.")}
    for modules in filter(None, (stale, labs)):
        for ended in run(modules):
            if ended:
                book.keep(*ended)
                continue
            saved = {path.suffix for path, _ in stamps().items() ^ seen.items()}
            if ".py" in saved:
                return seen
            now = time.monotonic()
            if saved or now - woven > PAUSE:
                seen = stamps()
                book.weave()
                woven = time.monotonic()
        book.weave()
    return seen


def remove_deleted(site):
    """Remove the pages of chapters that are no longer there, which MkDocs leaves."""
    for path in site.rglob("*.html"):
        woven = (WOVEN / path.relative_to(site)).with_suffix(".md")
        if path.name != "404.html" and not woven.exists():
            path.unlink()
