"""Weaves what is out of date and writes the docs folder, each file only if its bytes change."""

import re
import threading
from base64 import b64decode
from pathlib import Path

from mkdocs.utils.yaml import yaml_load

from . import ROOT, WeaveError
from .cache import VERSIONS, Cache, write
from .chapter import woven_chapter
from .in_page import Pyodide
from .lab_page import woven_lab
from .page import DOCS, Page
from .run import run
from .search import search_files, sections
from .snippet import woven_snippet

WOVEN = ROOT / ".cache" / "woven"
HIDDEN = re.compile(r"(^|/)[._]|^theme/")
RUNNER = re.compile(r"assets/run/|run\.txt")  # of no use where Pyodide is not installed
MODULES = {  # in the order in which they run while serving
    "snippets": "snippets/[!_.]*.py",
    "snippets.exercises": "snippets/exercises/[!_.]*.py",
    "snippets.tables": "snippets/tables/[!_.]*.py",
    "snippets.figures": "snippets/figures/[!_.]*.py",
    "docs.labs": "docs/labs/[!_.]*.py",
}


class Book:
    """All pages of the docs folder, and what each was made of."""

    def __init__(self, folder=WOVEN):
        self.folder, self.cache, self.paths, self.pages = Path(folder), Cache(), {}, {}
        settings = ROOT / "mkdocs.yml"
        found = yaml_load(settings.read_bytes()) if settings.is_file() else {}
        self.address = found.get("site_url") or ""
        self.python = Pyodide(found.get("extra", {}))
        self.rendering = threading.RLock()  # nothing is written while MkDocs reads the folder

    def update(self):
        """Run what is stale, the longest first, and weave what is out of date."""
        for ended in run(dict(reversed(self.look_around().items()))):
            if ended:
                self.keep(*ended)
        self.make_pages()

    def keep(self, name, result):
        self.cache.put(name, result, not result["failed"])

    def look_around(self):
        """Find the modules and their results; returns the paths of those that have to run."""
        self.paths = {
            f"{group}.{path.stem}": path
            for group, pattern in MODULES.items()
            for path in sorted(ROOT.glob(pattern))
        }
        for name in self.cache.entries.keys() - {*self.paths, *self.pages}:
            del self.cache.entries[name]
        stale = {name: path for name, path in self.paths.items() if not self.cache.good(name)}
        self.cache.put("snippets.build", self.about_the_build(), keep=False)
        return stale

    def about_the_build(self):
        """What pages say of the whole, as values of a module of this name."""
        snippets = [path.stem for name, path in self.paths.items() if name.count(".") == 1]
        values = VERSIONS | {"address": self.address, "snippets": snippets, "shown_in": {}}
        for path in chapters():
            text = path.read_text(encoding="utf-8", errors="replace")
            title = re.search(r"(?m)^# (.+)", text)
            link = f"[{title[1] if title else path.stem}](../{path.relative_to(DOCS).as_posix()})"
            for stem in dict.fromkeys(re.findall(r"\{\{ code (?:[\w.]+ )*?(\w+)\.", text)):
                values["shown_in"].setdefault(stem, []).append(link)
        return {"values": values, "errors": [], "failed": False, "used": {}}

    def weave(self):
        """Weave what is out of date with the results that are there, and write what changed."""
        stale = self.look_around()
        self.make_pages()
        return stale

    def make_pages(self):
        self.pages = {target: self.page(target, *recipe) for target, *recipe in self.recipes()}
        self.write()

    def recipes(self):
        """For each page its target, its source, and the function that weaves it."""
        for path in chapters():
            yield path.relative_to(DOCS).as_posix(), path, woven_chapter
        for name, path in self.paths.items():
            if name.startswith("docs."):
                yield f"labs/{path.stem}.md", path, woven_lab
            elif name.count(".") == 1:
                yield f"snippets/{path.stem}.md", path, woven_snippet

    def page(self, target, path, make):
        """A page: its files, its sections, its errors, and what was used for it."""
        if entry := self.cache.good(target):
            return entry
        page = Page(path, target, self)
        try:
            page.files[target] = make(page)
            found = sections(target, page.files[target])
        except Exception as error:
            if not isinstance(error, (ValueError, WeaveError)):
                error = f"{type(error).__name__}: {' '.join(str(error).split())}"
            page.files[target], found = f"# {path.stem}\n\n{page.failed(error, 1)}\n", []
        entry = {"used": page.used, "files": page.files, "errors": page.errors, "sections": found}
        self.cache.put(target, entry, keep=not page.errors and all(page.used.values()))
        return entry

    def write(self):
        """Write all files of the folder, and remove what is no longer one of them."""
        files = self.assets() | search_files(self.pages) | self.python.files
        for page in self.pages.values():
            for target, text in page["files"].items():
                if target.endswith(".md"):
                    text += self.python.script(text, "../" * target.count("/"))
                files[target] = b64decode(text) if target.endswith(".zip") else text.encode()
        with self.rendering:
            for target, data in files.items():
                write(self.folder / target, data)
            for path in self.folder.rglob("[!.]*"):
                if path.is_file() and path.relative_to(self.folder).as_posix() not in files:
                    path.unlink(missing_ok=True)

    def assets(self):
        """By target, the files of `docs/` that are there as they are."""
        files = {}
        for path in DOCS.rglob("*"):
            target = path.relative_to(DOCS).as_posix()
            woven = path.suffix == ".md" or target.startswith("labs/")
            useless = RUNNER.match(target) and not self.python.files
            if path.is_file() and not (woven or useless or HIDDEN.search(target)):
                files[target] = path.read_bytes()
        return files

    def errors(self):
        """All that is wrong, each message once: in modules, then in pages."""
        said, entries = {}, [*self.cache.entries.values(), *self.pages.values()]
        found = (error for entry in entries for error in entry["errors"])
        for error in [*self.python.errors, *found]:
            said.setdefault(error.partition(" (called from ")[0], error)  # by whom it was called
        return list(said.values())


def chapters():
    """The Markdown files of `docs/`, without those of the theme or of an editor."""
    paths = sorted(DOCS.rglob("*.md"))
    return [path for path in paths if not HIDDEN.search(path.relative_to(DOCS).as_posix())]
