"""An exercise in a chapter: a form made of plain data, with the script that checks it."""

import pytest
from conftest import edit, put, weave

MODULE = """
def _variant(k):
    items = [
        {"values": [str(k), f"{k}.0"], "shown": str(k), "why": ""},
        {"values": ["0"], "shown": "0", "why": "forgets $x^2$, see [there](next.md#there)."},
    ]
    step = {"kind": "number", "ask": "What is `k`?\\n\\n```python\\nk = 1\\n```", "within": 0.25}
    return {"steps": [step | {"items": items}], "hint": "Look.", "solution": "It *is*."}

one = {"title": "One", "idea": "i", "section": "[S](next.md)", "variants": [_variant(1)]}
many = one | {"title": "Many", "variants": [_variant(k) for k in range(1, 7)]}
"""


@pytest.fixture
def asked(checkout):
    put(checkout, {"snippets/exercises/__init__.py": "", "snippets/exercises/one.py": MODULE})
    edit(checkout / "docs/next.md", "## There", "{{ exercise one.one }}\n\n## There")
    return checkout


def page(checkout, name="next"):
    return (checkout / f"woven/{name}.md").read_text("utf-8")


def test_form_has_all_that_a_script_checks_and_a_reader_without_one_needs(asked):
    process = weave(asked)
    assert process.returncode == 0, process.stderr
    text = page(asked)
    assert '<form class="exercise" id="one-one" data-chapter="one">' in text
    assert text.count("assets/exercises.js") == 1 and text.count("<form") == 1
    assert 'data-kind="number" data-within="0.25"' in text and "(± 0.25)" in text
    assert '<li data-values="1|1.0"><b>1</b>' in text and "<math" in text
    assert 'href="next.html#there"' in text and '<div class="highlight">' in text
    assert "<summary>Hint</summary><p>Look.</p>" in text and "<em>is</em>" in text
    assert "<template>" not in text and "exercises.js" not in page(asked, "index")


def test_variants_are_templates_all_in_a_chapter_and_a_few_in_a_list(asked):
    edit(asked / "docs/next.md", "one.one }}", "one.many }}")
    weave(asked)
    assert page(asked).count("<template>") == 5
    edit(asked / "docs/next.md", "exercise one.many }}", "exercise one }}")
    weave(asked)
    assert page(asked).count("<form") == 2 and page(asked).count("<template>") == 2


def test_search_does_not_find_the_answers(asked):
    weave(asked)
    assert "forgets" not in (asked / "woven/search/index.js").read_text("utf-8")


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("one.one }}", "one.on }}", "unknown name `exercises.one.on`"),
        ("one.one }}", "two.one }}", "there is no module `exercises.two`"),
    ],
)
def test_mistake_in_a_chapter_is_an_error_with_file_and_line(asked, old, new, message):
    edit(asked / "docs/next.md", old, new)
    process = weave(asked)
    assert process.returncode and f"docs/next.md:3: {message}" in process.stderr


def test_mistake_in_an_exercise_is_an_error_with_file_and_line(asked):
    edit(asked / "snippets/exercises/one.py", "range(1, 7)", "range(1, 7 / 0)")
    process = weave(asked)
    assert process.returncode and "snippets/exercises/one.py:11: ZeroDivision" in process.stderr
