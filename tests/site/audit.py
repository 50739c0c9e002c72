"""What is wrong with a page in Chromium: in layout, colours, accessibility and weight."""

from urllib.parse import urlsplit

from browser import KINDS, SCHEMES, from_npm

FIRST_VISIT = 110_000  # bytes, compressed
MORE = {
    "search.html": 90_000,  # lunr and the text of all sections
    "practice.html": 10_000,  # all exercises
}


def faults_of(page, address, server, name, width, scheme, screenshot=None):
    """Visits a page and looks; a picture of it goes to the path `screenshot`."""
    server.sent.clear()
    page.goto(address + name)
    page.evaluate("document.fonts.ready.then(() => true)")
    if screenshot:
        page.screenshot(path=screenshot, full_page=True)
    found = [*sent_too_much(server, name), *audited(page, width, name in KINDS), *page.complaints]
    assert page.evaluate("document.body.dataset.mdColorScheme") == SCHEMES[scheme]
    hosts = {urlsplit(url).netloc for url in page.requests}
    return found + [f"asks {host}" for host in hosts - {urlsplit(address).netloc, ""}]


def sent_too_much(server, name):
    sent, limit = server.sent.copy(), FIRST_VISIT + MORE.get(name, 0)
    if sent.total() > limit:
        yield f"the first visit transfers more than {limit} bytes: {dict(sent.most_common())}"


def audited(page, width, contents):
    yield from page.evaluate("[...figures(), ...tables(), ...images(), ...wide()]")
    yield from page.evaluate("faint('figure svg *')")
    if width == 360:
        page.set_viewport_size({"width": 1280, "height": 900})
        yield from page.evaluate("long()")
        page.set_viewport_size({"width": 360, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.add_script_tag(path=from_npm("axe-core/axe.min.js"))
    yield from page.evaluate("audit()")
    if width == 360:
        page.set_viewport_size({"width": 320, "height": 900})  # 1280 at 400 percent
        yield from page.evaluate("wide()")
        page.set_viewport_size({"width": 360, "height": 900})
    if width == 360 and contents:
        page.locator("button.menu").click()
        page.locator("#contents").wait_for()
        yield from page.evaluate("audit('#contents')")
        page.keyboard.press("Escape")
