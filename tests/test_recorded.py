"""The recorded programs, run for real where the frameworks are installed: the record still says what they do."""

import json

import pytest
from conftest import ROOT, needs

RECORD = json.loads((ROOT / "snippets/recorded/pytorch.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run():
    needs("torch")
    from snippets.recorded.__main__ import record_pytorch

    return record_pytorch()


def test_pytorch_prints_what_the_page_shows(run):
    assert run["printed"] == RECORD["printed"]


def test_pytorch_has_the_recorded_version(run):
    assert run["versions"]["torch"] == RECORD["versions"]["torch"] == "2.13.0"


@pytest.mark.parametrize("kind", ["parameters", "gradients"])
def test_pytorch_computes_what_is_recorded(run, kind):
    for name, values in RECORD[kind].items():
        assert flat(run[kind][name]) == pytest.approx(flat(values), rel=1e-6), name


def test_all_relus_start_dead_as_often_as_recorded(run):
    assert (run["dead"], run["draws"]) == (RECORD["dead"], RECORD["draws"])


def flat(values):
    return [number for value in values for number in (flat(value) if isinstance(value, list) else [value])]
