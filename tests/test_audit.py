"""Audits of every page of the built site, by axe and by the W3C's checker."""

import json
import re
import shutil
import subprocess

import pytest
from browser import SCHEMES, WIDTHS, address, browser, from_npm, names, opened, server  # noqa: F401
from conftest import missing

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = """async ([rules, part]) => {
  const found = await axe.run(part ?? document, {runOnly: rules, resultTypes: ['violations']})
  return found.violations.flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`))
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser, address, names, width, scheme):
    axe = from_npm("axe-core/axe.min.js")
    found = []
    with opened(browser, width, scheme) as page:
        for name in names:
            page.goto(address + name)
            page.add_script_tag(path=axe)
            page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
            audit(page, name, None, found)
            for tab in range(1, page.evaluate("Math.max(0, ...[...document.querySelectorAll('.tabbed-set')].map(set => set.querySelectorAll(':scope > input').length))")):
                page.evaluate("tab => document.querySelectorAll('.tabbed-set').forEach(set => set.querySelectorAll(':scope > input')[tab]?.click())", tab)
                audit(page, f"{name}, tab {tab}", ".tabbed-set", found)
            if width < 1000:
                page.locator("button.menu").click()
                page.locator("#contents").wait_for()
                audit(page, f"{name}, drawer", None, found)
    assert found == [], "\n".join(found)


def audit(page, name, part, found):
    found += [f"{name}: {violation}" for violation in page.evaluate(VIOLATIONS, [RULES, part])]


MATERIAL = r'id="__(drawer|search)" autocomplete="off"'  # stands in no template that can be overridden


def test_html_is_valid(site, names):
    java = shutil.which("java") or missing("Java")
    jar = from_npm("vnu-jar/build/dist/vnu.jar")
    process = subprocess.run([java, "-jar", jar, "--format", "json", "--exit-zero-always", *names], cwd=site, capture_output=True, text=True, timeout=300)
    found = [message for message in json.loads(process.stderr)["messages"] if message["type"] != "info"]
    found = [message for message in found if not re.search(MATERIAL, message.get("extract", ""))]
    assert found == [], "\n".join("{url}:{lastLine}: {message}: {extract}".format_map(message) for message in found)
