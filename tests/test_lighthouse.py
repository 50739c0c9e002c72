"""Lighthouse on every page, as a phone and as a desktop computer. `.ci/run` runs it alone: what runs beside it would count as slowness."""

import json
import os

from browser import address, chromium, from_npm, names, node, server  # noqa: F401
from conftest import ROOT

REPORT = ROOT / ".cache" / "screenshots" / "lighthouse.json"  # CI keeps it


def test_lighthouse_gives_100_for_everything(address, site, names):
    """All pages in CI; on a reader's machine the one with the most in it, where a fault shows first."""
    from_npm("lighthouse")
    chosen = names if os.environ.get("CI") or os.environ.get("ALL_PAGES") else [max(names, key=lambda name: (site / name).stat().st_size)]
    results = node("lighthouse.mjs", chromium(), address, *chosen)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(results, indent=1), encoding="utf-8")
    assert sorted((result["name"], result["form"]) for result in results) == sorted((name, form) for name in chosen for form in ("phone", "desktop"))
    found = [f"{name}, {form}: {json.dumps(scores)}: {json.dumps(faults)}" for name, form, scores, faults in
             ((result["name"], result["form"], result["scores"], result["faults"]) for result in results) if set(scores.values()) != {100}]  # fmt: skip
    assert found == [], "\n".join(found)
    assert all(len(result["scores"]) == 4 for result in results)
