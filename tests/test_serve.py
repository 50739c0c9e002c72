"""`mkdocs serve`, as an author has it: a save shows, an error is told and leaves the last good page up."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from conftest import WITHOUT_NOISE, edit


class Served:
    def __init__(self, checkout, log):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", self.address],
                cwd=checkout, env=os.environ | WITHOUT_NOISE, stdout=file, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def page(self):
        with urllib.request.urlopen(f"http://{self.address}/", timeout=10) as answer:
            return answer.read().decode()

    def shows(self, text, seconds=30):
        return self._wait(lambda: text in re.sub(r"<[^>]+>", "", self.page()), seconds)

    def says(self, text, seconds=30):
        return self._wait(lambda: text in self.log.read_text(), seconds)

    def _wait(self, condition, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():
                    return True
            except OSError:
                pass
            time.sleep(0.05)
        return False


@pytest.fixture
def served(checkout, tmp_path):
    server = Served(checkout, tmp_path / "log")
    assert server.shows("Three is 3.00"), server.log.read_text()
    yield server
    server.process.kill()
    server.process.wait()


def test_saved_snippet_shows_its_new_number_and_figure(served, checkout):
    before = served.page()
    edit(checkout / "snippets/one.py", "three = 3.0", "three = 3.5")
    assert served.shows("Three is 3.50")
    svg = [re.search(r"<svg[^>]*aria-labelledby.*?</svg>", page, re.DOTALL)[0] for page in (before, served.page())]
    assert svg[0] != svg[1]


def test_module_that_a_figure_imports_shows_in_the_figure(served, checkout):
    before = served.page().count("var(--figure-backward)")
    edit(checkout / "snippets/figures/__init__.py", "INK, MUTED, GRID, PAPER, FORWARD, BACKWARD,", "INK, MUTED, GRID, PAPER, BACKWARD, FORWARD,")
    assert served._wait(lambda: served.page().count("var(--figure-backward)") > before, 30)


@pytest.mark.parametrize(
    "name, old, new, message",
    [
        ("snippets/one.py", "three = 3.0", "three = 3.0 / 0", "snippets/one.py:7: ZeroDivisionError"),
        ("docs/index.md", "one.three:.2f", "one.four:.2f", "docs/index.md:3: unknown name"),
        ("docs/index.md", "#there", "#nowhere", "docs/index.md:13: the link"),
    ],
)
def test_error_is_told_and_the_last_good_page_stays_until_the_next_save(served, checkout, name, old, new, message):
    edit(checkout / name, old, new)
    assert served.says(message), served.log.read_text()
    assert served.shows("Three is 3.00", seconds=5)
    assert "Traceback" not in served.log.read_text()
    assert "appear stuck" not in served.log.read_text()
    edit(checkout / name, new, old)
    edit(checkout / "docs/index.md", "Three is", "Now three is")
    assert served.shows("Now three is 3.00"), served.log.read_text()


def test_same_error_is_told_again(served, checkout):
    for time_ in (1, 2):
        edit(checkout / "docs/index.md", "one.three:.2f", "one.four:.2f")
        assert served._wait(lambda: served.log.read_text().count("stay up. docs/index.md:3: unknown name") >= time_, 30)
        edit(checkout / "docs/index.md", "one.four:.2f", "one.three:.2f")
        assert served._wait(lambda: served.log.read_text().count("Documentation built") > time_, 30)


def test_claim_that_is_no_longer_true_is_told_and_the_page_shows_the_new_number(served, checkout):
    with (checkout / "snippets/tables/one.py").open("a") as table:
        table.write("\nassert double(2) == 4, double(2)\n")
    edit(checkout / "snippets/one.py", "return 2 * x", "return 3 * x")
    assert served.says("snippets/tables/one.py:5: AssertionError: 6"), served.log.read_text()
    assert served.says("snippets/one.py:3: a doctest fails")
    assert served.shows("return 3 * x") and "<td>6</td>" in re.sub(r' style="[^"]*"', "", served.page())


def test_one_save_is_one_build(served, checkout):
    edit(checkout / "snippets/one.py", "three = 3.0", "three = 3.5")
    assert served.shows("Three is 3.50")
    time.sleep(3)
    assert served.log.read_text().count("Building documentation") == 2
