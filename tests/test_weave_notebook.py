"""Reading a lab, and the page that is made of it; `test_labs.py` has whole labs, executed."""

import pytest
from conftest import ROOT

from snippets._weave import WeaveError, chapter, notebook

LAB = '''# ---
# title: One
# ---

# %% [markdown]
#
# # A lab
#
# # Not the title
# The accuracy is {{ accuracy:.2f }}, the loss {{ one.loss:.1f }}, é {{ rows[0] }}.

# %%
# pip install numpy scikit-learn
from snippets.one import loss, square
from snippets.one import cube
from snippets.two import cube
from snippets.tables.one import RECORD
from numpy import array
from . import x

accuracy = 0.5

# %% [markdown]

# %%

print(accuracy)
'''
SVG = '<svg><title id="t">A &lt; B</title><path d="M nan 1"/><desc>One.</desc></svg>'
RESULTS = {"docs.labs.one": {
    "values": {"accuracy": 0.5, "rows": [1]},
    "outputs": {"13": [["text", "printed\n\n"], ["figure", SVG], ["table", "| a |"]], "27": [["figure", SVG.replace("A &lt; B", "Two")], ["text", "0.5\n"]]},
}, "snippets.one": {"values": {"loss": 2.0}}}  # fmt: skip
PAGE = '''title: One
---

# A lab

Run it yourself, in Jupyter as [one.ipynb](one.ipynb) or in a terminal as [one.py](one.py): each is complete on its own and needs no more than `pip install numpy scikit-learn`.

# Not the title
The accuracy is {{ labs.one.accuracy:.2f }}, the loss {{ one.loss:.1f }}, é {{ labs.one.rows[0] }}.

```text
printed
```

{{ figure one-1 }}

| a |

??? drawing "The code of the figure"

    ```python
    # pip install numpy scikit-learn
    from snippets.one import loss, square
    from snippets.one import cube
    from snippets.two import cube
    from snippets.tables.one import RECORD
    from numpy import array
    from . import x

    accuracy = 0.5
    ```

Imported from [one.py](../snippets/one.py) and [two.py](../snippets/two.py); the downloads have its source instead.

{{ figure one-2 }}

```text
0.5
```

??? drawing "The code of the figure"

    ```python
    print(accuracy)
    ```
'''


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A function that writes a lab, and gives its path."""
    monkeypatch.setattr(notebook, "ROOT", tmp_path)
    path = tmp_path / "docs/labs/one.py"
    path.parent.mkdir(parents=True)

    def write(text=LAB):
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_labs_are_those_of_the_documentation():
    assert notebook.LABS == ROOT / "docs/labs"


def test_cells_know_their_kind_and_first_line(lab):
    found = notebook.cells(lab())
    assert [(cell.kind, cell.line) for cell in found] == [("front", 1), ("prose", 7), ("code", 13), ("code", 27)]
    assert found[0].text == "---\ntitle: One\n---" and found[1].text.startswith("# A lab\n\n# Not") and found[3].text == "print(accuracy)"
    assert notebook.needs(lab()) == "numpy scikit-learn"


@pytest.mark.parametrize("old, new, message, line", [
    ("# pip install", "# needs", "the first code cell has to start with what it needs: # pip install ...", 13),
    ("# The acc", "The acc", "prose in a lab stands in comments: each line starts with #", 10),
    ("# The acc", "#The acc", "prose in a lab stands in comments: each line starts with #", 10),
    ("# title", "title", "prose in a lab stands in comments: each line starts with #", 2),
    ("# %%\n", "\n", "the first code cell has to start with what it needs: # pip install ...", 1),
])  # fmt: skip
def test_lab_of_another_form_is_refused_with_its_place(lab, old, new, message, line):
    text = LAB.replace(old, new)
    if line == 1:
        text = "# # Only prose\n"
    path = lab(text)
    with pytest.raises(SyntaxError) as error:
        notebook.cells(path)
    assert error.value.args == (message, (str(path), line, 0, ""))


def test_lab_that_starts_with_code_has_no_front_matter(lab):
    assert [(cell.kind, cell.line) for cell in notebook.cells(lab("\n# %%\n# pip install numpy\n"))] == [("code", 3)]


def test_page_is_a_chapter_with_code_outputs_and_downloads(lab):
    path = lab()
    assert notebook.page(path, RESULTS) == "---\n" + PAGE
    results = RESULTS | notebook.figures(path, RESULTS)
    assert "The accuracy is 0.50, the loss 2.0, é 1." in chapter.weave(notebook.page(path, results), "docs/labs/one.py", results)


def test_only_the_code_of_a_figure_is_folded(lab):
    path = lab("# %% [markdown]\n# # A\n\n# %%\n# pip install numpy\nprint(1)\n")
    page = notebook.page(path, {"docs.labs.one": {"values": {}, "outputs": {"5": [["text", "1"]]}}})
    assert page.endswith("```python\n# pip install numpy\nprint(1)\n```\n\n```text\n1\n```\n")


def test_page_without_snippets_names_none(lab):
    path = lab("# %% [markdown]\n# # A\n\n# %%\n# pip install numpy\nimport numpy\n")
    results = {"docs.labs.one": {"values": {}, "outputs": {"5": []}}}
    assert notebook.page(path, results).endswith("`pip install numpy`.\n\n```python\n# pip install numpy\nimport numpy\n```\n")


def test_prose_stands_in_the_lines_of_the_file(lab):
    lines = notebook.prose(lab(), RESULTS).split("\n")
    assert len(lines) == len(LAB.split("\n"))
    assert {number: line for number, line in enumerate(lines, 1) if line} == {
        7: "# A lab", 9: "# Not the title",
        10: "The accuracy is {{ labs.one.accuracy:.2f }}, the loss {{ one.loss:.1f }}, é {{ labs.one.rows[0] }}.",
    }  # fmt: skip


def test_figures_have_names_titles_and_drawings(lab):
    assert notebook.figures(lab(), RESULTS) == {
        "snippets.figures.one-1": {"values": {"TITLE": "A < B"}, "svg": SVG},
        "snippets.figures.one-2": {"values": {"TITLE": "Two"}, "svg": SVG.replace("A &lt; B", "Two")},
    }


def test_imports_are_those_from_the_snippets(lab):
    code = next(cell for cell in notebook.cells(lab()) if cell.kind == "code")
    assert [node.module for node in notebook.imports(code)] == ["snippets.one", "snippets.one", "snippets.two", "snippets.tables.one"]


def with_output(kind, text):
    return {"docs.labs.one": {"outputs": {"13": [["text", "good"]], "26": [[kind, text]]}}}


@pytest.mark.parametrize("kind, text", [("text", "it is nan"), ("table", "| inf |"), ("text", "<b nan>"), ("figure", "<text>nan</text>"), ("figure", "a<b>nan")])
def test_output_that_is_no_number_is_refused_with_the_line_of_its_cell(lab, kind, text):
    with pytest.raises(WeaveError) as error:
        notebook.check_outputs(lab(), with_output(kind, text))
    assert str(error.value).startswith(f"docs/labs/one.py:26: `an output` holds {'inf' if 'inf' in text else 'nan'}")


@pytest.mark.parametrize("kind, text", [("text", "1.5"), ("figure", "<path d='nan'/>"), ("figure", "na<b>n")])
def test_output_that_is_one_goes_through(lab, kind, text):
    notebook.check_outputs(lab(), with_output(kind, text))


def test_place_is_shown_as_in_the_checkout(lab):
    assert notebook.shown(lab()) == "docs/labs/one.py"
