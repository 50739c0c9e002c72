"""What stands in a page for what a chapter says, and what any Markdown engine makes of it."""

import hashlib
import html
import json
import re
import shutil

import markdown
import pytest
from conftest import put, weave

from snippets._weave.chapter import byline

SNIPPET = '''"""One, in short.

More of it.

>>> three
3.0
"""

import math
import numpy as np

three, low, minus = 3.0, 1, -7
loss, count, tiny, huge = 0.064265, 12345, 1.5e-12, -2.5e7
name, by, large = "ReLU", {"a": 0.25, "rows": [1, 2.5]}, np.zeros(3)
LOG = "one\\ntwo <2>\\n\\n"
SCALE = 2


def _half(x):
    return x / SCALE


def root(x):
    """The root.

    Details.

    >>> root(8)
    2.0
    >>> for i in range(2):
    ...     print(i)
    0
    1
    """
    _check_sign(x)

    root = math.sqrt(_half(x))

    _check_sign(
        root,
    )
    return root


def backward(z1):
    """The gradient, shape of `z1`."""
    dL_dz1 = z1  # (N, H)
    return dL_dz1


def _check_sign(x):
    if x < 0:
        raise ValueError("negative")
'''
ROWS = """ROWS = [
    {"What": "`one`", "Value": "−1.5", "Share": "3%", "Note": "$x^2$ of {{ one.low }}", "Mix": "1"},
    {"What": "two", "Value": "–", "Share": "1\u202f000", "Note": "1", "Mix": "1 of 2"},
]
BAR = [{"What": "`a | b`", "Note": ""}]
deep = 1.5
"""
GLOSSARY = """# Glossary

## Chain rule

The derivative of $f$ < the product. See [more](index.md).
"""
SENTENCES = {  # what a chapter says, what a reader reads
    "with } and { braces": "with } and { braces",
    "a {{ one.loss:.3f }} and {{ one.loss:.2f }}.": "a 0.064 and 0.06.",
    "{{ one.count }}": "12345",
    "{{ one.count:, }}": "12\u202f345",
    "{{ one.name }}": "ReLU",
    "{{ one.minus }}": "−7",
    "{{ one.tiny:.1e }}": "1.5 × 10−12",
    "{{ one.huge:.1e }}": "−2.5 × 107",
    "{{ one.by[a]:.0% }}": "25%",
    "{{ one.by[rows][1]:.2f }}": "2.50",
    "{{ one.large[2]:.1f }}": "0.0",
    "{{ tables.one.deep:.1f }}": "1.5",
    "`{{ one.minus }}` {{ one.minus }}": "-7 −7",
    "``a ` {{ one.count }}``": "a ` 12345",
    r"\$5 or $x$": "$5 or x",
    "${{ one.minus }} < 0$": "−7<0",
}
BLOCKS = {  # a directive, and what a reader reads
    "{{ code one.backward }}": '''snippets/one.py
def backward(z1):
    """The gradient, shape of `z1`."""
    dL_dz1 = z1  # (N, H)
    return dL_dz1''',
    "{{ code one.root }}": '''snippets/one.py
import math


def root(x):
    """The root."""
    root = math.sqrt(_half(x))

    return root''',
    "{{ code one.LOG..one.SCALE }}": 'snippets/one.py\nLOG = "one\\ntwo <2>\\n\\n"\nSCALE = 2',
    "{{ code one.SCALE one._half }}": """snippets/one.py
SCALE = 2


def _half(x):
    return x / SCALE""",
    "{{ code plain }}": "snippets/plain.py\nx = 1  # π",
    "{{ example one.root }}": """one.root: example
root(8)
# 2.0
for i in range(2):
    print(i)
# 0
# 1""",
    "{{ example one }}": "one: example\nthree\n# 3.0",
    "{{ output one.LOG }}": "one\ntwo <2>",
    "{{ file plain }}": """snippets/plain.py
# plain.py, MIT-0, 6683895d, snippets/plain.html
\"\"\"Plain.\"\"\"

x = 1  # π""",
    "```python\nx = '{{ y }}'\n```": "x = '{{ y }}'",
    "~~~~ text\n```\n$\n~~~~": "```\n$",
}
CHAPTER = """# All of it

Read of the [chain rule](../glossary.md#chain-rule) and [nothing](../glossary.md#chain-rule-2).

## The formula {#given}

$$ backward
\\frac{\\partial L}{\\partial z}
$$

{{ code one.backward }}

{{ figure one }}

## The rows

{{ table one.ROWS }}

!!! goal "After this"

    You *know*.

## The rows

Twice.
"""
EXTENSIONS = ["md_in_html", "tables", "attr_list", "toc", "admonition"]


@pytest.fixture(scope="module")
def folder(small_checkout, tmp_path_factory):
    """The folder of woven files."""
    checkout = shutil.copytree(small_checkout, tmp_path_factory.mktemp("pages") / "checkout")
    put(checkout, {"snippets/one.py": SNIPPET, "snippets/plain.py": '"""Plain."""\n\nx = 1  # π\n'})
    put(checkout, {"snippets/tables/one.py": ROWS, "docs/glossary.md": GLOSSARY})
    put(checkout, {"docs/deeper/all.md": CHAPTER, "docs/bar.md": "# Bar\n\n{{ table one.BAR }}\n"})
    put(
        checkout,
        {"docs/index.md": "# Start\n\n{{ list snippets }}\n", "docs/assets/x.bin": b"\0\xff"},
    )
    texts = enumerate([*SENTENCES, *BLOCKS])
    put(checkout, {f"docs/say/{n}.md": f"# T\n\n{text}\n\nThe end.\n" for n, text in texts})
    process = weave(checkout)
    assert process.returncode == 0, process.stderr
    return checkout / "woven"


def rendered(path):
    return markdown.markdown(path.read_text("utf-8"), extensions=EXTENSIONS)


def read(markup):
    """What a reader reads."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


@pytest.mark.parametrize("number, text", [*enumerate([*SENTENCES, *BLOCKS])])
def test_directive_in_its_page(folder, number, text):
    shown = rendered(folder / f"say/{number}.md").split("</h1>")[1].split("The end.")[0]
    if text in BLOCKS:  # the file's name, then its code
        shown = shown.replace("</span><pre>", "</span>\n<pre>", 1)
    assert read(shown) == (SENTENCES | BLOCKS)[text]


@pytest.fixture(scope="module")
def page(folder):
    return rendered(folder / "deeper/all.md")


def test_nothing_is_left_of_the_directives(folder):
    """But for those within a fence, which are shown as they are."""
    for path in folder.rglob("*.md"):
        text = rendered(path)
        assert "{{" not in re.sub(r"(?s)<pre>.*?</pre>", "", text), path
        assert "\0" not in text and "…" not in text, path


def test_code_marks_variables_and_shapes_and_leads_to_its_page(page):
    assert '<a href="../snippets/one.html">snippets/one.py</a>' in page
    assert '<span class="n backward">dL_dz1</span>' in page
    assert '<span class="n forward">z1</span>' in page and '<span class="c1 shape"># (N' in page


def test_formula_and_code_of_one_name_are_linked(page):
    assert re.search(r'<div class="formula" id="formula-backward"><math .*?<mfrac>', page)
    assert 'alttext="\\frac{\\partial L}{\\partial z}"' in page
    assert '<a class="to-code" href="#code-backward">' in page
    assert page.count('id="code-backward"') == 1 and 'href="#formula-backward"' in page


def test_table_is_aligned_by_what_is_in_its_columns(folder, page):
    heading = "| What | Value | Share | Note | Mix |\n| --- | ---: | ---: | --- | --- |"
    assert heading in (folder / "deeper/all.md").read_text("utf-8")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page)
    assert [read(cell) for cell in cells[5:]] == ["two", "–", "1\u202f000", "1", "1 of 2"]
    assert cells[0] == "<code>one</code>" and "<msup>" in cells[3] and cells[3].endswith("of 1")


def test_bar_in_the_code_of_a_cell(folder):
    cell = re.search(r"<td[^>]*>(.*?)</td>", rendered(folder / "bar.md"))[1]
    assert cell == "<code>a | b</code>"


def test_figure_has_a_name_a_description_and_ids_of_its_own(page):
    figure = page.split('<figure class="figure" id="figure-one">')[1].split("</figure>")[0]
    assert '<title id="one-title">A line</title>' in figure
    assert '<desc id="one-desc">It rises.</desc>' in figure
    assert 'aria-labelledby="one-title one-desc"' in figure and 'role="img"' in figure
    assert "<figcaption>A line</figcaption>" in figure and "var(--figure-forward)" in figure
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("one-") for name in re.findall(r'\bid="([^"]+)"', figure))
    for name in re.findall(r"url\(#([^)]+)\)", figure):
        assert name in ids
    assert not re.search("<style|<metadata|#[0-9a-f]{6}", figure)


def test_term_opens_its_definition_in_place(page):
    term = re.search(r'<button class="term"[^>]*popovertarget="([^"]+)">chain rule</button>', page)
    definition = re.search(rf'<span class="definition" id="{term[1]}" popover>(.*?)</span>', page)
    assert "<strong>Chain rule.</strong> The derivative of" in html.unescape(definition[1])
    assert "&lt; the product." in definition[1].replace("&#38;", "&")
    assert 'href="../glossary.html#chain-rule"' in definition[1] and "See [" not in definition[1]
    assert '<a href="../glossary.md#chain-rule-2">nothing</a>' in page


def test_title_is_followed_by_how_long_the_page_takes_to_read(page):
    line = re.search(r'</h1>\s*<p class="byline">(.*?)</p>', page)[1]
    assert line == "1 min to read"


@pytest.mark.parametrize("before, after", [("", ""), ("<details>", "</details>")])
def test_folded_code_takes_no_time_to_read(before, after):
    code = f"<pre><span></span><code>{'x = 1' + chr(10)}</code></pre>" * 60
    minutes = 1 if before else 5
    assert f">{minutes} min to read<" in byline("# Title", f"{before}{code}{after}")


def test_page_of_a_snippet_has_its_facts(folder):
    page = (folder / "snippets/one.md").read_text("utf-8")
    assert 'title: one.py\ndescription: "One, in short."\n' in page and "More of it." in page
    assert "**Needs:** NumPy 1.26 or later" in page and "**Examples:** 3, which ran" in page
    assert "**Explained in:** [All of it](../deeper/all.md)" in page and "(one.py){" in page
    assert "| `root` | The root. |\n| `backward` | The gradient, shape of `z1`. |" in page
    assert "`_half`" not in page
    assert SNIPPET.strip() in read(page.split("## The whole file")[1])
    origin, rest = (folder / "snippets/one.py").read_text("utf-8").split("\n", 1)
    digest = hashlib.sha256(SNIPPET.encode()).hexdigest()[:8]
    assert rest == SNIPPET and origin == f"# one.py, MIT-0, {digest}, snippets/one.html"
    assert f"**Digest:** `{digest}`" in page and f"{origin}\n" in read(page)
    assert "**Needs:** nothing but Python" in (folder / "snippets/plain.md").read_text("utf-8")
    row = "| [one.py](snippets/one.md) | One, in short. | NumPy 1.26 or later |"
    assert row in (folder / "index.md").read_text("utf-8")


def test_search_index_leads_to_the_headings(folder, page):
    text = (folder / "search/index.js").read_text("utf-8")
    sections = json.loads(re.fullmatch(r"const index = (.*)\n", text)[1])
    found = {section["location"]: section for section in sections}
    mine = [place for place in found if place.startswith("deeper/all.html")]
    anchors = re.findall(r'<h[12] id="([^"]+)"', page)
    assert mine == ["deeper/all.html", *(f"deeper/all.html#{name}" for name in anchors[1:])]
    assert anchors[1:] == ["given", "the-rows", "the-rows_1"]
    rows = found["deeper/all.html#the-rows"]
    assert rows["title"] == "The rows" and rows["page"] == "All of it"
    assert rows["text"].startswith("What Value") and "two – 1 000".replace(" ", " ") in rows["text"]
    assert "def backward" in found["deeper/all.html#given"]["text"]
    assert "It rises" not in text and "min to read" not in text and "derivative of" in text
    assert found["snippets/one.html"]["boost"] < 1
    assert (folder / "search/lunr.js").is_file()
    assert (folder / "assets/x.bin").read_bytes() == b"\0\xff"  # as all other files are
