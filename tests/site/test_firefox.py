"""One page of each kind in Firefox, and the search."""

from browser import node, program

pytest_plugins = ["browser_fixtures"]


def test_pages_in_firefox(address, pages):
    [seen] = node("firefox.mjs", program("firefox-esr", "firefox"), address, *pages)
    assert seen["faults"] == [], "\n".join([seen["version"], *seen["faults"]])
    assert seen["formulas"] > 10 and seen["figures"] > 5
    assert seen["first"].startswith("core-idea.html#the-chain-rule")
