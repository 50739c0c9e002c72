"""Weaves what is out of date and writes the docs folder, each file only if its bytes change.

A page is woven again when something that it used has changed: its text, results, snippets, the
glossary. The same rule decides which modules run again.
"""

import json
import platform
import re
import threading
import time
from importlib.metadata import version
from pathlib import Path

from . import ROOT, WeaveError, extras, lab_page, read_text, snippet
from .chapter import WORDS_PER_MINUTE, weave, words
from .page import DOCS, Page
from .sources import CACHE, Shelf, digest, discover, load, save, write

WOVEN = ROOT / ".cache" / "woven"
HIDDEN = re.compile(r"(^|/)[._]|^theme/")


class Book:
    """All pages of the docs folder, and what each was made of."""

    def __init__(self, folder=WOVEN):
        self.folder, self.shelf, self.paths, self.outline = Path(folder), Shelf(), {}, {}
        self.rendering = threading.Lock()  # nothing is written while MkDocs reads the folder
        then, self.pages = load(CACHE / "pages.json") or [None, {}]
        self.pages = self.pages if then == self.shelf.surroundings else {}

    def update(self, take_saves=None):
        """Run what is stale and weave what is out of date.

        While serving, `take_saves` gives the names of the files that were saved since it was last
        asked. Then pages are woven as results come. Returns whether it ended early, since code was
        saved and what ran was out of date.
        """
        serving, code_saved = take_saves is not None, False
        if stale := self.weave() if serving else self.look_around():
            from .run import run

            start = woven = time.monotonic()
            order = sorted(stale, key=expected_to_take, reverse=not serving)
            for finished in run({name: self.paths[name] for name in order}):
                if finished:
                    self.shelf.put(*finished)
                saved = take_saves() if serving else ()
                if code_saved := any(name.endswith(".py") for name in saved):
                    break
                now = time.monotonic()
                if saved or serving and finished and now - woven > min(2, (now - start) / 3):
                    self.weave()
                    woven = time.monotonic()
        self.weave()
        good = {target: page for target, page in self.pages.items() if not page["errors"]}
        save(CACHE / "pages.json", [self.shelf.surroundings, good])
        return code_saved

    def look_around(self):
        """Find the modules and their results; returns the names of those that have to run."""
        self.paths, self.outline = discover(), outline()
        stale = self.shelf.stale(self.paths)
        self.shelf.results["snippets.build"] = about_the_build()
        return stale

    def weave(self):
        """Weave what is out of date with the results that are there, and write what changed."""
        stale, made = self.look_around(), {}
        for target, path, make in self.recipes():
            page = self.pages.get(target, {"used": {"": None}})
            if any(self.digest(key) != then for key, then in page["used"].items()):
                page = self.made(target, path, make)
            made[target] = page
        self.pages = made
        self.write()
        return stale

    def recipes(self):
        """For each page its target, its source, and the function that weaves it."""
        for path in chapters():
            yield path.relative_to(DOCS).as_posix(), path, woven_chapter
        for name, path in self.paths.items():
            if name.startswith("docs."):
                yield f"labs/{path.stem}.md", path, lab_page.woven
            elif name.count(".") == 1:
                yield f"snippets/{path.stem}.md", path, snippet.woven

    def made(self, target, path, make):
        """A page: its texts by suffix, its sections, its errors, and what was used for it."""
        page = Page(path, target, self)
        try:
            texts = make(page)
            found = extras.sections(target, texts[""])
        except Exception as error:
            known = isinstance(error, (ValueError, WeaveError))
            error = error if known else f"{type(error).__name__}: {error}"
            texts, found = {"": f"# {path.stem}\n{page.failed(error, 1)}"}, []
        errors = [*page.failures, *(str(WeaveError(*error)) for error in page.wrong)]
        return {"used": page.used, "texts": texts, "sections": found, "errors": errors}

    def digest(self, key):
        """Of what a page may use: a file, a result, or which chapters show which snippets."""
        if key == "outline":
            return json.dumps([self.outline, sorted(self.paths)])
        if "/" in key:
            return digest(ROOT / key)
        return self.shelf.results.get(key, {"digest": ""})["digest"]

    def write(self):
        """Write all files of the folder, and remove what is no longer one of them."""
        files = extras.search_files(self.pages)
        for path in DOCS.rglob("*"):
            target = path.relative_to(DOCS).as_posix()
            woven = path.suffix == ".md" or target.startswith("labs/")
            if path.is_file() and not woven and not HIDDEN.search(target):
                files[target] = path.read_bytes()
        for name, path in self.paths.items():
            if name.count(".") == 1:
                files[f"snippets/{path.name}"] = snippet.to_take_along(path).encode()
        for target, page in self.pages.items():
            for suffix, text in page["texts"].items():
                encoding = "latin-1" if suffix == ".zip" else "utf-8"
                files[target.removesuffix(".md") + (suffix or ".md")] = text.encode(encoding)
        with self.rendering:
            for target, data in files.items():
                write(self.folder / target, data)
            for path in self.folder.rglob("[!.]*"):
                if path.is_file() and path.relative_to(self.folder).as_posix() not in files:
                    path.unlink(missing_ok=True)

    def errors(self):
        """All that is wrong, each message once: in modules, then in pages."""
        results = self.shelf.results.values()
        modules = [error for result in results for error in [*result["errors"], *result["false"]]]
        pages = [error for page in self.pages.values() for error in page["errors"]]
        said = {}
        for error in [*(str(WeaveError(*error)) for error in modules), *pages]:
            said.setdefault(error.partition(" (called from ")[0], error)  # by whom it was called
        return list(said.values())


def expected_to_take(name):
    """For sorting: labs take longest, tables have experiments, snippets only define."""
    light = ["snippets", "snippets.figures", "snippets.exercises"]
    return [*light, "snippets.tables", "docs.labs"].index(name.rpartition(".")[0])


def woven_chapter(page):
    return {"": weave(read_text(page.path), page)}


def chapters():
    """The Markdown files of `docs/`, without those of the theme or of an editor."""
    paths = sorted(DOCS.rglob("*.md"))
    return [path for path in paths if not HIDDEN.search(path.relative_to(DOCS).as_posix())]


def outline():
    """By snippet, Markdown links to the chapters that show its code."""
    found = {}
    for path in chapters():
        text = path.read_text(encoding="utf-8", errors="replace")
        title = re.search(r"(?m)^# (.+)", text)
        link = f"[{title[1] if title else path.stem}](../{path.relative_to(DOCS).as_posix()})"
        for stem in dict.fromkeys(re.findall(r"\{\{ code (?:[\w.]+ )*?(\w+)\.", text)):
            found.setdefault(stem, []).append(link)
    return found


def about_the_build():
    """What a page may say of the build: the minutes that all chapters take, and versions."""
    count = sum(words(path.read_text("utf-8", errors="replace")) for path in chapters())
    values = {name: version(name) for name in ("numpy", "matplotlib")}
    values |= {"python": platform.python_version(), "minutes": round(count / WORDS_PER_MINUTE)}
    values["address"] = snippet.address()
    result = {"values": values, "errors": [], "false": [], "sources": {}}
    return result | {"digest": json.dumps(values)}
