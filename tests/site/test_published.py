"""What the chapters publish of what was computed, as it was last approved: `published.txt`.

Every number in a sentence, every table, text and figure stands there, so that the diff of a change
shows which published number changed. Code does not: it has a diff of its own.
"""

import difflib
import functools
import hashlib
import os
import re
import runpy
import warnings
from html import unescape

import pytest
from conftest import ROOT

from snippets import tables
from snippets._weave.book import Book
from snippets._weave.chapter import markdown
from snippets._weave.lab_page import kind_and_text
from snippets._weave.page import Page

APPROVED = ROOT / "tests" / "site" / "published.txt"
APPROVE = "UPDATE=1 python3 -m snippets test tests/site/test_published.py"
PAGES = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md"))]
PAGES += [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs/labs").glob("*.py"))]
FENCE = re.compile(r"^ *(```|~~~).*?^ *\1$", re.DOTALL | re.MULTILINE)
CODE = r"(?:code|example|file|list|exercise) "
UNSETTLED = r"(?:build|(?:table )?(?:tables\.)?mutants)\."  # changes with any other page or module
DIRECTIVE = re.compile(rf"(?<![\\{{])\{{\{{ (?!{CODE}|{UNSETTLED}).+? \}}\}}(?!\}})")


@functools.cache
def computed():
    book = Book()
    book.update()
    return book


def published(path):
    """Each directive of a chapter or lab, and what stands in its place."""
    book, outputs, page = computed(), [], Page(ROOT / path, "page.md", computed())
    if path.endswith(".py"):
        cells = book.cache.entries[f"docs.labs.{page.path.stem}"]["outputs"]
        outputs = [kind_and_text(output) for cell in cells for output in cell]
    text = FENCE.sub("", page.path.read_text(encoding="utf-8"))
    woven = [f"{each}\n{legible(markdown(each, page))}" for each in DIRECTIVE.findall(text)]
    texts = [text for kind, text in outputs if kind != "image/svg+xml"]
    return "\n".join([f"=== {path}", *woven, *texts]) + "\n"


def legible(html):
    """A formula as its TeX, a figure as its words and a digest: a new one has to be looked at."""
    if svg := re.search("<svg.*</svg>", html, re.DOTALL):
        words = re.findall(r"<(?:title|desc)\b.*?>(.*?)</", svg[0], re.DOTALL)
        return "\n".join([*words, hashlib.sha256(svg[0].encode()).hexdigest()[:16]])
    math = re.compile(
        r'<span class="math"><math (?:aria-label="[^"]*" )?alttext="(.*?)".*?</math></span>'
    )
    html = math.sub(lambda formula: f"${unescape(formula[1])}$", html)
    html = re.sub(r'(?s)<div class="highlight">.*?<code>(.*?)</code></pre></div>', r"\1", html)
    if "<backprop-stepper" in html or "</backprop-stepper" in html:
        html = re.sub(r"(?s)<script.*?</script>|<select.*?</select>", "", html)
        html = re.sub(r"<[^>]+>", "", re.sub(r"</(?:td|tr|p|li|legend)>", r" \g<0>\n", html))
        html = re.sub(r"[ \n]*\n[ \n]*", "\n", unescape(html))
    return html.strip()


def approved():
    pages = re.split(r"(?m)^(?==== )", APPROVED.read_text(encoding="utf-8"))
    return {page.partition("\n")[0].removeprefix("=== "): page for page in pages}


@pytest.mark.filterwarnings("default")
def test_chapters_publish_what_was_approved():
    now = {page: published(page) for page in PAGES}
    if "UPDATE" in os.environ:
        APPROVED.write_text("".join(now.values()), encoding="utf-8")
    record, differences = approved(), []
    for page in PAGES:
        if page not in record:
            told = f"{page} is not on record yet; {APPROVE}"
            assert "CI" not in os.environ, told
            warnings.warn(told, stacklevel=1)
        elif record[page] != now[page]:
            names = f"{page} as approved", f"{page} as computed now"
            both = (text.splitlines() for text in (record[page], now[page]))
            differences += difflib.unified_diff(*both, *names, lineterm="", n=1)
    if differences:
        difference = "\n".join(differences)
        pytest.fail(f"{difference}\nApprove it if it is right: {APPROVE}", pytrace=False)


def test_noise_is_shown_alike_on_any_processor(monkeypatch):
    """Half and twice of an error that is only rounding are shown as the same text."""
    shown, magnitude = [], tables.magnitude
    monkeypatch.setattr(tables, "magnitude", lambda error: shown.append(error) or magnitude(error))
    for path in (ROOT / "snippets/tables").glob("[!_]*.py"):
        if "magnitude" in path.read_text(encoding="utf-8"):
            runpy.run_path(str(path))
    noise = [error for error in shown if error < tables.NOISE[-1]]
    assert len(noise) > 20
    assert [error for error in noise if magnitude(error / 2) != magnitude(2 * error)] == []
