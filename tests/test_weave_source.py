"""The pages of the snippets: whole, with their facts, and the list of all."""

import textwrap

import pytest

from snippets._weave import chapter, source


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    (tmp_path / "snippets").mkdir()
    (tmp_path / "docs/deep").mkdir(parents=True)
    (tmp_path / "snippets/one.py").write_text(textwrap.dedent('''
        """The one.

        All of it.

        >>> double(1)
        2
        """

        import numpy.linalg


        def double(x):
            """Twice `x`, or `x | x`.

            >>> double(4)
            8
            """
            return 2 * x


        def _hidden(x):
            return x
    ''').lstrip())
    (tmp_path / "snippets/two.py").write_text('"""The other."""\n\nfrom math import pi\n\narea = pi\n')
    (tmp_path / "snippets/_three.py").write_text("")
    (tmp_path / "docs/first.md").write_text("# First\n\n{{ code two.area one.double }}\n")
    (tmp_path / "docs/deep/second.md").write_text("---\ntitle: x\n---\n\n# Second\n\n{{ code one._hidden }} and {{ one.x }}\n")
    (tmp_path / "docs/third.md").write_text("# Third\n\n{{ code someone.double }}\n")
    for module in (source, chapter):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def test_page_has_the_facts_of_its_file(checkout):
    pages = source.pages()
    assert list(pages) == ["snippets/one.md", "snippets/two.md"]
    assert pages["snippets/one.md"] == textwrap.dedent("""
        ---
        title: one.py
        description: The one.
        search: {boost: 0.2}
        ---

        # one.py

        The one.

        All of it.

        [Download one.py](one.py){ .md-button download="one.py" }

        - **Needs:** NumPy 1.26 or later
        - **Examples:** 2, which ran when this page was built; `python -m doctest one.py` runs them where you pasted it
        - **Licence:** MIT-0: paste it without attribution
        - **Explained in:** [Second](../deep/second.md), [First](../first.md)

        | Function | What it does |
        | --- | --- |
        | `double` | Twice `x`, or `x \\| x`. |

        ## The whole file

        {{ file one }}
    """).lstrip()


def test_page_of_a_file_without_functions_and_examples(checkout):
    page = source.pages()["snippets/two.md"]
    assert "**Needs:** nothing but Python" in page and "| Function |" not in page and "**Examples:** 0" in page


def test_whole_file_is_shown_as_it_is(checkout):
    text = (checkout / "snippets/one.py").read_text()
    assert chapter.weave("{{ file one }}", "page", {}) == f'```python title="snippets/one.py"\n{text}```'


def test_list_of_all(checkout):
    assert chapter.weave("{{ list snippets }}", "page", {}).split("\n") == [
        "| File | What is in it | Needs |", "| --- | --- | --- |",
        "| [one.py](snippets/one.md) | The one. | NumPy 1.26 or later |", "| [two.py](snippets/two.md) | The other. | nothing but Python |",
    ]  # fmt: skip
