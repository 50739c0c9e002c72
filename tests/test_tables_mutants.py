"""The table of the mutants, made of a record of three modules."""

import hashlib
import json
import runpy
import shutil

import pytest
from conftest import ROOT

RECORD = {
    "snippets/a.py": {"mutants": 10, "tests": 8, "published": 0, "survived": ["x = a + b | a + b -> a - b", "y | 1 -> 2"]},
    "snippets/b.py": {"mutants": 1000, "tests": 1000, "published": 0, "survived": []},
    "snippets/_weave/c.py": {"mutants": 7, "tests": 7, "published": 0, "survived": []},
    "snippets/tables/a.py": {"mutants": 20, "tests": 5, "published": 15, "survived": []},
    "snippets/figures/a.py": {"mutants": 3, "tests": 0, "published": 3, "survived": []},
    "snippets/recorded/d.py": {"mutants": 2, "tests": 1, "published": 0, "survived": ["z | 2 -> 3"]},
}
PROOFS = '["snippets/a.py"]\n"x = a + b | a + b -> a - b" = "Ällowed."\n["snippets/recorded/d.py"]\n"z | 2 -> 3" = "No."\n'


@pytest.fixture
def table(tmp_path):
    """A function that makes the table of a record, changed by what it is given."""
    for name in ("snippets/tables", "snippets/recorded", "snippets/_weave", "snippets/figures", "tests"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(ROOT / "snippets/tables/mutants.py", tmp_path / "snippets/tables")
    (tmp_path / "tests/mutants.toml").write_text(PROOFS, encoding="utf-8")

    def make(**changes):
        record = {name: {"files": {name: hashlib.sha256(name.encode()).hexdigest()[:16]}} | entry for name, entry in RECORD.items()}
        for name in record:
            (tmp_path / name).write_text(name)
        record["snippets/b.py"]["files"]["tests/gone.py"] = "0" * 16
        record["snippets/a.py"] |= changes
        (tmp_path / "snippets/recorded/mutants.json").write_text(json.dumps(record), encoding="utf-8")
        return runpy.run_path(str(tmp_path / "snippets/tables/mutants.py"))

    return make


def test_groups_have_the_sums_of_their_modules_and_the_last_row_has_all(table):
    heads = ["Modules", "Mutants", "Killed by tests", "Killed first by the approved page", "Survived", "Of this very code"]
    assert [list(row.values()) for row in table()["SUMMARY"]] == [
        ["figures", "3", "0", "3", "0", "1 of 1 modules"],
        ["machinery", "7", "7", "0", "0", "1 of 1 modules"],
        ["recorded programs", "2", "1", "0", "1", "1 of 1 modules"],
        ["snippets", "1010", "1008", "0", "2", "1 of 2 modules"],
        ["tables", "20", "5", "15", "0", "1 of 1 modules"],
        ["**all**", "1042", "1021", "18", "3", "5 of 6 modules"],
    ]
    assert all(list(row) == heads for row in table()["SUMMARY"])


def test_each_module_has_a_row_that_says_whether_it_is_of_this_code(table):
    made = table()["MODULES"]
    assert [row["Modules"] for row in made] == ["`a.py`", "`b.py`", "`_weave/c.py`", "`tables/a.py`", "`figures/a.py`", "`recorded/d.py`"]
    assert [row["Of this very code"] for row in made] == ["yes", "no, of an earlier version", *4 * ["yes"]]
    assert made[0] == {"Modules": "`a.py`", "Mutants": "10", "Killed by tests": "8", "Killed first by the approved page": "0", "Survived": "2", "Of this very code": "yes"}


def test_module_that_changed_is_told(table):
    made = table(files={"snippets/a.py": "f" * 16})
    assert [row["Of this very code"] for row in made["MODULES"]][:2] == 2 * ["no, of an earlier version"] and made["fresh"] == 4


def test_survivors_that_somebody_explained_stand_with_their_change(table):
    assert table()["SURVIVORS"] == [
        {"Module": "`a.py`", "Change": "`` a + b -> a - b ``", "Why nobody can notice": "Ällowed."},
        {"Module": "`recorded/d.py`", "Change": "`` 2 -> 3 ``", "Why nobody can notice": "No."},
    ]


def test_numbers_of_the_page(table):
    made = table()
    assert {name: made[name] for name in ("mutants", "survived", "modules", "fresh")} == {"mutants": 1042, "survived": 3, "modules": 6, "fresh": 5}
    assert made["score"] == 1039 / 1042


def test_counts_that_do_not_add_up_stop_the_build(table):
    with pytest.raises(AssertionError):
        table(tests=9)


def test_all_that_it_reads_is_named(table):
    assert table()["READS"] == ["snippets/recorded/mutants.json", "tests/mutants.toml", "snippets/**/*.py", "tests/*.py"]
