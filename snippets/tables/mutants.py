"""The record of the mutants, and whether it is of this very code."""

READS = ["snippets/recorded/mutants.json", "tests/mutants.toml", "snippets/**/*.py", "tests/*.py"]

import hashlib
import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
_record = json.loads(ROOT.joinpath(READS[0]).read_text(encoding="utf-8"))
_proofs = tomllib.loads(ROOT.joinpath(READS[1]).read_text(encoding="utf-8"))


def of_this_code(entry):
    """Whether the module and all its tests are still the files that were examined."""
    return all(digest(ROOT / path) == then for path, then in entry["files"].items())


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else None


def row(name, entries):
    mutants, tests, published = (sum(entry[key] for entry in entries) for key in ("mutants", "tests", "published"))
    survived = sum(len(entry["survived"]) for entry in entries)
    assert tests + published + survived == mutants, name
    fresh = sum(map(of_this_code, entries))
    return {
        "Modules": name,
        "Mutants": str(mutants),
        "Killed by tests": str(tests),
        "Killed first by the approved page": str(published),
        "Survived": str(survived),
        "Of this very code": f"{fresh} of {len(entries)} modules",
    }


def group(name):
    folder = name.split("/")[1:-1]
    return {"tables": "tables", "figures": "figures", "recorded": "recorded programs", "_weave": "machinery"}[folder[0]] if folder else "snippets"


MODULES = [row(f"`{name.removeprefix('snippets/')}`", [entry]) for name, entry in _record.items()]
for module, entry in zip(MODULES, _record.values()):
    module["Of this very code"] = "yes" if of_this_code(entry) else "no, of an earlier version"
_groups = sorted({group(name) for name in _record})
SUMMARY = [row(name, [entry for module, entry in _record.items() if group(module) == name]) for name in _groups]
SUMMARY.append(row("**all**", list(_record.values())))

mutants = sum(entry["mutants"] for entry in _record.values())
SURVIVORS = [
    {"Module": f"`{name.removeprefix('snippets/')}`", "Change": f"`` {key.split(' | ')[1]} ``", "Why nobody can notice": _proofs[name][key]}
    for name, entry in _record.items()
    for key in entry["survived"]
    if key in _proofs.get(name, {})
]
survived = sum(len(entry["survived"]) for entry in _record.values())
score = 1 - survived / mutants
modules, fresh = len(_record), sum(map(of_this_code, _record.values()))
