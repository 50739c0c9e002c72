"""What a chapter shows of the code: the idea, hardly a guard, and no line that scrolls."""

import html
import re
from types import SimpleNamespace

import pytest
from conftest import ROOT

from snippets._weave.chapter import code
from snippets._weave.excerpt import Source

COLUMNS = 76  # what fits into the column of text at 1280 px
GUARD = re.compile(r" *(?:raise |assert |_check_)")
DIRECTIVE = re.compile(r"^\{\{ code (.+?) \}\}$", re.MULTILINE)


def path_of(module):
    return ROOT.joinpath("snippets", *module.split(".")).with_suffix(".py")


PAGE = SimpleNamespace(root="", file=path_of, source=lambda m: Source(path_of(m)))


def lines(chapter):
    """The lines of code that a chapter shows."""
    for what in DIRECTIVE.findall(chapter.read_text(encoding="utf-8")):
        shown = re.search(r"(?s)<code>(.*?)</code>", code(what, PAGE))[1]
        yield from html.unescape(re.sub("<[^>]+>", "", shown)).split("\n")


CHAPTERS = {
    path.relative_to(ROOT / "docs").as_posix(): list(lines(path))
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if DIRECTIVE.search(path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_line_that_is_shown_is_too_long_and_hardly_one_is_a_guard(chapter):
    shown = CHAPTERS[chapter]
    long = "\n".join(line for line in shown if len(line) > COLUMNS)
    assert not long, f"more than {COLUMNS} columns, so that docs/{chapter} scrolls:\n{long}"
    guards = list(filter(GUARD.match, shown))
    assert len(guards) <= 0.02 * len(shown), guards
