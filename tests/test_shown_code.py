"""What a chapter shows of the code: the idea, hardly a guard, and no line that scrolls."""

import ast
import html
import re
from types import SimpleNamespace

import pytest
from conftest import ROOT

from snippets._weave.chapter import code
from snippets._weave.excerpt import Source

COLUMNS = 76  # what fits into the column of text at 1280 px
GUARDS = 0.05  # of the lines of code
DIRECTIVE = re.compile(r"^\{\{ code (.+?) \}\}$", re.MULTILINE)


def path_of(module):
    return ROOT.joinpath("snippets", *module.split(".")).with_suffix(".py")


PAGE = SimpleNamespace(root="", file=path_of, source=lambda m: Source(path_of(m)))


def blocks(chapter):
    """The code that a chapter shows, block by block."""
    for what in DIRECTIVE.findall(chapter.read_text(encoding="utf-8")):
        shown = re.search(r"(?s)<code>(.*?)</code>", code(what, PAGE))[1]
        yield html.unescape(re.sub("<[^>]+>", "", shown))


CHAPTERS = {
    path.relative_to(ROOT / "docs").as_posix(): list(blocks(path))
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if DIRECTIVE.search(path.read_text(encoding="utf-8"))
}


def is_guard(node):
    """Whether a statement refuses what it was given, or only serves to."""
    if isinstance(node, ast.FunctionDef) and node.name.startswith("_"):
        return any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    if isinstance(node, ast.If):
        return isinstance(node.body[-1], ast.Raise) and not node.orelse
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func).startswith("_check_")
    return isinstance(node, (ast.Raise, ast.Assert))


def lines_of(nodes):
    return {n for node in nodes for n in range(node.lineno, node.end_lineno + 1)}


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)


def guards_and_lines(text):
    """How many lines of code are guards, and how many there are, without blanks and docstrings."""
    nodes = list(ast.walk(ast.parse(text)))
    filled = {n for n, line in enumerate(text.split("\n"), 1) if line.strip()}
    written = filled - lines_of(filter(is_docstring, nodes))
    return len(lines_of(filter(is_guard, nodes)) & written), len(written)


def test_guards_are_counted():
    text = """
def f(x):
    '''One.'''
    _check_x(x)
    if x < 0:
        raise ValueError(
            "negative"
        )

    if x:
        return 1
    return 2


def _refuse(x):
    raise ValueError(x)
"""
    assert guards_and_lines(text) == (7, 11)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_hardly_a_line_that_is_shown_is_a_guard(chapter):
    counts = [guards_and_lines(block) for block in CHAPTERS[chapter]]
    guards, lines = map(sum, zip(*counts))
    assert guards <= GUARDS * lines, f"{guards} of {lines} lines of code are guards"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_line_that_is_shown_is_too_long(chapter):
    lines = [line for block in CHAPTERS[chapter] for line in block.split("\n")]
    assert not [line for line in lines if len(line) > COLUMNS]
