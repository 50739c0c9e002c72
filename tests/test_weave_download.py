"""What readers run of a lab, from its text to the script and the notebook; `test_labs.py` has them executed."""

import json

import pytest

from snippets._weave import WeaveError, chapter, download, notebook

SNIPPET = '''"""One."""

import cmath
import math
import string
from pathlib import Path

import numpy as np

BASE = 2
unused = 1


def square(x):
    """The square of `x`.

    More words.
    """
    return _power(x, BASE)


class Other:
    pass


def _power(x, n):
    return np.exp(n * math.log(x)) + (0 * _power(x, n - 1) if n else square(cmath.pi, string))
'''
LAB = '''# ---
# title: One
# ---

# %% [markdown]
# !!! goal "After this lab"
#
#     You know {{ accuracy:.1f }}.
#
#     And $x^2$ of {{ one.BASE }}.
#
# ??? note "More"
#     See [here](https://x.org/a) and [there](../index.md#a).
# The loss, `{{ one.BASE }}`, is $y = {{ one.small:.1e }}$ or {{ one.small:.1e }}, − é.
# No link is $g[i](x)$ or `a[0](1)` or ``a ` b[0](2)``, but [this](a.md) and [that](#b), for \\$5 [or](c.md) \\$6.

# %%
# pip install numpy
import math
import numpy as np
from snippets.one import Other, square
from snippets.tables.one import (
    RECORD,
    OTHER,
)

accuracy = 0.5

# %%
x = 1
[{"a": "1"},
 {"a": "2"}]  # the table

# %%
print(x)

# %% [markdown]
# Last words.
'''
RECORD = {"b": ["é", 2.5], "a": 1}
OTHER = [*25 * [10], "w", *5 * [1]]  # a line more where it is to be a letter narrower
OUTPUTS = {str(line): [] for line in range(100)} | {"30": [["text", "1"], ["table", "| a |"]]}
RESULTS = {
    "docs.labs.one": {"values": {"accuracy": 0.5}, "outputs": OUTPUTS},
    "snippets.one": {"values": {"BASE": 2, "small": -1.5e-7}},
    "snippets.tables.one": {"values": {"RECORD": RECORD, "OTHER": OTHER}},
}
SCRIPT = '''# %% [markdown]
# > **After this lab**
# >
# > You know 0.5.
# > 
# > And $x^2$ of 2.
#
# > **More**
# >
# > See [here](https://x.org/a) and there.
# The loss, `2`, is $y = -1.5e-07$ or −1.5 × 10<sup>−7</sup>, − é.
# No link is $g[i](x)$ or `a[0](1)` or ``a ` b[0](2)``, but this and that, for \\$5 or \\$6.

# %%
# pip install numpy
import math
import numpy as np
import cmath
import string


# from snippets/one.py
BASE = 2


def square(x):
    """The square of `x`."""
    return _power(x, BASE)


class Other:
    pass


def _power(x, n):
    return np.exp(n * math.log(x)) + (0 * _power(x, n - 1) if n else square(cmath.pi, string))


RECORD = {'b': ['é', 2.5], 'a': 1}
OTHER = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 'w', 1,
 1, 1, 1, 1]

accuracy = 0.5

# %%
x = 1
print(*[{"a": "1"},
 {"a": "2"}], sep='\\n')

# %%
print(x)

# %% [markdown]
# Last words.
'''


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A function that writes a lab beside its snippets, and gives its path."""
    for module in (notebook, chapter):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets/one.py").write_text(SNIPPET, encoding="utf-8")
    (tmp_path / "snippets/two.py").write_text("def square(x):\n    return x\n", encoding="utf-8")
    path = tmp_path / "docs/labs/one.py"
    path.parent.mkdir(parents=True)

    def write(text=LAB):
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_script_is_complete_on_its_own(lab):
    assert download.downloads(lab(), RESULTS)["one.py"] == SCRIPT


def test_notebook_has_the_same_cells(lab):
    text = download.downloads(lab(), RESULTS)["one.ipynb"]
    made = json.loads(text)
    assert text == json.dumps(made, indent=1, ensure_ascii=False) + "\n" and "é" in text
    assert {name: made[name] for name in made if name != "cells"} == {
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    prose, code, table, last, end = made["cells"]
    assert prose == {"cell_type": "markdown", "id": "cell-1", "metadata": {}, "source": prose["source"]}
    assert code == {"cell_type": "code", "id": "cell-2", "metadata": {}, "source": code["source"], "execution_count": None, "outputs": []}
    assert [cell["id"] for cell in (table, last, end)] == ["cell-3", "cell-4", "cell-5"] and end["source"] == "Last words."
    assert prose["source"].startswith("> **After this lab**\n>\n> You know 0.5.\n> \n> And") and code["source"] in SCRIPT
    assert table["source"] == 'x = 1\n[{"a": "1"},\n {"a": "2"}]  # the table'


@pytest.mark.parametrize("code, printed", {
    "x = 1": "x = 1", "f(x)": "f(x)", '"words"': '"words"', "": "", "# only words": "# only words", "rows": "print(*rows, sep='\\n')",
    "x = 1\nrows\n# end": "x = 1\nprint(*rows, sep='\\n')\n# end", "rows\nx = 1": "rows\nx = 1", "rows  # all": "print(*rows, sep='\\n')",
}.items())  # fmt: skip
def test_script_prints_the_table_that_jupyter_shows(code, printed):
    assert download._printing(code, rows=True) == printed


@pytest.mark.parametrize("code, printed", {
    "x = 1\nx + 1  # two": "x = 1\nprint(x + 1)", "a = 1; a": "a = 1; print(a)", "a, b": "print((a, b))", "x;": "x;", "x ; # no": "x ; # no",
    "a = 1\nb = 2; b": "a = 1\nb = 2; print(b)", "abc;\nxyz": "abc;\nprint(xyz)", "x = 1\n(x,\n x);": "x = 1\n(x,\n x);",
}.items())  # fmt: skip
def test_script_prints_a_value_that_jupyter_shows(code, printed):
    assert download._printing(code, rows=False) == printed


@pytest.mark.parametrize("outputs, printed", [([["text", "2"]], "print(x)"), ([["table", "| a |"]], "print(*x, sep='\\n')"), ([], "print(x)")])
def test_script_prints_row_by_row_what_the_page_shows_as_a_table(lab, outputs, printed):
    path = lab("# %%\n# pip install numpy\nx = [1]\nx\n")
    script = download.downloads(path, {"docs.labs.one": {"values": {}, "outputs": {"2": outputs}}})["one.py"]
    assert script.endswith(f"x = [1]\n{printed}\n")


def test_brackets_in_a_display_formula_are_no_link(lab):
    path = lab("# %% [markdown]\n# $$\n# g[i](x) = 1\n# $$\n#\n# [a](b.md)\n\n# %%\n# pip install numpy\n")
    assert download.downloads(path, RESULTS)["one.py"].startswith("# %% [markdown]\n# $$\n# g[i](x) = 1\n# $$\n#\n# a\n")


@pytest.mark.parametrize("old, new, message", [
    ("import Other, square", "import square as s", "18: import names from snippets.one as they are called there: the downloads have the source"),
    ("import Other, square", "import *", "18: import names from snippets.one as they are called there: the downloads have the source"),
    ("import Other, square", "import lost", "18: no function, class or assignment defines `lost`"),
    ("accuracy = 0.5", "def square(x):\n    pass", "18: `square` of snippets/one.py would be something else in the downloads: two have this name"),
    ("accuracy = 0.5", "_power = 1", "18: `_power` of snippets/one.py would be something else in the downloads: two have this name"),
    ("x = 1", "from snippets.two import square", "30: `square` of snippets/two.py would be something else in the downloads: two have this name"),
    ("import Other, square", "import Other, square\nfrom snippets.gone import x", "18: there is no snippets/gone.py"),
    ("{{ accuracy:.1f }}", "{{ acc:.1f }}", "6: unknown name `acc`"),
])  # fmt: skip
def test_what_would_not_run_elsewhere_is_refused_with_the_line_of_its_cell(lab, old, new, message):
    with pytest.raises(WeaveError) as error:
        download.downloads(lab(LAB.replace(old, new)), RESULTS)
    assert str(error.value) == f"docs/labs/one.py:{message}"


def test_function_that_two_cells_import_stands_in_both(lab):
    script = download.downloads(lab(LAB.replace("x = 1", "from snippets.one import square")), RESULTS)["one.py"]
    assert script.count("def square(x):") == 2


@pytest.mark.parametrize("line, refused", [
    ("import snippets", True), ("import numpy, snippets.one", True), ("from snippets import one", True), ("from snippets.one import square", False),
    ("if True:\n    from snippets.one import square", True), ("import snippetsx", False), ("from . import snippets", False), ("from module import x", False),
])  # fmt: skip
def test_imports_that_a_download_cannot_follow_are_refused(lab, line, refused):
    path = lab(f"# %%\n# pip install numpy\n{line}\n")
    if refused:
        with pytest.raises(WeaveError) as error:
            download.downloads(path, RESULTS)
        assert str(error.value) == "docs/labs/one.py:2: a lab takes from snippets by `from snippets.x import name`, not within another statement"
    else:
        assert download.downloads(path, RESULTS)


def test_values_that_a_table_does_not_have_are_told(lab):
    path = lab("# %%\n# pip install numpy\nfrom snippets.tables.one import RECORD, THERE, HERE\n")
    with pytest.raises(WeaveError) as error:
        download.downloads(path, RESULTS)
    assert str(error.value) == "docs/labs/one.py:2: snippets.tables.one has no value HERE, THERE that a download could hold"
