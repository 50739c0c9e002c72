"""A smoke test in Firefox: formulas, figures, the search."""

import shutil

from browser import address, node, server  # noqa: F401
from conftest import missing


def test_pages_in_firefox(address):
    program = shutil.which("firefox-esr") or shutil.which("firefox") or missing("Firefox")
    [seen] = node("firefox.mjs", program, address)
    assert seen["complaints"] == [], seen["version"]
    assert len(seen["formulas"]) >= 2 and min(seen["formulas"]) > 15
    assert len(seen["figures"]) >= 3 and min(seen["figures"]) > 100
    assert seen["first"].startswith("core-idea.html#the-chain-rule")
