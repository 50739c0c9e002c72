"""What holds a lab's kernel to the rules, called here with a shell that only takes notes; `test_labs.py` has real kernels."""

import ast
import json
import os
import random
import sys
import threading
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from conftest import ROOT
from matplotlib.figure import Figure

from snippets._weave import kernel, run
from snippets.figures import GRID, INK, MUTED, PALETTE, PAPER, WIDTH

LAB = "# %%\n# pip install numpy\nimport random\nimport no_such_module, json.tool\nfrom snippets.one import a\nfrom os.path import join\nfrom . import other\n"


class Formatter(dict):
    for_type = dict.__setitem__


class Clock:
    def __init__(self, seconds, action):
        self.seconds, self.action, self.daemon, self.running = seconds, action, False, False
        clocks.append(self)

    def start(self):
        self.running = self.daemon


clocks = []


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """The lab has begun: this is its shell, and what IPython would know is in it."""
    shell = SimpleNamespace(
        ast_transformers=[], user_ns={}, user_ns_hidden={"hidden": 1}, raised=[], imported=[], confined=[],
        display_formatter=SimpleNamespace(formatters={"image/png": Formatter({Figure: 1}), "image/svg+xml": Formatter(), "text/markdown": Formatter()}),
    )  # fmt: skip
    shell.set_custom_exc = lambda kinds, handler: shell.raised.append((kinds, handler))
    shell.path, shell.told = tmp_path / "docs/labs/one.py", tmp_path / "told"
    shell.path.parent.mkdir(parents=True)
    shell.path.write_text(LAB)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(kernel, "importlib", SimpleNamespace(import_module=lambda name: shell.imported.append(name) or absent(name)))
    monkeypatch.setattr(kernel, "confine", lambda files: shell.confined.append((len(shell.imported), files)))
    monkeypatch.setattr(kernel, "declared", lambda path: {path, "and more"})
    monkeypatch.setattr(kernel, "state", {})
    monkeypatch.setattr(threading, "Timer", Clock)
    clocks.clear()
    with matplotlib.rc_context():
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
            kernel.begin(str(shell.path), str(shell.told), [5, 9, 20])
        yield shell


def absent(name):
    if name == "no_such_module":
        raise ImportError(name)


def told(shell):
    return json.loads(shell.told.read_text(encoding="utf-8"))


def visited(source="x = 1\ny = 2"):
    return kernel.Located().visit(ast.parse(source))


def test_kernel_is_confined_after_what_the_lab_imports_from_elsewhere_and_has_a_time_limit(shell):
    assert shell.imported == ["matplotlib_inline.backend_inline", "random", "no_such_module", "json.tool", "os.path"] and shell.confined == [(5, {shell.path, "and more"})]
    (clock,) = clocks
    assert (clock.seconds, clock.action, clock.running) == (run.TIME_LIMIT, kernel.give_up, True)
    assert [type(transformer) for transformer in shell.ast_transformers] == [kernel.Located] and not shell.told.exists()


def test_figures_look_like_those_of_a_page(shell):
    assert matplotlib.rcParams["axes.prop_cycle"].by_key()["color"] == [PALETTE[name] for name in ("forward", "backward", "third", "muted")]
    assert tuple(matplotlib.rcParams["figure.figsize"]) == (WIDTH, 3) and matplotlib.rcParams["svg.fonttype"] == "none"
    assert kernel.GREYS == {"#000000": INK, "#808080": MUTED, "#d3d3d3": GRID, "#ffffff": PAPER}
    formatters = shell.display_formatter.formatters
    assert formatters == {"image/png": {}, "image/svg+xml": {Figure: kernel.svg}, "text/markdown": {list: kernel.table}}


def test_statements_have_the_lines_of_the_lab_and_the_cell_is_told(shell):
    assert [node.lineno for node in visited().body] == [5, 6] and told(shell) == ["at", 5]
    assert [node.lineno for node in visited().body] == [9, 10] and told(shell) == ["at", 9]
    assert [node.lineno for node in visited().body] == [20, 21]
    assert [node.lineno for node in visited("kernel.end()").body] == [20]  # the cell after the last


def test_first_fault_is_told_with_its_message_and_line(shell):
    visited()
    (kinds, handler), = shell.raised
    assert kinds == (BaseException,)
    assert handler(shell, ZeroDivisionError, error_in(shell, 8), None, tb_offset=3) == ["ZeroDivisionError: division by zero"]
    assert told(shell) == ["fault", ["ZeroDivisionError: division by zero", "docs/labs/one.py", 8]]
    kernel.fault(ValueError("another, é"))
    kernel.tell("values", {})
    assert told(shell)[1][0] == "ZeroDivisionError: division by zero"


def error_in(shell, line):
    try:
        exec(compile("\n" * (line - 1) + "1 / 0", shell.path, "exec"))
    except ZeroDivisionError as error:
        return error


@pytest.mark.parametrize("line, shown", [(1, 9), (2, 2)])
def test_fault_without_a_place_is_of_the_cell_that_runs(shell, line, shown):
    assert kernel.at([]) == ("docs/labs/one.py", 1)  # ahead of the first cell
    visited(), visited()
    kernel.fault(error_in(shell, line))
    assert told(shell) == ["fault", ["ZeroDivisionError: division by zero", "docs/labs/one.py", shown]]
    assert kernel.at([]) == ("docs/labs/one.py", 9)


def test_fault_in_a_snippet_has_its_line(shell, monkeypatch):
    snippet = shell.path.parents[2] / "snippets/two.py"
    monkeypatch.setattr(run, "SNIPPETS", snippet.parent)
    assert kernel.at([SimpleNamespace(filename=str(snippet), lineno=1)]) == ("snippets/two.py", 1)


def test_values_are_told_at_the_end(shell):
    visited()
    shell.user_ns |= {"accuracy": 0.5, "hidden": 2, "_own": 3, "é": "é"}
    kernel.end()
    assert told(shell) == ["values", {"accuracy": 0.5, "é": "é"}]


@pytest.mark.parametrize("value, same", [
    (0.5, True), ("a", True), ([1, {"a": [0.5]}], True), ((1, 2), False), ({1: "one"}, False), ([abs, 1], False), (abs, True), (np.ones(2), False),
    (np.float64(0.5), False), ([(1, 2)], False),
])  # fmt: skip
def test_record_that_a_download_would_change_is_a_fault(shell, monkeypatch, value, same):
    shell.path.write_text("from snippets.tables.one import RECORD\nfrom snippets.one import f\nfrom . import x\n")
    monkeypatch.setitem(sys.modules, "snippets.tables.one", SimpleNamespace(RECORD=value))
    visited()
    kernel.end()
    wanted = "it is not of numbers, texts, lists and dicts alone"
    assert told(shell) == (["values", {}] if same else ["fault", [f"ValueError: RECORD of snippets.tables.one would be something else in the downloads: {wanted}", "docs/labs/one.py", 5]])


@pytest.mark.parametrize("ends", [kernel.end, visited])
def test_dice_of_the_shared_generator_are_a_fault_of_the_cell_that_threw_them(shell, ends):
    visited()
    before = random.getstate()
    random.random()
    ends()
    random.setstate(before)
    message = "ValueError: uses the global random state: pass a np.random.Generator with a seed, or random_state="
    assert told(shell) == ["fault", [message, "docs/labs/one.py", 5]]


def test_end_of_the_time_is_told_with_the_place_where_the_lab_is(shell, monkeypatch):
    ends = []
    monkeypatch.setattr(os, "_exit", ends.append)
    visited()
    exec(compile("\n\n\n\n\n\ngive_up()", shell.path, "exec"), {"give_up": kernel.give_up})
    assert told(shell) == ["fault", [run.LATE, "docs/labs/one.py", 7]] and ends == [1]
    shell.told.unlink()
    shell.told.mkdir()
    kernel.state["last"] = ""
    with pytest.raises(OSError):
        kernel.give_up()
    assert ends == [1, 1]


def drawn(width=WIDTH):
    figure = Figure(figsize=(width, 1))
    figure.subplots().plot([0, 1], color="#d3d3d3")
    return figure


def test_figure_is_that_of_a_page_and_takes_its_title_once(shell):
    for number in (1, 2):
        shell.user_ns |= {"TITLE": "A line", "DESCRIPTION": "It rises."}
        svg = kernel.svg(drawn())
        assert f'<title id="one-{number}-title">A line</title>' in svg and f'<desc id="one-{number}-desc">It rises.</desc>' in svg
        assert "var(--figure-grid)" in svg and "#d3d3d3" not in svg
        assert shell.user_ns == {} and not shell.told.exists()


@pytest.mark.parametrize("width, names, message", [
    (6.4, {"TITLE": "A", "DESCRIPTION": "B"}, "the figure is 6.4 inches wide: expected at most 4.6, or a phone cannot show it"),
    (4.6, {"DESCRIPTION": "B"}, "the figure has no TITLE: readers who do not see it need one"),
    (4.6, {"TITLE": "A"}, "the figure has no DESCRIPTION: readers who do not see it need one"),
])  # fmt: skip
def test_figure_that_no_page_could_show_is_a_fault_of_the_line_that_shows_it(shell, width, names, message):
    visited()
    shell.user_ns |= names
    with pytest.raises(ValueError):
        exec(compile("\n\n\n\n\n\nsvg(figure)", shell.path, "exec"), {"svg": kernel.svg, "figure": drawn(width)})
    assert told(shell) == ["fault", [f"ValueError: {message}", "docs/labs/one.py", 7]]


@pytest.mark.parametrize("rows", [[], [1, 2], [{"a": "1"}, 2], ["a"]])
def test_list_that_is_no_table_is_left_to_jupyter(shell, rows):
    assert kernel.table(rows) is None and not shell.told.exists()


def test_table_is_that_of_a_page(shell):
    assert kernel.table([{"a": "x", "b": 1}, {"a": "y", "b": 2}]) == "| a | b |\n| --- | ---: |\n| x | 1 |\n| y | 2 |"


@pytest.mark.parametrize("rows", [[{"a": "1"}, {"b": "1"}], [{"a": 0.5}], [{"a": "1"}, {"a": None}], [{"a": "1"}, {"a": "1", "b": "2"}]])
def test_table_with_gaps_or_floats_is_a_fault(shell, rows):
    with pytest.raises(ValueError):
        kernel.table(rows)
    message = "ValueError: a table is a list of dicts with the same keys, its cells strings, or the last digits would be shown"
    assert told(shell)[1][0] == message


def test_table_that_says_nan_is_a_fault(shell):
    with pytest.raises(ValueError):
        kernel.table([{"a": "nan"}])
    assert told(shell)[1][0].startswith("ValueError: `the table` holds nan")


def test_names_of_the_checkout_are_not_from_elsewhere():
    assert kernel.libraries(ROOT / "docs/labs/digits.py")[:2] == ["matplotlib.pyplot", "numpy"]
    assert not any("snippets" in name for name in kernel.libraries(ROOT / "docs/labs/digits.py"))
