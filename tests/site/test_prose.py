"""The rules of prose.

A claim has a number beside it, no number is typed, and a chapter is about its subject.
"""

import re

import pytest
from conftest import ROOT

DOCS = ROOT / "docs"
SOURCES = sorted([*DOCS.rglob("*.md"), *DOCS.glob("labs/*.py")])
VAGUE = re.compile(
    r"\b(?:very|hardly|barely|scarcely|nearly|almost|practically|virtually|quick(?:ly|er)?"
    r"|slow(?:ly|er)?|faster|huge|tiny|vast\w*|enormous\w*|dramatic\w*|drastic\w*|significant\w*"
    r"|considerabl\w*|substantial\w*|extreme\w*|greatly|strongly|hopeless|negligible|immune"
    r"|rare(?:ly)?|seldom|cheap\w*|expensive|costly"
    r"|(?:much|far|a lot)\s+(?:more|less|better|worse|larger|smaller|above|below))\b",
    re.IGNORECASE,
)
TYPED = re.compile(r"(?<![\w.])\d+(?:\.\d+|\s?%)(?![.\w])")
FRONT_MATTER = r"\A---.*?^---$"
FENCE = r"^ *(?P<fence>```|~~~).*?^ *(?P=fence)$"
CODE = r"(?P<code>`+).+?(?P=code)"
MENTIONED = r"(?<!\*)\*[^*\n]+\*(?!\*)"  # the word itself, in italics
NO_PROSE = re.compile(f"{FRONT_MATTER}|{FENCE}|{CODE}|{MENTIONED}", re.DOTALL | re.MULTILINE)
COMPUTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
NAV = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("nav:")[2]
CHAPTERS = re.findall(r"([\w/-]+)\.md", NAV.partition("- Practice:")[0])
ABOUT_ITSELF = re.compile(  # or about the article, or about the checks
    r"\b(?:sites?|(?:these|this) pages?|(?:the|this|next|last) chapters?|these chapters|articles?"
    r"|labs?|files?|snippets?|copy it|the build|continuous integration|experiments|recorded"
    r"|measured here|tests?|tested|verif\w+|(?:is|are|was|were|been) checked"
    r"|(?:was|were|been) (?:compared|measured|counted|timed)|computed (?:here|now))\b",
    re.IGNORECASE,
)
SHOWN = re.compile(r"\s*\{\{ (?:table|figure|output) ")
FOLDED = re.compile("<details.*?</details>", re.DOTALL)
OPENED = re.compile(r"✓\[[^]]*\]")  # what a number was checked against, behind a mark
TAG = re.compile(r"</?[a-z][^>]*>")
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
NO_SENTENCES = re.compile(r"\s*(?:[#|]|!!!|\$\$|[0\s]*$)")  # headings, tables, formulas
GAP = re.compile(r"\n\s*\n|\n(?=\s*(?:- |\d+\. ))")  # between paragraphs or items


def prose(path):
    """The text of a chapter or a lab, each word where it stands, without what is no prose."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        text = "".join(map(prose_of_cell, re.split(r"(?m)(?=^# %%)", text)))
    return NO_PROSE.sub(blank, text)


def prose_of_cell(cell):
    if cell.startswith("# %% [markdown]"):
        return re.sub(r"(?m)^#( %%.*)?", blank, cell)
    lines = cell.count("\n")
    return "\n{{ output }}" + (lines - 2) * "\n" + "\n" if lines > 1 else lines * "\n"


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def broken_rules(text):
    """`(line, message)` for each number that is typed and each claim without one."""
    for number in TYPED.finditer(COMPUTED.sub(blank, text)):
        yield line(text, number.start()), f'"{number[0]}" is typed: take it from a module'
    paragraphs = list(split(text))
    shown = [False, *(bool(SHOWN.match(paragraph)) for _, paragraph in paragraphs), False]
    for index, (start, paragraph) in enumerate(paragraphs):
        if not (shown[index] or shown[index + 2] or COMPUTED.search(paragraph)):
            for word in VAGUE.finditer(paragraph):
                rule = "without a number beside it: give the number, or leave the word out"
                yield line(text, start + word.start()), f'"{" ".join(word[0].split())}" {rule}'


def line(text, place):
    return text.count("\n", 0, place) + 1


def split(text):
    start = 0
    for gap in GAP.finditer(text):
        yield start, text[start : gap.start()]
        start = gap.end()
    yield start, text[start:]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_claims_have_numbers_and_numbers_are_computed(path):
    name = path.relative_to(ROOT).as_posix()
    faults = [f"{name}:{number}: {message}" for number, message in broken_rules(prose(path))]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(
    "text, found",
    [
        ("It is much\nlarger, and\nhardly used.", [(1, "much larger"), (3, "hardly")]),
        ("Very large:\n\n{{ table one.ROWS }}\n\nIt is tiny.\n\nAlmost nothing.", [(7, "Almost")]),
        ("- Slow.\n- {{ one.times:.1f }} times slower.\n1. Faster.", [(1, "Slow"), (3, "Faster")]),
        ("```python\nrate = 0.5  # slow\n```\n\nAbout 0.5, or `0.5`.", [(5, "0.5")]),
        ("---\ntitle: 5 % more\n---\n\n*Hardly* is a word, 50 % is a number.", [(5, "50 %")]),
    ],
)
def test_breaks_are_found_where_they_are(tmp_path, text, found):
    path = tmp_path / "chapter.md"
    path.write_text(text)
    broken = [(number, message.split('"')[1]) for number, message in broken_rules(prose(path))]
    assert broken == found


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapters_are_about_backpropagation(name):
    said = list(sentences(prose(DOCS / f"{name}.md")))
    about_itself = list(filter(ABOUT_ITSELF.search, said))
    assert len(about_itself) <= max(2, 0.05 * len(said)), "\n".join(about_itself)


def sentences(text):
    """What a reader sees without opening anything."""
    text = OPENED.sub("", COMPUTED.sub("0", FOLDED.sub("", text)))
    for _, paragraph in split(LINK.sub(r"\1", TAG.sub(" ", text))):
        if not NO_SENTENCES.match(paragraph):
            yield from re.split(r"(?<=[.?!])\s+", " ".join(paragraph.split()))
