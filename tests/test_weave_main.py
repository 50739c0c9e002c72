"""The machinery without MkDocs: what runs, what is kept, what is told, and what a page may say of the build."""

import platform
import runpy
import sys
from importlib.metadata import version
from types import SimpleNamespace

import pytest

from snippets import _weave
from snippets._weave import WeaveError, WeaveErrors, chapter, modules, notebook, run, source
from snippets._weave import __main__ as main

FILES = {
    "snippets/__init__.py": "",
    "snippets/one.py": '"""One."""\n\nloss = 0.25\n',
    "snippets/tables/two.py": "from snippets.one import loss\n",
    "docs/index.md": "---\nten: words that are no prose of the page, none\n---\n# Stärt it\n\nThe loss is {{ one.loss:.2f }}, or $x^{two}$, and 3 more.\n\n"
    "{{ figure many words }}\n\n$$\nalso words\n$$\n\na bc\n",
    "docs/deep/next.md": "# Next\n\nOne word.\n",
}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A checkout of two modules and two chapters, for which the machinery takes its own to be; and nothing runs."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for module in (_weave, main, modules, chapter, run, source):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(notebook, "LABS", tmp_path / "docs/labs")  # there is none: test_labs.py has one
    monkeypatch.setattr(modules, "STORE", tmp_path / ".cache/weave")
    monkeypatch.setattr(modules, "TEMPLATES", tmp_path / ".cache/jinja")
    return tmp_path


@pytest.fixture
def ran(root, monkeypatch):
    """What seems to have run: a list of the modules of each run, with the results and faults that it brings."""
    ran = SimpleNamespace(names=[], faults=[], false=[], meanwhile=lambda: None)

    def seeming(paths):
        assert all(path.is_file() for path in paths.values())
        ran.names.append(sorted(paths))
        ran.meanwhile()
        results = {name: {"values": {"loss": 0.25}, "false": ran.false * (name == "snippets.one")} for name in paths}
        return {name: result for name, result in results.items() if not (ran.faults and name == "snippets.one")}, ran.faults

    monkeypatch.setattr(main, "run", seeming)
    monkeypatch.setattr(run, "run", seeming)
    return ran


BOTH = ["snippets.one", "snippets.tables.two"]


def test_only_what_is_stale_runs(root, ran):
    results, false = main.update()
    assert results.keys() == {*BOTH, "snippets.build"} and results["snippets.one"] == {"values": {"loss": 0.25}, "false": []} and false == []
    assert main.update()[0] == results and ran.names == [BOTH]
    (root / "snippets/tables/two.py").write_text("changed = 1\n")
    assert main.update()[0] == results and ran.names == [BOTH, ["snippets.tables.two"]]


def test_module_that_was_edited_while_it_ran_runs_again(root, ran):
    ran.meanwhile = lambda: (root / "snippets/tables/two.py").write_text("changed = 1\n")
    main.update()
    main.update()
    assert ran.names == [BOTH, ["snippets.tables.two"]]


def test_results_of_modules_that_are_gone_and_what_killed_builds_left_are_removed(root, ran):
    main.update()
    (root / "snippets/tables/two.py").unlink()
    left = [root / ".cache" / folder / f".x.{2**22 + 1}" for folder in ("weave", "jinja")]
    left[1].parent.mkdir()
    for path in left:
        path.write_text("half")
    assert main.update()[0].keys() == {"snippets.one", "snippets.build"}
    assert [path.name for path in (root / ".cache/weave").iterdir()] == ["snippets.one.json"] and not left[1].exists()


CLAIM = ["AssertionError: 1 > 2", "snippets/one.py", 7]


def test_claim_that_is_false_is_told_also_when_nothing_ran(root, ran):
    ran.false = [CLAIM]
    for _ in range(2):
        results, false = main.update()
        assert [str(error) for error in false] == ["snippets/one.py:7: AssertionError: 1 > 2"] and results.keys() == {*BOTH, "snippets.build"}
    assert len(ran.names) == 1


def test_module_without_a_result_is_an_error_and_told_with_the_false_claims(root, ran):
    ran.false = [CLAIM]
    main.update()
    (root / "snippets/tables/two.py").write_text("changed = 1\n")
    ran.faults, ran.false = [WeaveError("broke", "snippets/tables/two.py", 3)], []
    with pytest.raises(WeaveErrors) as error:
        main.update()
    assert str(error.value) == "snippets/tables/two.py:3: broke\nsnippets/one.py:7: AssertionError: 1 > 2"


def test_python_without_asserts_is_refused(root, ran, monkeypatch):
    monkeypatch.setattr(sys, "flags", SimpleNamespace(optimize=1))
    with pytest.raises(WeaveError) as error:
        main.update()
    assert str(error.value) == "python:1: Python leaves out every assert (-O or PYTHONOPTIMIZE), and so every claim"
    assert ran.names == []


def test_a_page_may_say_how_long_it_takes_to_read_and_what_it_was_built_with(root, ran):
    """Two minutes are 460 words; of the twelve of these chapters nine are in the first."""
    text = root / "docs/index.md"
    text.write_text(text.read_text(encoding="utf-8") + "wörd " * (460 - 12 - 115) + "\n", encoding="utf-8")
    versions = {"python": platform.python_version(), "numpy": version("numpy"), "matplotlib": version("matplotlib")}
    assert main.about_the_build() == versions | {"minutes": 2}
    (root / "docs/deep/next.md").write_text("One word and two. " * 150)
    assert main.about_the_build() == versions | {"minutes": 4}
    assert main.update()[0]["snippets.build"] == {"values": versions | {"minutes": 4}}


RESULTS = {"snippets.one": {"values": {"loss": 0.25}}}


def test_chapters_are_woven_by_path(root):
    (root / "docs/index.md").write_text("Löss {{ one.loss:.1f }}\n", encoding="utf-8")
    woven = main.check(RESULTS)
    page = woven.pop(root / "docs/snippets/one.md")
    assert woven.pop(root / "docs/snippets/one.py") == (root / "snippets/one.py").read_text()
    assert woven == {root / "docs/index.md": "Löss 0.2\n", root / "docs/deep/next.md": "# Next\n\nOne word.\n"}
    assert "# one.py\n" in page and "loss = 0.25\n```" in page and "{{ file" not in page


def test_every_fault_of_every_chapter_is_told(root):
    (root / "docs/index.md").write_text("{{ one.loss }}\n{{ one.lost }}\n")
    (root / "docs/deep/next.md").write_text("\n$x\n")
    with pytest.raises(WeaveErrors) as error:
        main.check(RESULTS)
    assert [line.split(" ")[0] for line in str(error.value).split("\n")] == ["docs/deep/next.md:2:", "docs/index.md:1:", "docs/index.md:2:"]


def test_fault_of_a_snippets_page_is_told_with_its_file(root):
    (root / "snippets/one.py").write_text('"""It costs $5."""\n\nloss = 0.25\n')
    (root / "docs/index.md").write_text("Words.\n")
    with pytest.raises(WeaveErrors, match="^snippets/one.py:[0-9]+: a lone "):
        main.check(RESULTS)


def command(*arguments, monkeypatch):
    """`python -m snippets._weave` in this process: what it says at its end, or None."""
    monkeypatch.setattr(sys, "argv", ["__main__.py", *map(str, arguments)])
    monkeypatch.delitem(sys.modules, "snippets._weave.__main__", raising=False)
    try:
        runpy.run_module("snippets._weave", run_name="__main__")
    except SystemExit as end:
        return end.code


def test_command_writes_the_woven_chapters(root, ran, monkeypatch):
    (root / "docs/index.md").write_text("{{ one.loss:.2f }}\n")
    assert command(root / "wöven", monkeypatch=monkeypatch) is None
    assert {path.relative_to(root / "wöven").as_posix() for path in (root / "wöven").rglob("*.md")} == {"index.md", "deep/next.md", "snippets/one.md"}
    assert (root / "wöven/index.md").read_text() == "0.25\n"
    files = {path for path in root.rglob("*") if path.is_file()}
    assert command(monkeypatch=monkeypatch) is None
    assert {path for path in root.rglob("*") if path.is_file()} == files


@pytest.mark.parametrize("false, text, message", [
    ([], "\n{{ one.loss }}\n", "docs/index.md:2: `one.loss` is a float and needs a format, such as `one.loss:.3f`"),
    ([CLAIM], "fine\n", "snippets/one.py:7: AssertionError: 1 > 2"),
])  # fmt: skip
def test_command_tells_what_is_wrong_and_writes_nothing(root, ran, monkeypatch, false, text, message):
    ran.false = false
    (root / "docs/index.md").write_text(text)
    assert command(root / "woven", monkeypatch=monkeypatch) == message
    assert not (root / "woven").exists()


def test_command_tells_that_it_cannot_write(root, ran, monkeypatch):
    (root / "docs/index.md").write_text("fine\n")
    (root / "woven").write_text("a file")
    assert str(root / "woven") in command(root / "woven", monkeypatch=monkeypatch)


LAB = "# %% [markdown]\n# # A löb\n#\n# It is {{ x:.1f }}.\n\n# %%\n# pip install numpy\nx = 0.5\n"
SVG = '<svg><title id="x">A line</title><desc>It rises.</desc></svg>'


@pytest.fixture
def labs(root, monkeypatch):
    """Two labs beside the chapters, with their results."""
    monkeypatch.setattr(notebook, "ROOT", root)
    (root / "docs/labs").mkdir()
    for name in ("b", "a"):
        (root / f"docs/labs/{name}.py").write_text(LAB, encoding="utf-8")
    (root / "docs/index.md").write_text("# Start\n")
    (root / "docs/labs/words.txt").write_text("no lab")
    return {f"docs.labs.{name}": {"values": {"x": 0.5}, "outputs": {"7": [["figure", SVG]]}, "false": []} for name in "ab"}


def test_figures_of_labs_are_among_the_results(root, ran, labs, monkeypatch):
    monkeypatch.setattr(main, "run", lambda paths: ({name: labs.get(name, {"values": {"loss": 0.25}, "false": []}) for name in paths}, []))
    results, _ = main.update()
    assert results.keys() == {*BOTH, *labs, "snippets.build", "snippets.figures.a-1", "snippets.figures.b-1"}
    assert results["snippets.figures.a-1"] == {"values": {"TITLE": "A line"}, "svg": SVG}


def test_labs_are_woven_with_their_downloads(root, labs):
    results = RESULTS | labs | {f"snippets.figures.{name}-1": {"values": {"TITLE": "A line"}, "svg": SVG} for name in "ab"}
    woven = main.check(results)
    assert {path.relative_to(root / "docs/labs").name for path in woven if path.parent.name == "labs"} == {"a.md", "a.py", "a.ipynb", "b.md", "b.py", "b.ipynb"}
    page = woven[root / "docs/labs/a.md"]
    assert "It is 0.5." in page and "<figcaption>A line</figcaption>" in page and woven[root / "docs/labs/a.py"].endswith("x = 0.5\n")


def test_every_fault_of_every_lab_is_told_ahead_of_those_of_the_chapters(root, labs):
    (root / "docs/labs/a.py").write_text(LAB.replace("x:.1f", "y:.1f"))
    (root / "docs/index.md").write_text("{{ one.loss }}\n")
    labs["docs.labs.b"]["outputs"]["7"] = [["text", "nan"]]
    with pytest.raises(WeaveErrors) as error:
        main.check(RESULTS | labs)
    assert [line.split(" ")[0] for line in str(error.value).split("\n")] == ["docs/labs/a.py:4:", "docs/labs/b.py:7:", "docs/index.md:1:"]
