"""`weave`: what stands in a chapter for what is written there, and what is refused."""

import pytest

from snippets._weave import WeaveError, chapter, formula

SNIPPET = '''"""One.

>>> three
3.0
"""

import math
import os.path as path
from math import (
    pi as circle,
)

three = 3.0
low, high = 1, 2


def helper():
    """First line of a docstring that is long enough to be broken in two when it is shown on a page.

    More, which a page leaves out.
    """
    return math.pi


@staticmethod
def decorated(x):
    """Doubles.

    >>> decorated(1)
    2
    >>> for i in range(2):
    ...     print(i)
    0
    1
    """
    return 2 * x


class Thing:
    """A thing.

    Details.
    """

    def method(self):
        """Do it.

        Details.
        """
        return circle, path


def bare():
    return 1
'''
VALUES = {
    "loss": 0.064265, "count": 12345, "name": "ReLU", "negative": -0.5, "tiny": 1.5e-12, "huge": -2.5e7, "nan": float("nan"),
    "inf": float("inf"), "minus": -7, "rows": [1, 2.5], "by": {"a": 0.25, "b": "x"}, "many": [0.1], "spread": {"low": [0.5]},
    "LOG": "one\ntwo\n\n", "yes": True, "expensive": 1_234_567.891,
}  # fmt: skip
ROWS = [
    {"What": "`a | b`", "Value": "−1.5", "Share": "3%", "Size": "below 10<sup>−9</sup>", "Times": "**2×**", "Note": "$x$", "Mixed": "1"},
    {"What": "two", "Value": "–", "Share": "1\u202f000", "Size": "0.5", "Times": "", "Note": "1", "Mixed": "1 of 2"},
]
RESULTS = {
    "snippets.one": {"values": VALUES},
    "snippets.tables.one": {"values": {"ROWS": ROWS, "deep": 1.5, "EMPTY": [], "UNEVEN": [{"a": "1"}, {"b": "1"}], "FLAT": ["a"], "TEXT": "a"}},
    "snippets.figures.line": {"values": {"TITLE": "A < B", "WIDTH": 4.5}, "svg": "<svg></svg>"},
}


@pytest.fixture(autouse=True)
def small(tmp_path, monkeypatch):
    (tmp_path / "snippets/recorded").mkdir(parents=True)
    (tmp_path / "snippets/one.py").write_text(SNIPPET, encoding="utf-8")
    (tmp_path / "snippets/plain.py").write_text("import math\n\nx = math.pi  # π\n", encoding="utf-8")
    (tmp_path / "snippets/recorded/program.py").write_text('"""A program."""\n\nprint(1)\n', encoding="utf-8")
    monkeypatch.setattr(chapter, "ROOT", tmp_path)


def woven(text):
    return chapter.weave(text, "docs/x.md", RESULTS)


SENTENCES = {
    "plain text, with } and { braces": "plain text, with } and { braces",
    "{{ one.loss:.4f }}": "0.0643",
    "a {{ one.loss:.3f }} and {{ one.loss:.2f }}.": "a 0.064 and 0.06.",
    "{{ one.count }}": "12345",
    "{{ one.count:, }}": "12\u202f345",
    "{{ one.expensive:,.1f }}": "1\u202f234\u202f567.9",
    "{{ one.name }}": "ReLU",
    "{{ one.yes }}": "True",
    "{{ one.negative:.1f }}": "−0.5",
    "{{ one.minus }}": "−7",
    "{{ one.tiny:.1e }}": "1.5 × 10<sup>−12</sup>",
    "{{ one.huge:.1e }}": "−2.5 × 10<sup>7</sup>",
    "{{ one.rows[1]:.2f }}": "2.50",
    "{{ one.by[a]:.0%}} ": None,
    "{{ one.by[a]:.0% }}": "25%",
    "{{ one.by[b] }}": "x",
    "{{ one.spread[low][0]:.1f }}": "0.5",
    "{{ tables.one.deep:.1f }}": "1.5",
    "{{ figures.line.WIDTH:.1f }}": "4.5",
    "`{{ one.negative:.1f }}`": "`-0.5`",
    "`{{ one.count:, }}` {{ one.count:, }}": "`12,345` 12\u202f345",
    "``a ` {{ one.count }}``": "``a ` 12345``",
    r"costs \$5": r"costs \$5",
    r"\$5 or $x$": rf"\$5 or {formula.mathml('x')}",
    r"$x$, $y$": f"{formula.mathml('x')}, {formula.mathml('y')}",
    "`$HOME`": "`$HOME`",
    "$x^2$": formula.mathml("x^2"),
    "$a$ and $b$": f"{formula.mathml('a')} and {formula.mathml('b')}",
    "${{ one.negative:.1f }} < 0$": formula.mathml("-0.5 < 0"),
    r"$\frac{a}{b_{c}}$": formula.mathml(r"\frac{a}{b_{c}}"),
}


@pytest.mark.parametrize("text", SENTENCES)
def test_sentence(text):
    if SENTENCES[text] is None:
        with pytest.raises(WeaveError):
            woven(text)
    else:
        assert woven(text) == SENTENCES[text]


BLOCKS = {
    "{{ code one.bare }}": '```python title="snippets/one.py"\ndef bare():\n    return 1\n```',
    "{{ code one.three }}": '```python title="snippets/one.py"\nthree = 3.0\n```',
    "{{ code one.high }}": '```python title="snippets/one.py"\nlow, high = 1, 2\n```',
    "{{ code one.three..low }}": '```python title="snippets/one.py"\nthree = 3.0\nlow, high = 1, 2\n```',
    "{{ code one.three..one.low }}": '```python title="snippets/one.py"\nthree = 3.0\nlow, high = 1, 2\n```',
    "{{ code one.helper }}": '```python title="snippets/one.py"\nimport math\n\n\ndef helper():\n'
    '    """First line of a docstring that is long enough to be broken in two when\n    it is shown on a page."""\n    return math.pi\n```',
    "{{ code one.three one.bare }}": '```python title="snippets/one.py"\nthree = 3.0\n\n\ndef bare():\n    return 1\n```',
    "{{ code one.decorated }}": '```python title="snippets/one.py"\n@staticmethod\ndef decorated(x):\n    """Doubles."""\n    return 2 * x\n```',
    "{{ code one.Thing }}": '```python title="snippets/one.py"\nimport os.path as path\nfrom math import pi as circle\n\n\nclass Thing:\n'
    '    """A thing."""\n\n    def method(self):\n        """Do it."""\n        return circle, path\n```',
    "{{ code plain }}": '```python title="snippets/plain.py"\nimport math\n\nx = math.pi  # π\n```',
    "{{ code recorded.program }}": '```python title="snippets/recorded/program.py"\nprint(1)\n```',
    "{{ example one.decorated }}": '```python title="one.decorated: example"\ndecorated(1)\n# 2\nfor i in range(2):\n    print(i)\n# 0\n# 1\n```',
    "{{ example one }}": '```python title="one: example"\nthree\n# 3.0\n```',
    "{{ output one.LOG }}": "```text\none\ntwo\n```",
    "{{ output one.name }}  ": "```text\nReLU\n```",
    "    {{ output one.LOG }}": "    ```text\n    one\n    two\n    ```",
    "{{ table one.ROWS }}": "| What | Value | Share | Size | Times | Note | Mixed |\n| --- | ---: | ---: | ---: | ---: | --- | --- |\n"
    f"| `a \\| b` | −1.5 | 3% | below 10<sup>−9</sup> | **2×** | {formula.mathml('x')} | 1 |\n"
    "| two | – | 1\u202f000 | 0.5 |  | 1 | 1 of 2 |",
    "{{ figure line }}": '<figure class="figure" id="figure-line" data-search-exclude><svg></svg><figcaption>A &lt; B</figcaption></figure>',
    "$$\nx^2\n$$": f'<div class="formula">{formula.mathml("x^2" + chr(10), display=True)}</div>',
    "a\n  $$\n  {{ one.minus }}\n  $$\nb": f'a\n  <div class="formula">{formula.mathml("  -7" + chr(10), display=True)}</div>\nb',
    " $$ loss\nx\n$$ ": f' <div class="formula" id="formula-loss">{formula.mathml("x" + chr(10), display=True)}<a class="to-code" href="#code-loss">code: loss</a></div>',
    "```\n{{ one.what }} $\n```\n{{ one.count }}": "```\n{{ one.what }} $\n```\n12345",
    "~~~~ text\n```\n$\n~~~~\n{{ one.count }}": "~~~~ text\n```\n$\n~~~~\n12345",
}  # fmt: skip


@pytest.mark.parametrize("text", BLOCKS)
def test_block(text):
    assert woven(text) == BLOCKS[text]


REFUSED = {
    "{{ one.los:.2f }}": "unknown name `one.los`; did you mean `one.loss`?",
    "{{ tables.one.dep:.2f }}": "unknown name `tables.one.dep`; did you mean `tables.one.deep`?",
    "{{ figures.line.WIDHT }}": "unknown name `figures.line.WIDHT`; did you mean `figures.line.WIDTH`?",
    "{{ tables.one.los }}": "unknown name `tables.one.los`",
    "{{ on.loss }}": "unknown name `on.loss`; did you mean `one.loss`?",
    "{{ table.one.deep }}": "unknown name `table.one.deep`; did you mean `tables.one.deep`?",
    "{{ zebra }}": "unknown name `zebra`",
    "{{ one.rows[7]:.2f }}": "unknown name `one.rows[7]`",
    "{{ one.by[zz]:.2f }}": "unknown name `one.by[zz]`",
    "{{ one.count[0] }}": "unknown name `one.count[0]`",
    "{{ one.rows[x }}": "unknown name `one.rows[x`",
    "{{ one.loss }}": "`one.loss` is a float and needs a format, such as `one.loss:.3f`",
    "{{ one.nan:.2f }}": "`one.nan` is nan",
    "{{ one.inf:.2f }}": "`one.inf` is inf",
    "{{ one.rows }}": "`one.rows` is not one value: [1, 2.5]",
    "{{ one }}": "`one` is not one value: ",
    "{{ one.loss:.2q }}": "Unknown format code",
    "{{ one.name:.2f }}": "Unknown format code",
    "{{ one.loss:.2f }": "a lone {{: both ends",
    "one.loss:.2f }}": "a lone }}: both ends",
    "{{{ one.loss:.2f }}": "a lone {{: both ends",
    "{{ one.loss:.2f }}}": "a lone {{: both ends",
    "`{{ one.loss:.2f }}}`": "a lone {{: both ends",
    "`{{ one.loss:.2f }`": "a lone {{: both ends",
    "costs $5": "a lone $: both ends",
    "costs $5 or $10": "a lone $: both ends",
    "5$ or 10$": "a lone $: both ends",
    "$ x$": "a lone $: both ends",
    "$x$2": "a lone $: both ends",
    "$\\frac{x$": "bad TeX",
    "$$\nx\n": "this $$ is never closed",
    "$$\n\\foo\n$$": "bad TeX",
    "{{ figur line }}": "unknown name `figur line`",
    "{{ code one.none }}": "no function, class or assignment defines `none`",
    "{{ code one.three..none }}": "no function, class or assignment defines `none`",
    "{{ code two.bare }}": "there is no snippets/two.py",
    "{{ code one.bare plain.x }}": "one block shows one module, not one, plain",
    "{{ example one.bare }}": "`one.bare` has no doctest to show",
    "{{ example one.three }}": "",
    "{{ example plain }}": "`plain` has no doctest to show",
    "{{ table one.NONE }}": "`one.NONE` is not a table in snippets/tables/: expected a list of dicts with the same keys",
    "{{ table two.ROWS }}": "`two.ROWS` is not a table",
    "{{ table one.EMPTY }}": "`one.EMPTY` is not a table",
    "{{ table one.UNEVEN }}": "`one.UNEVEN` is not a table",
    "{{ table one.FLAT }}": "`one.FLAT` is not a table",
    "{{ table one.TEXT }}": "`one.TEXT` is not a table",
    "{{ output one.LOGS }}": "unknown name `one.LOGS`",
    "{{ figure curve }}": "there is no snippets/figures/curve.py",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused_with_its_line(text):
    lines = text.count("\n") if text.endswith("$$") and text != "$$" else 0
    with pytest.raises(WeaveError) as error:
        woven(f"# Title\n\n{text}\n\nmore")
    assert str(error.value).startswith(f"docs/x.md:{3 + lines}: {REFUSED[text]}")


def test_no_name_is_suggested_where_none_is_close():
    for name in ("zebra", "tables.one.los"):  # however much alike what stands ahead of the name
        with pytest.raises(WeaveError) as error:
            woven(f"{{{{ {name} }}}}")
        assert str(error.value) == f"docs/x.md:1: unknown name `{name}`"


def test_finished_html_is_handed_over_to_be_kept():
    kept = []

    def keep(html):
        kept.append(html)
        return f"<{len(kept)}>"

    text = "$x$ {{ one.count }}\n\n{{ figure line }}\n\n$$\ny\n$$\n\n{{ table one.ROWS }}"
    result = chapter.weave(text, "docs/x.md", RESULTS, keep)
    assert result.startswith("<1> 12345\n\n<2>\n\n<3>\n\n| What") and "| <4> |" in result
    assert kept == [formula.mathml("x"), BLOCKS["{{ figure line }}"], f'<div class="formula">{formula.mathml("y" + chr(10), display=True)}</div>', formula.mathml("x")]


BUILD = {"snippets.build": {"values": {"python": "3.12.1", "numpy": "2.1", "matplotlib": "3.9"}}}


def byline(minutes):
    return f'<p class="byline" data-search-exclude>{minutes} min read · computed with Python 3.12.1, NumPy 2.1, Matplotlib 3.9</p>'


@pytest.mark.parametrize("words, minutes", [(0, 1), (344, 1), (346, 2), (574, 2), (576, 3)])
def test_title_is_followed_by_the_minutes_it_takes_to_read(words, minutes):
    """At 230 words a minute, of two letters or more; what is put in, formulas and the header are not read."""
    text = "---\na: many words\n---\n# {{ one.name }}\n\n{{ one.count }} $x_{many words}$ a 12\n\n$$\nmany\n$$\n\n    ```\n    many\n    ```\n\n!!! goal 1\n\n## Mörê\n" + "wörd " * (words - 2)
    lines = chapter.weave(text, "docs/x.md", RESULTS | BUILD, lambda html: f"<<{html}>>").split("\n")
    assert lines[3:6] == ["# ReLU", "", f"<<{byline(minutes)}>>"]
    assert sum("byline" in line for line in lines) == 1


def test_no_line_is_put_below_what_is_no_title_or_where_nothing_was_built():
    code = "```\n# Title\n```\n"
    assert chapter.weave(code, "docs/x.md", RESULTS | BUILD) == code
    assert woven("# Title") == "# Title"


def test_values_of_labs_have_a_name_too():
    results = RESULTS | {"docs.labs.digits": {"values": {"accuracy": 0.5}}}
    assert chapter.weave("{{ labs.digits.accuracy:.2f }}", "docs/x.md", results) == "0.50"
    with pytest.raises(WeaveError, match="did you mean `labs.digits.accuracy`"):
        chapter.weave("{{ labs.digits.acuracy:.2f }}", "docs/x.md", results)


@pytest.mark.parametrize("text, what", {
    "{{ one.says }}": "one.says", "{{ output one.says }}": "one.says", "{{ table one.NANS }}": "one.NANS", "{{ figure nan }}": "nan",
}.items())  # fmt: skip
def test_text_that_says_nan_is_no_number(text, what):
    results = RESULTS | {
        "snippets.one": {"values": {"says": "it is nan."}},
        "snippets.tables.one": {"values": {"NANS": [{"a": "nan", "b": "1"}]}},
        "snippets.figures.nan": {"values": {"TITLE": "A"}, "svg": "<text>nan</text>"},
    }
    with pytest.raises(WeaveError) as error:
        chapter.weave(text, "docs/x.md", results)
    assert str(error.value).startswith(f"docs/x.md:1: `{what}` holds nan, which is no number: ")


@pytest.mark.parametrize("text", ["nano", "banana", r"\\inf", "info", "in f", "na n", "1nan"])
def test_words_and_tex_with_these_letters_are_fine(text):
    assert chapter.finite(text, "x") == text


def test_drawing_may_have_any_letters_in_its_tags_but_not_in_its_words():
    svg = '<svg><path d="M nan inf"/><text id="nan">1</text></svg>'
    results = {"snippets.figures.line": {"values": {"TITLE": "A"}, "svg": svg}}
    assert svg in chapter.weave("{{ figure line }}", "docs/x.md", results)


def test_dotted_import_and_annotated_constant_come_with_what_uses_them(tmp_path):
    (tmp_path / "snippets/one.py").write_text("import os.path\nimport json as js\n\nEPS: float = 1e-8\n\n\ndef f():\n    return os.path.join('a'), js\n\n\ndef g():\n    return EPS\n")
    assert woven("{{ code one.f }}").split("\n")[1:3] == ["import os.path", "import json as js"]
    assert woven("{{ code one.EPS }}").split("\n")[1] == "EPS: float = 1e-8"
    assert list(chapter.needed(chapter.parsed((tmp_path / "snippets/one.py").read_text()), ["g"])) == ["g", "EPS"]


def test_single_letter_is_no_word():
    assert chapter.words("a{{ x }} b$c$ two") == 1


def test_function_in_a_sentence_is_told_to_be_one(tmp_path):
    (tmp_path / "snippets/tables").mkdir()
    (tmp_path / "snippets/tables/one.py").write_text("def computed():\n    pass\n\n\nclass Case:\n    pass\n")
    for field in ("tables.one.computed", "tables.one.Case"):
        with pytest.raises(WeaveError) as error:
            woven(f"{{{{ {field} }}}}")
        assert str(error.value) == f"docs/x.md:1: unknown name `{field}`: it is a function; `{{{{ code {field} }}}}` on a line of its own shows it"


WITH_HELPERS = """import math

SCALE = 2


def _half(x):
    return x / SCALE


def unused(x):
    return x


def root(x):
    \"\"\"The root.

    More.
    \"\"\"
    return math.sqrt(_half(x))


def alone(x):
    return x
"""
COMPLETE = """import math


SCALE = 2


def _half(x):
    return x / SCALE


def root(x):
    \"\"\"The root.\"\"\"
    return math.sqrt(_half(x))"""


def test_block_brings_all_that_it_needs_for_who_copies_it(tmp_path):
    (tmp_path / "snippets/two.py").write_text(WITH_HELPERS, encoding="utf-8")
    assert chapter.complete("two.root") == chapter.complete("two._half two.root") == COMPLETE
    assert chapter.complete("two.alone") == chapter.complete("two") == chapter.complete("two.SCALE..root") == ""
    assert chapter.complete("recorded.program") == chapter.complete("tables.two.root") == ""
    block = woven("{{ code two.root }}")
    assert block.startswith('```python title="snippets/two.py"\nimport math') and "_half(x):" not in block.split("```")[1]
    assert block.split("```")[2] == f'\n\n<div class="complete" hidden data-search-exclude>{COMPLETE.replace(chr(34), "&quot;")}</div>'
    assert "<div" not in woven("{{ code two.alone }}")
