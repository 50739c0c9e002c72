"""Every page in a real browser, light and dark, wide and narrow. Screenshots go to `.cache/screenshots`."""

import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit

import pytest
from browser import SCHEMES, address, browser, names, server  # noqa: F401
from conftest import ROOT
from test_site import CHAPTERS

SCREENSHOTS = ROOT / ".cache" / "screenshots"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("stem", CHAPTERS)
def test_page_in_the_browser(browser, address, stem, scheme):
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address + f"{stem}.html")
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("document.body.dataset.mdColorScheme") == SCHEMES[scheme]
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"{stem}-{scheme}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
        for figure in page.evaluate(FIGURES):
            assert 0 < figure["width"] <= width and figure["smallest"] >= 8.5, (width, figure)
            assert figure["outside"] == [] and figure["faint"] == [], (width, figure)
    assert complaints == []
    assert {urlsplit(url).netloc for url in requests if not url.startswith("data:")} == {urlsplit(address).netloc}
    page.close()


# Of each figure: its width, its smallest text in px, text that leaves it, and text with a contrast under 4.5 to 1
# (paper-coloured text stands on a dark disc).
FIGURES = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
  const rgb = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data] }
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  const paper = light(rgb(getComputedStyle(document.body).backgroundColor))
  const contrast = colour => { const ink = light(rgb(colour)); return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) }
  return [...document.querySelectorAll('figure.figure')].map(figure => {
    const box = figure.querySelector('svg').getBoundingClientRect(), scale = box.width / figure.querySelector('svg').viewBox.baseVal.width
    const texts = [...figure.querySelectorAll('svg text')]
    return {
      id: figure.id, width: box.width,
      smallest: Math.min(...texts.map(text => parseFloat(getComputedStyle(text).fontSize) * scale)),
      outside: texts.filter(text => { const t = text.getBoundingClientRect()
        return t.left < box.left - 1 || t.right > box.right + 1 || t.top < box.top - 1 || t.bottom > box.bottom + 1 }).map(t => t.textContent),
      faint: texts.filter(text => !text.style.fill.includes('paper') && contrast(getComputedStyle(text).fill) < 4.5).map(t => t.textContent),
    }
  })
}"""


def test_every_sign_of_every_formula_is_set_in_the_shipped_font(browser, address, names):
    """Which fonts were used is told by Chromium; the font is optional, so a page may have to be loaded again."""
    page, found = browser.new_page(), []
    for name in names:
        page.goto(address + name)
        signs = page.locator("math :is(mi, mo, mn, mtext)").count()
        fonts, tries = Counter(), 0
        while signs and "STIX Two Math" not in fonts and tries < 5:
            page.reload()
            page.evaluate("document.fonts.ready.then(() => true)")
            fonts, tries = fonts_of(page, "math :is(mi, mo, mn, mtext)"), tries + 1
        found += [f"{name}: {count} signs in {font}" for font, count in fonts.items() if font != "STIX Two Math"]
        found += [f"{name}: the font does not come"] * (signs > 0 and not fonts)
    page.close()
    assert found == [], "\n".join(found)


def fonts_of(page, selector):
    """How many glyphs of the elements came from which font."""
    session, fonts = page.context.new_cdp_session(page), Counter()
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for node in session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]:
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            fonts[font["familyName"]] += int(font["glyphCount"])
    session.detach()
    return fonts


def copied(page, button):
    button.click()
    button.filter(has_text="Copied").wait_for()
    return page.evaluate("navigator.clipboard.readText()")


def test_copy_button_of_a_snippet_gives_the_file_which_runs_in_an_empty_folder(browser, address, tmp_path):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    for path in sorted((ROOT / "snippets").glob("[!_]*.py")):
        page.goto(address + f"snippets/{path.stem}.html")
        assert page.locator(f"a[download='{path.name}']").evaluate("async link => (await fetch(link.href)).text()") == path.read_text(encoding="utf-8")
        text = copied(page, page.get_by_role("button", name=f"Copy {path.name}", exact=True))
        assert text.rstrip() == path.read_text(encoding="utf-8").rstrip(), path.name
        (tmp_path / path.name).write_text(text, encoding="utf-8")
        process = subprocess.run([sys.executable, "-I", "-m", "doctest", path.name], cwd=tmp_path, text=True, capture_output=True)
        assert process.returncode == 0 and list(tmp_path.glob("*.py")) == [tmp_path / path.name], process.stdout + process.stderr
        (tmp_path / path.name).unlink()
    context.close()


def test_copy_button_of_a_block_gives_what_the_block_needs_as_well(browser, address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + "losses.html")
    blocks = page.locator(".highlight:has(.copy)")
    assert blocks.count() > 5
    labels = []
    for block in blocks.all():
        text, shown = copied(page, block.locator(".copy")), block.locator("code").inner_text()
        labels.append(block.locator(".copy").get_attribute("aria-label"))
        assert {line for line in shown.split("\n") if line.startswith("def ")} <= set(text.split("\n"))
        if "snippets/" in block.locator(".filename").inner_text():
            exec(compile(text, "copied", "exec"), {})
    assert "Copy mse, mse_gradient" in labels and "Copy losses.mse_gradient: example" in labels and len(set(labels)) == len(labels)
    context.close()


SEARCHES = {
    "chain rule": "core-idea.html#the-chain-rule", "0.0643": "worked-example.html#", "dead relu": "challenges.html#dead-relu",
    "sigmoid_derivative": "activations.html#sigmoid", "softmx": "activations.html#softmax", "vanish": ("challenges.html#vanishing-gradients", "labs/vanishing.html"),
}  # fmt: skip


@pytest.mark.parametrize("base", ["from a server", "from the disk"])
def test_search_finds_the_right_page_first(browser, address, site, base):
    page = browser.new_page()
    for words, place in SEARCHES.items():
        page.goto(f"{address if base == 'from a server' else site.as_uri() + '/'}index.html")
        page.keyboard.press("/")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        first = page.locator("#results a").first
        first.wait_for(timeout=10_000)
        assert first.get_attribute("href").startswith(place), words
    page.locator("#query").fill("xyzzy")
    assert page.locator("#found").inner_text() == "Nothing found. Try fewer or other words."
    page.close()
