"""What the weaving of a page needs, and what it used: results, sources, terms; and its errors."""

import difflib
import hashlib
import re
from contextlib import suppress
from html import escape
from string import Formatter

from markdown.extensions.toc import slugify

from . import ROOT, WeaveError, at, read_text, shown
from .cache import digest
from .excerpt import source_at
from .formula import inline

DOCS = ROOT / "docs"
TERM = re.compile(r"(?ms)^## (.+?)$\n+(.+?)(?:\s+See \[.*?\]\(.*?\)\.)?\s*(?=^## |\Z)")


class Pending(Exception):
    """A value whose module has not run yet."""


class Page:
    """A page on its way; `used` has what it shows, `files` are others that come with it."""

    def __init__(self, path, target, book):
        self.path, self.target, self.book = path, target, book
        self.root = "../" * target.count("/")
        self.files, self.errors = {}, []
        self.wrong = {}  # what is wrong with the modules that it shows
        self.opened = 0
        self.used = {shown(path): digest(shown(path))}

    def result(self, what):
        """The result of a module, by the name that chapters use: `losses`, `tables.losses`."""
        name = f"docs.{what}" if what.startswith("labs.") else f"snippets.{what}"
        self.used[name] = self.book.cache.digest(name)
        if result := self.book.cache.entries.get(name):
            self.wrong |= dict.fromkeys(result["errors"])
            return result
        if name in self.book.paths:
            raise Pending
        raise ValueError(f"there is no module `{what}`{self.near(what)}")

    def value(self, field):
        """`module.name[key]`; in a lab also `name[key]`, one of its own."""
        module = field.partition("[")[0].rpartition(".")[0]
        name = field.removeprefix(f"{module}.")
        if not module:
            module = f"labs.{self.path.stem}" if self.path.parent.name == "labs" else field
        result = self.result(module)
        try:
            return Formatter().get_field(name, (), result["values"])[0]
        except (LookupError, TypeError, ValueError):
            if result["failed"]:
                raise WeaveError(result["errors"][-1]) from None
            raise ValueError(f"unknown name `{field}`{self.near(field)}") from None

    def near(self, what):
        """A hint at the name that was meant."""
        known = []
        for name in self.book.paths:
            values = self.book.cache.entries.get(name, {}).get("values", {})
            known += [name.partition(".")[2] + end for end in ["", *(f".{v}" for v in values)]]
        near = difflib.get_close_matches(what, known, 1)
        return f"; did you mean `{near[0]}`?" if near else ""

    def source(self, what):
        """The source of a module below `snippets/`; what is wrong with it stands on top."""
        path = self.file(what)
        if not path.is_file():
            raise ValueError(f"there is no {shown(path)}{self.near(what)}")
        if f"snippets.{what}" in self.book.paths:
            with suppress(Pending):
                self.result(what)
        self.used[shown(path)] = digest(shown(path))
        return source_at(path, digest(shown(path)))

    def file(self, what):
        return ROOT / "snippets" / f"{what.replace('.', '/')}.py"

    def term(self, text, anchor):
        """A word with its definition from the glossary, which opens in place."""
        self.used["docs/glossary.md"] = digest("docs/glossary.md")
        terms = TERM.findall(read_text(DOCS / "glossary.md"))
        found = [pair for pair in terms if slugify(pair[0], "-") == anchor]
        if not found:
            return None
        definition = inline(f"<strong>{found[0][0]}.</strong> {escape(found[0][1])}")
        link = f'<a href="{self.root}glossary.html#{anchor}">In the glossary</a>'
        return self.opens("term", text, f"{definition} {link}")

    def opens(self, kind, label, text):
        """A button that opens a text in place, and the text: a definition, or a check."""
        self.opened += 1
        name = ' aria-label="How this was checked"' if kind == "check" else ""
        target = f"opens-{self.opened}"
        return (
            f'<button class="{kind}" type="button" popovertarget="{target}"{name}>{label}</button>'
            f'<span class="definition" id="{target}" popover>{text}</span>'
        )

    def signed(self, path, text):
        """The text of a file to download, below a comment that says where it is from."""
        is_snippet = path.parent == ROOT / "snippets"
        target = f"snippets/{path.stem}.html" if is_snippet else self.target[:-2] + "html"
        address = self.result("build")["values"]["address"] + target
        return f"# {path.name}, MIT-0, {short_digest(text)}, {address}\n{text}"

    def attempt(self, make, line):
        """What `make` makes; where it cannot, what stands there instead."""
        try:
            return make()
        except Pending:
            return "…"
        except (ValueError, WeaveError) as error:
            return self.failed(error, line)

    def failed(self, error, line):
        """Take note of an error; what stands at its place in the page."""
        message = str(error) if isinstance(error, WeaveError) else at(self.path, line, error)
        self.errors.append(message)
        return f'<mark class="weave-error">{inline(escape(message))}</mark>'

    def notice(self):
        """On top of a page, for its author: what is wrong with the modules that it shows."""
        errors = "".join(f"- {inline(escape(error))}\n" for error in self.wrong)
        title = '<p class="admonition-title">Not true, or not computed, with this code</p>'
        box = f'<div class="admonition failure" markdown>\n{title}\n\n{errors}\n</div>\n\n'
        return box if errors else ""


def short_digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]
