"""The record of the mutants: complete, explained, and true; and the command that makes it."""

import ast
import contextlib
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

pytest.importorskip("resource", reason="Windows cannot fork")
import mutants
from conftest import ROOT

RECORD = json.loads(mutants.RECORD.read_text(encoding="utf-8"))
PROOFS = mutants.explained()
STALE = mutants.changed(RECORD)
EVERY = mutants.modules()
CI = bool(os.environ.get("CI"))


# The record


def test_record_knows_every_module_that_has_something_to_break():
    assert sorted(RECORD) == sorted(EVERY)


@pytest.mark.parametrize("name", RECORD)
def test_every_survivor_is_explained_and_nothing_else(name):
    assert set(RECORD[name]["survived"]) == PROOFS.get(name, {}).keys()


def test_no_explanation_is_of_code_that_is_gone():
    assert list(mutants.stale_proofs()) == []


def test_explanations_are_sentences():
    assert all(len(proof) > 15 and proof[-1] == "." for proofs in PROOFS.values() for proof in proofs.values())


def test_at_least_98_of_100_are_killed():
    survived, every = (sum(counts) for counts in zip(*((len(entry["survived"]), entry["mutants"]) for entry in RECORD.values())))
    assert every > 3000 and survived <= 0.02 * every


def test_counts_of_a_module_that_did_not_change_are_its_mutants():
    for name in RECORD.keys() - STALE:
        keys = [key for key, _ in mutants.mutants((ROOT / name).read_text(encoding="utf-8"))]
        entry = RECORD[name]
        assert entry["mutants"] == len(keys) == entry["tests"] + entry["published"] + len(entry["survived"])
        assert set(entry["survived"]) <= set(keys), name


def test_sample_of_what_is_recorded_ends_as_recorded():
    """Chosen by the record itself: another one with each that is committed. The programs of other frameworks only in CI, which has those."""
    names = [name for name in RECORD if name not in STALE and (CI or "/recorded/" not in name)]
    ends = mutants.sample(30 if CI else 2, mutants.RECORD.read_bytes(), names)
    assert [end for end in ends if end[2] != (end[1] in RECORD[end[0]]["survived"])] == []


def test_what_changed_since_it_was_recorded_has_no_survivor_that_is_not_explained():
    """Of all that changed, or whose tests did: in CI all mutants up to a few hundred, elsewhere two."""
    names = [name for name in STALE if name in RECORD and (CI or "/recorded/" not in name)]
    ends = mutants.sample(400 if CI else 2, mutants.RECORD.read_bytes(), names)
    assert [(name, key) for name, key, survived in ends if survived and key not in PROOFS.get(name, {})] == []


# What can be broken


@pytest.mark.parametrize("source, broken", {
    "a + b": ["a - b"], "a - b": ["a + b"], "a * b": ["a / b"], "a / b": ["a * b"], "a // b": ["a * b"], "a % b": ["a * b"], "a ** b": ["a * b"],
    "a & b": ["a | b"], "a | b": ["a & b"], "a @ b": ["b @ a"], "a and b": ["a or b"], "a or b": ["a and b"],
    "-a": ["a"], "not a": ["a"], "a.T": ["a"], "a[i]": ["a[i - 1]"], "a += b": ["a -= b"], "a -= b": ["a += b"],
    "a < b": ["a <= b", "a >= b"], "a <= b": ["a < b", "a > b"], "a > b": ["a >= b", "a <= b"], "a >= b": ["a > b", "a < b"],
    "a == b": ["a != b"], "a != b": ["a == b"], "a in b": ["a not in b"], "a not in b": ["a in b"], "a is b": ["a is not b"], "a is not b": ["a is b"],
    "a < b < c": ["a <= b < c", "a >= b < c"], "f(axis=0)": ["f(axis=1)"], "x = 1.0": ["x = 1.1"], "x = 0.0": ["x = 1.0"], "x = True": ["x = False"],
    "x = 'a'": ["x = 'Xa'"], "x = None": [], "x = b'a'": [], "f(x)": [], "a.b": [], "a[i] = x": [], "a << b": [],
    "assert a + 1 < b": [], "f'{a + b:.2f} is'": ["f'{a - b:.2f} is'"], "def f():\n    'Words.'\n    return a": [],
    "\"\"\"Words.\"\"\"\nx = 'a'": ["\"\"\"Words.\"\"\"\nx = 'Xa'"],
}.items())  # fmt: skip
def test_operator_is_broken_in_each_way(source, broken):
    assert [make() for _, make in mutants.mutants(source)] == broken


def test_key_tells_the_line_the_change_and_which_of_several():
    source = "x = [0, 0]\ny = 0  # zero\n\nz = 0\nx = [0, 0]"
    keys = [key for key, _ in mutants.mutants(source)]
    assert sorted(keys) == sorted(["y = 0  # zero | 0 -> 1", "z = 0 | 0 -> 1", *(f"x = [0, 0] | 0 -> 1{which}" for which in ("", " | 2", " | 3", " | 4"))])


def test_keys_are_unique_and_each_mutant_is_another_program():
    for name, path in EVERY.items():
        source = path.read_text(encoding="utf-8")
        keys = [key for key, _ in mutants.mutants(source)]
        assert len(keys) == len(set(keys)), name
    whole = ast.unparse(ast.parse(source))
    texts = [make() for _, make in mutants.mutants(source)]
    assert whole not in texts and len(set(texts)) == len(texts)


# How it ends


TINY = "def count(n):\n    i, unused = 0, 7\n    while i < n:\n        i += 1\n    return i\n"
TEST = "import tiny\n\n\ndef test_count():\n    assert tiny.count(3) == 3 and tiny.count(0) == 0\n"
PROGRAM = """
import json, os, sys
from pathlib import Path
from tests import mutants
mutants.CHECKOUT = Path(sys.argv[1])
sys.path.insert(0, os.getcwd())
os.chdir(sys.argv[1])
sys.path.insert(0, sys.argv[1])
mutants.pytest.main([*mutants.OPTIONS, "--collect-only", "tests"])  # loads what pytest loads
mutants.remember()
mutants.stages = lambda name: [("tests", ["tests/test_tiny.py"])]
source = (mutants.CHECKOUT / "tiny.py").read_text()
ends = {key: mutants.attempt("tiny.py", make(), 10) for key, make in mutants.mutants(source)}
print(json.dumps(ends | {"unbroken": mutants.attempt("tiny.py", source, 60)}))
"""


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    """How each mutant of a tiny module ends, and after how many seconds."""
    folder = tmp_path_factory.mktemp("tiny") / "checkout"
    (folder / "tests").mkdir(parents=True)
    (folder / "tiny.py").write_text(TINY)
    (folder / "tests/test_tiny.py").write_text(TEST)
    process = subprocess.run([sys.executable, "-c", PROGRAM, folder], cwd=ROOT, text=True, capture_output=True)
    assert process.returncode == 0, process.stderr
    assert (folder / "tiny.py").read_text() == TINY
    return json.loads(process.stdout.splitlines()[-1])


def test_mutants_are_killed_survive_and_run_out_of_time(ends):
    assert {key: how for key, (how, _) in ends.items()} == {
        "unbroken": "survived",
        "i, unused = 0, 7 | 7 -> 8": "survived",
        "i, unused = 0, 7 | 0 -> 1": "tests",
        "while i < n: | i < n -> i <= n": "tests",
        "while i < n: | i < n -> i >= n": "tests",
        "i += 1 | i += 1 -> i -= 1": "tests",
        "i += 1 | 1 -> 2": "tests",
    }
    assert ends["i += 1 | i += 1 -> i -= 1"][1] >= 10 > ends["i += 1 | 1 -> 2"][1]  # that one never ends


# The command


def test_each_module_of_the_machinery_is_examined_by_tests_of_its_own():
    for name in EVERY:
        assert mutants.stages(name) and all((ROOT / path.split("::")[0]).is_file() for _, arguments in mutants.stages(name) for path in arguments if ".py" in path), name
        assert name in mutants.files(name) and len(mutants.files(name)) >= 3, name


ENTRY = {"files": {}, "mutants": 3, "tests": 1, "published": 0, "survived": ["a | b", "c | d"]}


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A record of its own, in which `losses.py` is up to date; examining a module brings `ENTRY`."""
    monkeypatch.setattr(mutants, "RECORD", tmp_path / "mutants.json")
    monkeypatch.setattr(mutants, "EXPLAINED", tmp_path / "mutants.toml")
    every = {name: EVERY[name] for name in ("snippets/losses.py", "snippets/process.py")}
    monkeypatch.setattr(mutants, "modules", lambda: every)
    monkeypatch.setattr(mutants, "examine", lambda names, record: ((name, ENTRY) for name in names))
    mutants.EXPLAINED.write_text('["snippets/process.py"]\n"a | b" = "Nobody can tell."\n')
    mutants.RECORD.write_text(json.dumps({"snippets/losses.py": {"files": mutants.files("snippets/losses.py")}, "snippets/gone.py": {}}))
    return mutants.RECORD


def test_command_examines_what_changed_and_tells_survivors_and_stale_proofs(record, capsys):
    assert mutants.main([]) == "1 mutants survive, and nobody has said why"
    assert capsys.readouterr().out == (
        "snippets/process.py: 3 mutants, killed by tests 1, by what is published 0, survived 2, unexplained 1\n    c | d\n"
        "explained, and no longer in the code: snippets/process.py: a | b\n"
    )
    now = json.loads(record.read_text())
    assert list(now) == ["snippets/losses.py", "snippets/process.py"] and now["snippets/process.py"] == ENTRY


def test_command_examines_what_it_is_told_to(record, capsys):
    mutants.EXPLAINED.write_text('["snippets/losses.py"]\n"a | b" = "Nobody can tell."\n"c | d" = "Nobody can tell."\n["gone.py"]\n"e | f" = "x"\n')
    assert mutants.main(["snippets/losses.py"]) == 0
    assert "unexplained 0\nexplained, and no longer" in (told := capsys.readouterr().out) and told.endswith("gone.py: e | f\n")


def test_command_refuses_what_has_nothing_to_break(record, capsys):
    with pytest.raises(SystemExit) as end:
        mutants.main(["snippets/los.py"])
    assert end.value.code == 2 and "there is nothing to break in snippets/los.py" in capsys.readouterr().err


def test_module_is_stale_when_it_or_a_test_of_it_changes(record, monkeypatch):
    recorded = {name: {"files": mutants.files(name)} for name in mutants.modules()}
    assert mutants.changed(recorded) == []
    recorded["snippets/process.py"]["files"]["tests/test_process.py"] = "another"
    assert mutants.changed(recorded) == ["snippets/process.py"]
    assert mutants.changed({}) == ["snippets/losses.py", "snippets/process.py"]


@pytest.mark.parametrize("then, examined", [
    ({}, 3), ({"snippets/tiny.py": "1", "tests/a.py": "1", "tests/b.py": "1"}, 3), ({"snippets/tiny.py": "1", "tests/a.py": "0"}, 3),
    ({"snippets/tiny.py": "1", "tests/a.py": "1"}, 1), ({"snippets/tiny.py": "0"}, 3),
])  # fmt: skip
def test_only_survivors_are_examined_again_where_nothing_but_tests_was_added(tmp_path, monkeypatch, then, examined):
    """Of `x = 1 + 2` two die by tests, one by what is published: whatever ran, the record has all three."""
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets/tiny.py").write_text("x = 1 + 2\n")
    ran = []

    def submit(attempt, name, text, limit):
        ran.append(text)
        how = {"x = 1 + 2": "survived", "x = 1 - 2": "published"}.get(text, "tests")
        return SimpleNamespace(result=lambda: (how, 0.5))

    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "files", lambda name: {"snippets/tiny.py": "1", "tests/a.py": "1", "tests/b.py": "1"})
    monkeypatch.setattr(mutants, "workers", lambda: contextlib.nullcontext(SimpleNamespace(submit=submit)))
    entry = {"files": then, "mutants": 3, "tests": 2, "published": 0, "survived": ["x = 1 + 2 | 1 + 2 -> 1 - 2"]}
    (_, now), = mutants.examine(["snippets/tiny.py"], {"snippets/tiny.py": entry} if then else {})
    assert len(ran) == 1 + examined and ran[0] == "x = 1 + 2"
    assert now == {"files": mutants.files(""), "mutants": 3, "tests": 2, "published": 1, "survived": []}
