"""Weaves what is out of date and writes the docs folder, each file only if its bytes change.

A page is woven again when something that it used has changed: its text, results, snippets, the
glossary. The same rule decides which modules run again.
"""

import difflib
import functools
import json
import platform
import re
from html import escape
from importlib.metadata import version
from pathlib import Path

from . import ROOT, WeaveError, extras, lab_page, read_text, shown, snippet
from .chapter import NAME, WORDS_PER_MINUTE, Pending, weave, words
from .excerpt import Source
from .formula import inline
from .sources import CACHE, Shelf, digest, discover, load, save, write

DOCS = ROOT / "docs"
WOVEN = ROOT / ".cache" / "woven"
HIDDEN = re.compile(r"(^|/)[._]|^theme/")


class Page:
    """What the weaving of a page needs: it finds it, and remembers in `used` what was used."""

    def __init__(self, path, target, book):
        self.path, self.book, self.root = path, book, "../" * target.count("/")
        self.used = {shown(path): digest(path)}
        self.failures, self.false, self.terms = [], [], 0
        self.own, self.cells, self.head = "", {}, ""  # of a lab

    def use(self, key):
        self.used[key] = self.book.digest(key)

    def result(self, what):
        """The result of a module, by the name that chapters use: `losses`, `tables.losses`."""
        name = f"docs.{what}" if what.startswith("labs.") else f"snippets.{what}"
        self.use(name)
        if name in self.book.shelf.results:
            result = self.book.shelf.results[name]
            self.false += [claim for claim in result["false"] if claim not in self.false]
            return result
        if name in self.book.paths:
            raise Pending
        raise ValueError(f"there is no module `{what}`{self.near(what)}")

    def value(self, field):
        """`module.name[key]`; in a lab also `name`, one of its own."""
        if self.own and (own := self.result(self.own)):
            if field.partition("[")[0] in own["values"]:
                field = f"{self.own}.{field}"
            elif own["errors"]:
                raise WeaveError(*own["errors"][0])
        if not (match := NAME.fullmatch(field)):
            raise ValueError(f"unknown name `{field}`{self.near(field)}")
        module, name, keys = match.groups()
        result = self.result(module)
        try:
            found = result["values"][name]
            for key in re.findall(r"\[([^]]+)\]", keys):
                found = found[int(key) if isinstance(found, list) else key]
            return found
        except (LookupError, TypeError, ValueError):
            if result["errors"]:
                raise WeaveError(*result["errors"][0]) from None
            if self.is_module(module) and name in self.source(module).public():
                advice = f"on a line of its own, `{{{{ code {field} }}}}` shows it"
                raise ValueError(f"`{field}` is a function: {advice}") from None
            raise ValueError(f"unknown name `{field}`{self.near(field)}") from None

    def near(self, field):
        known = [name.partition(".")[2] for name in self.book.paths]
        for module, result in self.book.shelf.results.items():
            known += [f"{module.partition('.')[2]}.{name}" for name in result["values"]]
        near = difflib.get_close_matches(field, known, 1)
        return f"; did you mean `{near[0]}`?" if near else ""

    @property
    def versions(self):
        return self.book.shelf.results["snippets.build"]["values"]

    def snippets(self):
        """The names of all snippets."""
        self.use("outline")
        return [name.split(".")[1] for name in self.book.paths if name.count(".") == 1]

    def chapters_with(self, stem):
        """Markdown links to the chapters that show the code of a snippet."""
        self.use("outline")
        return ", ".join(self.book.outline.get(stem, []))

    def is_module(self, what):
        return self.file(what).is_file()

    def file(self, what):
        return ROOT / "snippets" / f"{what.replace('.', '/')}.py"

    def source(self, what):
        """The source of a module below `snippets/`."""
        if not self.is_module(what):
            raise ValueError(f"there is no {shown(self.file(what))}{self.near(what)}")
        self.use(shown(self.file(what)))
        return parsed(self.file(what), digest(self.file(what)))

    def term(self, text, anchor):
        """A word with its definition from the glossary, which opens in place."""
        self.use("docs/glossary.md")
        terms = extras.definitions(read_text(DOCS / "glossary.md"))
        if anchor not in terms:
            return None
        self.terms += 1
        return (
            f'<button class="term" type="button" popovertarget="term-{self.terms}">{text}</button>'
            f'<span class="definition" id="term-{self.terms}" popover>{inline(terms[anchor])} '
            f'<a href="{self.root}glossary.html#{anchor}">In the glossary</a></span>'
        )

    def failed(self, error, line, tag="p"):
        """Take note of an error; what stands at its place in the page."""
        if not isinstance(error, WeaveError):
            error = WeaveError(error, shown(self.path), line)
        self.failures.append(str(error))
        mark = f'<mark class="weave-error">{inline(escape(str(error)))}</mark>'
        return mark if tag == "mark" else f"\n{mark}\n"

    def notice(self):
        """On top of a page, for its author: the claims that its numbers make false."""
        claims = [f"- {inline(escape(str(WeaveError(*claim))))}\n" for claim in self.false]
        title = '<p class="admonition-title">Not true with these numbers</p>'
        box = f'<div class="admonition failure" markdown>\n{title}\n\n{"".join(claims)}\n</div>\n\n'
        return box if claims else ""


parsed = functools.lru_cache(maxsize=None)(lambda path, digest: Source(path))


class Book:
    """All pages of the docs folder, and what each was made of."""

    def __init__(self, folder=WOVEN):
        self.folder, self.shelf, self.paths, self.outline = Path(folder), Shelf(), {}, {}
        then, self.pages = load(CACHE / "pages.json") or [None, {}]
        self.pages = self.pages if then == self.shelf.surroundings else {}

    def update(self, interrupted=lambda: False, as_they_come=False):
        """Run what is stale and weave what is out of date; if asked, page by page on the way."""
        stale = self.weave() if as_they_come else self.look_around()
        if stale:
            from .run import run

            order = sorted(stale, key=lambda name: name.startswith("docs."))  # labs take longest
            for name, result in run({name: self.paths[name] for name in order}, interrupted):
                self.shelf.put(name, result)
                if as_they_come:
                    self.weave()
        self.weave()

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
        if made != self.pages:
            self.pages = made
            good = {target: page for target, page in made.items() if not page["errors"]}
            save(CACHE / "pages.json", [self.shelf.surroundings, good])
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
        except (ValueError, WeaveError) as error:
            texts = {"": f"# {path.stem}\n{page.failed(error, 1)}"}
        errors = [*page.failures, *(str(WeaveError(*claim)) for claim in page.false)]
        found = extras.sections(target, texts[""])
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
                files[f"snippets/{path.name}"] = path.read_bytes()
        for target, page in self.pages.items():
            for suffix, text in page["texts"].items():
                encoding = "latin-1" if suffix == ".zip" else "utf-8"
                files[target.removesuffix(".md") + (suffix or ".md")] = text.encode(encoding)
        for target, data in files.items():
            write(self.folder / target, data)
        for path in self.folder.rglob("*"):
            if path.is_file() and path.relative_to(self.folder).as_posix() not in files:
                path.unlink()

    def errors(self):
        """All that is wrong, each message once: in modules, then in pages."""
        results = self.shelf.results.values()
        modules = [error for result in results for error in [*result["errors"], *result["false"]]]
        pages = [error for page in self.pages.values() for error in page["errors"]]
        return list(dict.fromkeys([*(str(WeaveError(*error)) for error in modules), *pages]))


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
    result = {"values": values, "errors": [], "false": [], "sources": {}}
    return result | {"digest": json.dumps(values)}
