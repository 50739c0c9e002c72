"""What the weaving of a page needs, and what it used: results, sources, terms; and its errors."""

import difflib
import functools
import re
from html import escape

from . import ROOT, WeaveError, extras, read_text, shown
from .chapter import NAME, Pending
from .excerpt import Source
from .formula import inline
from .sources import digest

DOCS = ROOT / "docs"


class Page:
    """A page on its way: finds what it shows, and remembers in `used` what that was."""

    def __init__(self, path, target, book):
        self.path, self.book, self.root = path, book, "../" * target.count("/")
        self.used = {shown(path): digest(path)}
        self.failures, self.wrong, self.terms = [], [], 0
        self.own, self.cells, self.head = "", {}, ""  # of a lab

    def use(self, key):
        self.used[key] = self.book.digest(key)

    def result(self, what):
        """The result of a module, by the name that chapters use: `losses`, `tables.losses`."""
        name = f"docs.{what}" if what.startswith("labs.") else f"snippets.{what}"
        self.use(name)
        if name in self.book.shelf.results:
            result = self.book.shelf.results[name]
            wrong = [*result["errors"], *result["false"]]
            self.wrong += [error for error in wrong if error not in self.wrong]
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
        self.use(f"snippets.{what}")
        if f"snippets.{what}" in self.book.shelf.results:
            self.result(what)  # what is wrong with it stands on top of the page
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
        """On top of a page, for its author: what is wrong with the modules that it shows."""
        errors = [f"- {inline(escape(str(WeaveError(*error))))}\n" for error in self.wrong]
        title = '<p class="admonition-title">Not true, or not computed, with this code</p>'
        box = f'<div class="admonition failure" markdown>\n{title}\n\n{"".join(errors)}\n</div>\n\n'
        return box if errors else ""


parsed = functools.lru_cache(maxsize=None)(lambda path, digest: Source(path))
