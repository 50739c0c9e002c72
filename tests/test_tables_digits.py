"""What the lab of the digits takes from the record."""

import json

from conftest import ROOT

from snippets.tables import digits


def test_usual_runs_are_taken_at_their_end():
    record = json.loads((ROOT / "snippets/recorded/digits.json").read_text(encoding="utf-8"))
    assert digits.pytorch_usual_run == [epochs[len(epochs) - 1] for epochs in record["usual_run"]]
    assert digits.pytorch_same_run == record["same_run"] and digits.pytorch_version == record["versions"]["torch"]
    assert digits.READS == ["snippets/recorded/digits.json"]
