"""Every line of the article that the chapters retell has its place on a built page.

`article.txt` has the article's lines, each under the page where it belongs. Where the page says
the same in other words, or in several places, these follow after `=>`. A formula is written as
its TeX, a bar stands between two cells or lines, and `## ` before a heading.
"""

import re
from pathlib import Path

import pytest
from built import Page, plain

PARTS = Path(__file__).with_name("article.txt").read_text(encoding="utf-8").split("\n\n")
FORMULA = re.compile(
    r'(?:<span class="math">)?<math [^>]*alttext="(.*?)".*?</math>(?:</span>)?', re.DOTALL
)
NOT_SAID = re.compile(r'<form.*?</form>|<span class="definition".*?</span>', re.DOTALL)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.split("]")[0][1:])
def test_page_has_every_line_of_the_article(site, part):
    name, *lines = part.splitlines()
    page = Page(site / name.strip("[]"))
    text, headings = folded(said(page)), list(map(folded, page.headings))
    assert "remember" in headings
    assert "admonition goal" in page.html or name == "[index.html]"  # its promise is its goal
    missing = []
    for line in lines:
        line, *other_words = line.split(" => ")
        for words in other_words or [line]:
            heading = words.removeprefix("## ")
            if folded(heading) not in (text if heading == words else headings):
                missing.append(f"{line}: {words}")
    assert missing == [], "\n".join(missing)


def said(page):
    """What the article element says, without exercises and the words of the glossary."""
    article = FORMULA.sub(r"\1", re.split("</?article", page.html)[1])
    return plain(NOT_SAID.sub("", article))


def folded(text):
    return "".join(text.replace("|", "").split()).casefold()
