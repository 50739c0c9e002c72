"""The record of the mutants: how many of each snippet were killed, and why the others survive."""

import json
from pathlib import Path

LEAST = 0.98
_record = json.loads((Path(__file__).parents[1] / "recorded" / "mutants.json").read_text("utf-8"))


def row(module, entries):
    survivors = sum(len(entry["survivors"]) for entry in entries)
    mutants, killed = (sum(entry[key] for entry in entries) for key in ("mutants", "killed"))
    assert killed + survivors == mutants, module
    return {
        "Module": module,
        "Mutants": str(mutants),
        "Killed": str(killed),
        "Survivors": str(survivors),
    }


MODULES = [row(f"`{stem}.py`", [entry]) for stem, entry in _record.items()]
MODULES.append(row("**all**", list(_record.values())))

SURVIVORS = [
    {"Module": f"`{stem}.py`", "Mutant": f"`` {name} ``", "Why it survives": reason}
    for stem, entry in _record.items()
    for name, reason in entry["survivors"].items()
]
assert all(row["Why it survives"] for row in SURVIVORS)

mutants = sum(entry["mutants"] for entry in _record.values())
score = sum(entry["killed"] for entry in _record.values()) / mutants
assert score >= LEAST
