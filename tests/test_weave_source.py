"""The page of a snippet, and the list of all."""

import ast

import pytest

from snippets._weave import WeaveError, chapter, source

SNIPPET = '''"""One: twö.

More about it.
Und möre.

>>> double(1)
2
"""

import numpy.linalg as la

x = 1


def double(x):
    """Twice | so much.

    >>> double(2)
    4
    >>> double(3)
    6
    """
    return 2 * x


class Thing:
    pass


def _hidden(x):
    """Hidden."""
'''


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    files = {
        "snippets/one.py": SNIPPET, "snippets/plain.py": '"""Plain."""\n\nimport math\nfrom math import pi\n\ny = 1\n', "snippets/_no.py": "",
        "docs/index.md": "# Ä start\n\n{{ code two.f }}\n", "docs/deep/next.md": "---\na: b\n---\n# Next\n\n{{ code two.f one.double }}\n",
        "docs/last.md": "# Last\n\n{{ code one.double }}\n", "docs/other.md": "# Other\n\n{{ code one_more.f }} {{ table one.X }}\n",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for module in (source, chapter):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


PAGE = """---
title: one.py
description: "One: twö."
search: {boost: 0.2}
---

# one.py

One: twö.

More about it.
Und möre.

[Download one.py](one.py){ .md-button download="one.py" }

- **Needs:** NumPy 1.26 or later
- **Examples:** 3, which ran when this page was built; `python -m doctest one.py` runs them where you pasted it
- **Licence:** MIT-0: paste it without attribution
- **Explained in:** [Next](../deep/next.md), [Last](../last.md)

| Function | What it does |
| --- | --- |
| `double` | Twice \\| so much. |
| `Thing` |  |

## The whole file

{{ file one }}
"""


def test_each_snippet_has_a_page():
    pages = source.pages()
    assert list(pages) == ["snippets/one.md", "snippets/plain.md"]
    assert pages["snippets/one.md"] == PAGE


def test_page_leaves_out_what_there_is_not():
    page = source.pages()["snippets/plain.md"]
    assert "Explained in" not in page and "| Function" not in page and "- **Needs:** nothing but Python\n" in page and "- **Examples:** 0, which" in page


@pytest.mark.parametrize("code, needs", {
    "import numpy": "NumPy 1.26 or later", "import os, numpy.linalg as la": "NumPy 1.26 or later", "def f():\n    from numpy.linalg import norm": "NumPy 1.26 or later",
    "import mynumpy": "nothing but Python", "from math import numpy": "nothing but Python", "numpy = 1": "nothing but Python",
}.items())  # fmt: skip
def test_what_a_snippet_needs(code, needs):
    assert source.needs(ast.parse(code)) == needs


@pytest.mark.parametrize("line, name", {
    "import os, snippets.two": "snippets.two", "from snippets import two": "snippets", "import mkdocs": "mkdocs", "from . import two": ".",
    "from .two import x": ".two", "from ..a import x": "..a", "def f():\n    import scipy": "scipy",
}.items())  # fmt: skip
def test_snippet_that_does_not_run_alone_is_refused_with_its_line(root, line, name):
    (root / "snippets/one.py").write_text(f'"""One."""\n\n{line}\n')
    with pytest.raises(WeaveError) as error:
        source.pages()
    wanted = "a snippet has to run where it is pasted, with NumPy and the standard library alone"
    assert str(error.value) == f"snippets/one.py:{3 + line.count(chr(10))}: imports `{name}`: {wanted}"


def test_whole_file_is_shown_as_it_is():
    assert chapter.weave("{{ file one }}", "x.md", {}) == f'```python title="snippets/one.py"\n{SNIPPET.rstrip()}\n```'


def test_all_snippets_are_listed():
    assert chapter.weave("{{ list snippets }}", "x.md", {}) == (
        "| File | What is in it | Needs |\n| --- | --- | --- |\n"
        "| [one.py](snippets/one.md) | One: twö. | NumPy 1.26 or later |\n| [plain.py](snippets/plain.md) | Plain. | nothing but Python |"
    )
