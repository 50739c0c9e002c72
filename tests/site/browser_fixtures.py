"""Fixtures of the tests in a browser.

PYTEST_DONT_REWRITE: pytest would warn, as it looks for doctests here before a test module asks.
"""

import contextlib
import threading
from collections import Counter

import pytest
from browser import ALL_PAGES, HERE, KINDS, LikePages, Server, chromium
from conftest import needs

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
OPTIONS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def server(site):
    with Server(("127.0.0.1", 0), LikePages) as server:
        server.site, server.sent = site, Counter()  # how many bytes of each address were sent
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="session")
def address(server):
    return f"http://127.0.0.1:{server.server_port}/"


@pytest.fixture(scope="session")
def all_pages(site):
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


@pytest.fixture(scope="session")
def pages(all_pages):
    """One page of each kind, or with ALL_PAGES=1 all."""
    assert KINDS.keys() <= set(all_pages)
    return all_pages if ALL_PAGES else list(KINDS)


@pytest.fixture(scope="session")
def browser():
    needs("playwright")
    executable = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=executable, args=OPTIONS)


@pytest.fixture
def opened(browser):
    """Opens a page as somebody who has never been here.

    `page.complaints` lists what went wrong on it, `page.requests` what it asked for; the functions
    of look.js can be called in it.
    """

    @contextlib.contextmanager
    def opened(width=1280, scheme="light", **options):
        viewport = {"width": width, "height": 900}
        context = browser.new_context(viewport=viewport, color_scheme=scheme, **options)
        context.add_init_script(path=HERE / "look.js")
        page = context.new_page()
        page.complaints, page.requests = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("requestfailed", lambda request: page.complaints.append(f"{request.url} failed"))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: complain(page, message))
        try:
            yield page
        finally:
            context.close()

    return opened


def complain(page, message):
    if message.type in ("error", "warning"):
        page.complaints.append(message.text)
