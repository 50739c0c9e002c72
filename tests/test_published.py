"""What the chapters publish of what was computed, as it was last approved: `tests/published.txt`.

Every value, table, excerpt and figure that reaches a reader stands there, so that a reviewer sees in a diff which published
number changed, and so that a slip in a name or a format cannot change one unseen. Approve with
`UPDATE=1 python3 -m snippets test tests/test_published.py`.
"""

import ast
import hashlib
import os
import random
import re
from contextlib import contextmanager

import pytest
from conftest import ROOT

from snippets._weave import WeaveError, chapter, notebook
from snippets._weave.__main__ import update

APPROVED = ROOT / "tests" / "published.txt"
CHAPTERS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}

CHANGING = ["snippets.build", "snippets.tables.mutants"]


@pytest.fixture(scope="module")
def results():
    results, false = update()
    assert not false
    return as_approved(results)


def as_approved(results):
    return results | {name: {"values": settled(results[name]["values"])} for name in CHANGING}


def settled(value, name=""):
    """Something of the same kind that is told apart by its name, in the place of what another change of the code changes."""
    if isinstance(value, dict):
        return {key: settled(item, name + key) for key, item in value.items()}
    if isinstance(value, list):
        return [settled(item, name) for item in value[:1]]
    return name if isinstance(value, str) else type(value)(int.from_bytes(name.encode()) % 10007)


@contextmanager
def listening(heard):
    """Note in `heard` what the directives of a chapter put into it."""
    shown, blocks = chapter.shown, dict(chapter.BLOCKS)
    chapter.shown = lambda *arguments: noted(heard, "", shown(*arguments))
    for kind, block in blocks.items():
        chapter.BLOCKS[kind] = lambda *arguments, kind=kind, block=block: noted(heard, kind, block(*arguments))
    try:
        yield
    finally:
        chapter.shown = shown
        chapter.BLOCKS.update(blocks)


def noted(heard, kind, text):
    heard.append({"code": of_code, "figure": of_figure}.get(kind, str)(text))
    return text


def of_code(block):
    """The file of an excerpt, and what each of its statements defines; other tests know the code itself."""
    first, *lines = block.split("\n```")[0].split("\n")
    return "\n".join([first, *(ast.unparse(statement).split("\n")[0] for statement in ast.parse("\n".join(lines)).body)])


def of_figure(html):
    """Title and description in words, the drawing as a digest: a new one has to be looked at."""
    words = re.findall(r"<(?:title|desc)\b.*?>(.*?)</", html, re.DOTALL)
    return "\n".join([*words, hashlib.sha256(html.encode()).hexdigest()[:16]])


def published(page, text, results):
    heard = []
    with listening(heard):
        chapter.weave(text, page, results)
    return "\n".join([f"=== {page}", *heard, ""])


def published_by_lab(path, results):
    """The numbers in its prose and its figures, then its tables and what it printed."""
    name = path.relative_to(ROOT).as_posix()
    outputs = [text for shown in results[f"docs.labs.{path.stem}"]["outputs"].values() for kind, text in shown if kind != "figure"]
    return name, published(name, notebook.page(path, results), results) + "".join(f"{text}\n" for text in outputs)


def approved():
    pages = re.split(r"(?m)^(?==== )", APPROVED.read_text(encoding="utf-8"))[1:]
    return {page.split("\n")[0].removeprefix("=== "): page for page in pages}


def test_every_chapter_publishes_what_was_approved(results):
    now = {page: published(page, text, results) for page, text in CHAPTERS.items()}
    now |= dict(published_by_lab(path, results) for path in sorted(notebook.LABS.glob("*.py")))
    if os.environ.get("UPDATE"):
        APPROVED.write_text("".join(now.values()), encoding="utf-8")
    assert now == approved(), "approve what is right: UPDATE=1 python3 -m snippets test tests/test_published.py"


def directives():
    """`(page, start, end)` of every place where a chapter takes from code."""
    return [(page, *match.span()) for page, text in CHAPTERS.items() for match in re.finditer(r"\{\{.*?\}\}", text)]


def changed(text, place, rng):
    """`text` with the character at `place` gone, doubled, or another."""
    other = rng.choice([c for c in "abcdefghijklmnopqrstuvwxyzABCLNRSTUW0123456789_.:%,[]{} " if c != text[place]])
    return text[:place] + rng.choice(["", 2 * text[place], other]) + text[place + 1 :]


def test_slip_of_one_character_is_never_published_unnoticed(results):
    """A name, marker or format with a slip is an error, or shows against what was approved, or leaves the page as it is."""
    places, pages, unnoticed = directives(), approved(), []
    for seed in range(int(os.environ.get("SLIPS", 200))):
        rng = random.Random(seed)
        page, start, end = rng.choice(places)
        text = changed(CHAPTERS[page], rng.randrange(start, end), rng)
        try:
            noticed = published(page, text, results) != pages[page]
        except WeaveError as error:
            noticed = re.match(rf"{re.escape(page)}:\d+: ", str(error))
        if not noticed and chapter.weave(text, page, results) != chapter.weave(CHAPTERS[page], page, results):
            unnoticed.append((seed, page, text[start - 20 : end + 20]))
    assert unnoticed == []
