"""Lighthouse in Chromium, and a smoke test in Firefox: both are driven from Node."""

import json
import os
import shutil
import subprocess

from browser import NODE, address, chromium, from_npm, names, server  # noqa: F401
from conftest import ROOT, missing


def node(script, *arguments):
    """What a script in tests/ prints; it finds its packages in the folder it is run in, and so comes through a pipe."""
    program = shutil.which("node") or missing("Node.js")
    from_npm("puppeteer-core")
    text = (ROOT / "tests" / script).read_text(encoding="utf-8")
    process = subprocess.run([program, "--input-type=module", "-", *arguments], input=text, cwd=NODE, text=True, capture_output=True, timeout=3000)
    assert process.returncode == 0, process.stderr
    return [json.loads(line) for line in process.stdout.splitlines()]


def test_lighthouse_gives_100_for_everything(address, site, names):
    """All pages in CI; on a reader's machine the one with the most in it, where a fault shows first."""
    from_npm("lighthouse")
    chosen = names if os.environ.get("CI") or os.environ.get("ALL_PAGES") else [max(names, key=lambda name: (site / name).stat().st_size)]
    results = node("lighthouse.mjs", chromium(), address, *chosen)
    (ROOT / ".cache" / "lighthouse.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    assert sorted((result["name"], result["form"]) for result in results) == sorted((name, form) for name in chosen for form in ("phone", "desktop"))
    found = [f"{name}, {form}: {json.dumps(scores)}: {json.dumps(faults)}" for name, form, scores, faults in
             ((result["name"], result["form"], result["scores"], result["faults"]) for result in results) if set(scores.values()) != {100}]  # fmt: skip
    assert found == [], "\n".join(found)
    assert all(len(result["scores"]) == 4 for result in results)


def test_pages_in_firefox(address):
    program = shutil.which("firefox-esr") or shutil.which("firefox") or missing("Firefox")
    [seen] = node("firefox.mjs", program, address)
    assert seen["complaints"] == [], seen["version"]
    assert len(seen["formulas"]) >= 2 and min(seen["formulas"]) > 15
    assert len(seen["figures"]) >= 3 and min(seen["figures"]) > 100
    assert seen["first"].startswith("core-idea.html#the-chain-rule")
