"""`mkdocs serve --dirty`, as an author has it: what was saved shows, and what is wrong with it."""

import html
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from conftest import WITHOUT_NOISE, edit, put

PAGE, NEXT, SNIPPET, THREE = "docs/index.md", "docs/next.md", "snippets/one.py", "three = 3.0"


class Served:
    def __init__(self, checkout, **environment):
        self.checkout, self.log = checkout, checkout.parent / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mkdocs", "serve", "--dirty", "--dev-addr", self.address],
                cwd=checkout,
                env=os.environ | WITHOUT_NOISE | environment,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def page(self, name="index"):
        """What a reader reads there; nothing if it is not there."""
        try:
            with urllib.request.urlopen(f"http://{self.address}/{name}.html", timeout=5) as answer:
                return html.unescape(re.sub(r"<[^>]+>", "", answer.read().decode()))
        except OSError:
            return ""

    def said(self):
        return self.log.read_text("utf-8")

    def shows(self, text, name="index"):
        return soon(lambda: text in self.page(name))

    def says(self, text):
        return soon(lambda: text in self.said())


def soon(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def served(checkout):
    with Served(checkout) as server:
        assert server.shows("Three is 3.00"), server.said()
        yield server


def settled(served):
    """How often the site was built, once it is no longer built again."""
    builds = None
    while builds != (builds := served.said().count("Documentation built")):
        assert builds < 12, served.said()
        time.sleep(3)
    return builds


def test_what_is_saved_shows_and_is_not_built_for_ever(served, checkout):
    edit(checkout / PAGE, "is a formula", "is one formula")
    assert served.shows("is one formula"), served.said()
    edit(checkout / SNIPPET, THREE, "three = 3.5")
    assert served.shows("Three is 3.50"), served.said()
    put(checkout, {"docs/new.md": "# New\n\nHere.\n"})
    assert served.shows("Here.", "new"), served.said()
    (checkout / "docs/new.md").unlink()
    assert soon(lambda: not served.page("new")), served.said()
    before = settled(served)
    edit(checkout / NEXT, "back", "on")
    assert served.shows("on", "next")
    assert settled(served) <= before + 2  # the page and the search index may come one by one


MISTAKES = {
    "a module raises": (SNIPPET, THREE, "three = 3.0 / 0", f"{SNIPPET}:7: ZeroDivisionError"),
    "a name is unknown": (PAGE, "one.three:", "one.thre:", f"{PAGE}:3: unknown name `one.thre`"),
    "a module is no Python": (SNIPPET, THREE, "three = = 3", f"{SNIPPET}:7: SyntaxError"),
    "no title": (PAGE, "# Start", "Start", f"{PAGE}:1: there is no title"),
    "no figure": (PAGE, "figure one", "figure two", f"{PAGE}:11: there is no module `figures.two`"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_shows_in_its_page_until_it_is_mended_and_other_pages_go_on(checkout, mistake):
    path, old, new, message = MISTAKES[mistake]
    edit(checkout / path, old, new)
    with Served(checkout) as served:  # it starts with a broken chapter, too
        assert served.shows(message), served.said()
        assert served.says(message) and "Traceback" not in served.said()
        put(checkout, {NEXT: "# Next\n\n## There\n\nAnother page.\n"})
        assert served.shows("Another page.", "next"), served.said()
        assert served.said().count(message) == 1, served.said()
        edit(checkout / path, new, old)
        assert served.shows("Three is 3.00"), served.said()
        assert soon(lambda: message not in served.page())


def test_false_claim_stands_on_top_of_the_new_numbers(served, checkout):
    edit(checkout / SNIPPET, THREE, "three = 3.0\nassert three == 3")
    edit(checkout / SNIPPET, "three = 3.0", "three = 3.5")
    edit(checkout / SNIPPET, "return 2 * x", "return 4 * x")
    for text in ("Three is 3.50", f"{SNIPPET}:8: AssertionError: three == 3", "return 4 * x"):
        assert served.shows(text), served.said()
    text = served.page()
    assert text.index(f"{SNIPPET}:8: ") < text.index("Three is")
    assert served.says(f"{SNIPPET}:3: a doctest fails: double(2) should print 4, got 8")


def test_endless_loop_leaves_the_old_pages_and_a_save_ends_it(served, checkout):
    edit(checkout / SNIPPET, THREE, "while True: pass")
    assert served.says(f"for more than 3 s: {SNIPPET}"), served.said()
    assert served.page("next") and served.page()
    edit(checkout / PAGE, "is a formula", "is one formula")
    edit(checkout / SNIPPET, "while True: pass", "three = 3.5")
    assert served.shows("Three is 3.50") and served.shows("is one formula"), served.said()
