"""Pages in Chromium: one of each kind in all settings.

ALL_PAGES=1 visits all in all. Screenshots go to `.cache/screenshots`.
"""

from collections import Counter

import pytest
from audit import faults_of
from browser import SCHEMES, SCREENSHOTS

pytest_plugins = ["browser_fixtures"]

SETTINGS = [(1280, "light"), (1280, "dark"), (360, "dark")]  # 360, light: test_all_pages.py


@pytest.mark.parametrize("width, scheme", SETTINGS)
def test_page_in_chromium(opened, address, server, pages, width, scheme):
    faults = []
    for name in pages:
        with opened(width, scheme) as page:
            found = faults_of(page, address, server, name, width, scheme)
            screenshot(page, f"{name}-{scheme}-{width}.png")
        faults += [f"{name}: {fault}" for fault in found]
    assert faults == [], "\n".join(faults)


def screenshot(page, name):
    path = SCREENSHOTS / name.replace("/", "-").replace(".html", "")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)


def test_formulas_are_set_in_the_shipped_font(opened, address, pages):
    faults = []
    with opened() as page:
        for name in pages:
            page.goto(address + name)
            fonts = Counter()
            for _ in range(5):  # the font is optional, so the page may have to be loaded again
                if "STIX Two Math" not in fonts and page.locator("math").count():
                    page.reload()
                    page.evaluate("document.fonts.ready.then(() => true)")
                    fonts = fonts_of(page, "math :is(mi, mo, mn, mtext)")
            faults += [f"{name}: {fonts}"] if fonts.keys() - {"STIX Two Math"} else []
    assert faults == [], "\n".join(faults)


def fonts_of(page, selector):
    """How many glyphs of the elements came from which font."""
    session, fonts = page.context.new_cdp_session(page), Counter()
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": selector}
    for node in session.send("DOM.querySelectorAll", query)["nodeIds"]:
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            fonts[font["familyName"]] += int(font["glyphCount"])
    return fonts


def test_nothing_moves_for_who_wants_it_so(opened, address, pages):
    with opened(reduced_motion="reduce") as page:
        visit(page, address, pages, "moving()")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_figures_can_be_read_in_forced_colours(opened, address, pages, scheme):
    with opened(scheme=scheme, forced_colors="active") as page:
        visit(page, address, pages, "faint('figure svg *', '#fff')")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_page_prints_black_on_white(opened, address, pages, scheme):
    printed = "[...printed(), ...faint('main article *', '#fff'), ...coloured('figure svg *')]"
    with opened(scheme=scheme) as page:
        page.emulate_media(media="print", color_scheme=scheme)
        visit(page, address, pages, printed)


def visit(page, address, pages, question):
    faults = []
    for name in pages:
        page.goto(address + name)
        faults += [f"{name}: {fault}" for fault in page.evaluate(question)]
    assert faults == [], "\n".join(faults)


def test_page_is_complete_without_javascript(opened, address, pages):
    faults = []
    for name in pages:
        texts = {}
        for scripts in (True, False):
            with opened(360, java_script_enabled=scripts) as page:
                page.goto(address + name)
                texts[scripts] = Counter(page.evaluate("text()"))
                if not scripts:
                    page.locator("label.menu").click()
                    page.locator("#contents a").first.click()
                    assert page.url == address + "index.html", name
        faults += [f"{name}: only with JavaScript: {line}" for line in texts[True] - texts[False]]
        faults += [f"{name}: only without: {line}" for line in texts[False] - texts[True]]
    assert faults == [], "\n".join(faults)


def test_page_works_from_the_disk(opened, site, pages):
    faults = []
    for name in pages:
        if name == "404.html":
            continue  # only a server shows it
        with opened() as page:
            page.goto((site / name).as_uri())
            found = page.evaluate("document.fonts.ready.then(() => [...figures(), ...images()])")
            if page.locator("math").count():
                fonts = page.evaluate("[...document.fonts].map(font => font.status)")
                found += ["the mathematical font is missing"] * ("loaded" not in fonts)
            if page.locator(".md-header").evaluate("e => getComputedStyle(e).position") != "sticky":
                found.append("the style sheet is missing")
            found += [
                f"loads {url}" for url in page.requests if not url.startswith(("file:", "data:"))
            ]
            faults += [f"{name}: {fault}" for fault in found + page.complaints]
    assert faults == [], "\n".join(faults)


SEARCHES = {
    "chain rule": "core-idea.html#the-chain-rule",
    "0.0643": "worked-example.html#",
    "dead relu": "challenges.html#3-dead-relu",
    "sigmoid_derivative": "activations.html#sigmoid",
    "softmx": "activations.html#softmax",
    "vanish": ("challenges.html#1-vanishing-gradients", "labs/vanishing.html"),
}


@pytest.mark.parametrize("base", ["from a server", "from the disk"])
def test_search_finds_the_right_page_first(opened, address, site, base):
    with opened() as page:
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


def test_copy_buttons_give_the_whole_file_and_the_block_with_its_imports(opened, address, site):
    with opened(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(address + "snippets/losses.html")
        button = page.get_by_role("button", name="Copy losses.py", exact=True)
        assert copied(page, button).strip() == (site / "snippets/losses.py").read_text().strip()
        page.goto(address + "losses.html")
        button = page.get_by_role("button", name="Copy mse, mse_gradient", exact=True)
        text = copied(page, button)
        assert "def mse_gradient(" in text and "def binary" not in text
        exec(compile(text, "copied", "exec"), {})


def copied(page, button):
    button.click()
    button.filter(has_text="Copied").wait_for()
    return page.evaluate("navigator.clipboard.readText()")
