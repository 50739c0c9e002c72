"""What the tests in a browser share: Chromium, the built site behind a server like GitHub's, and the list of its pages."""

import contextlib
import functools
import gzip
import http.server
import json
import shutil
import subprocess
import threading
from collections import Counter
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT, missing, needs

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SCHEMES = {"light": "default", "dark": "slate"}
WIDTHS = (1280, 360)
NODE = ROOT / ".cache" / "node"  # .ci/run installs tests/package.json there


class LikePages(http.server.SimpleHTTPRequestHandler):
    """Serves as GitHub Pages does: text compressed, everything good for ten minutes, 404.html for what is not there."""

    protocol_version = "HTTP/1.1"
    compressed = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".py", ".md"}

    def do_GET(self):
        path = self.server.site / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        status = 200 if path.is_file() else 404
        path = path if path.is_file() else self.server.site / "404.html"
        etag = f'"{path.stat().st_mtime_ns:x}"'
        if status == 200 and self.headers.get("If-None-Match") == etag:
            return self.answer(304, b"", {"ETag": etag})
        headers = {"Content-Type": self.guess_type(path), "ETag": etag, "Cache-Control": "max-age=600", "Vary": "Accept-Encoding"}
        if path.suffix in self.compressed and "gzip" in self.headers.get("Accept-Encoding", ""):
            return self.answer(status, packed(path), headers | {"Content-Encoding": "gzip"})
        self.answer(status, path.read_bytes(), headers)

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items() | {("Content-Length", str(len(body)))}:
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the page was left
            self.wfile.write(body)
            self.server.sent[self.path] += len(body)

    def guess_type(self, path):
        kind = super().guess_type(str(path))
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, *arguments):
        pass


@functools.cache
def packed(path):
    return gzip.compress(path.read_bytes(), 6)


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *arguments):
        """A browser that hangs up is no news."""


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
def names(site):
    """Every page of the site, as the end of its address: whoever adds a page adds it to all audits."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or missing("Chromium")


def from_npm(path):
    return NODE / "node_modules" / path if (NODE / "node_modules" / path).exists() else missing(f"npm's {path.split('/')[0]}")


@functools.cache
def launched(config):
    """Chromium, once in a session, however many modules have the fixture."""
    needs("playwright")
    executable = chromium()
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    config.add_cleanup(playwright.stop)
    return playwright.chromium.launch(executable_path=executable, args=QUIET)


@pytest.fixture
def browser(request):
    return launched(request.config)


def node(script, *arguments):
    """What a script in tests/ prints; it finds its packages in the folder it is run in, and so comes through a pipe."""
    program = shutil.which("node") or missing("Node.js")
    from_npm("puppeteer-core")
    text = (ROOT / "tests" / script).read_text(encoding="utf-8")
    process = subprocess.run([program, "--input-type=module", "-", *arguments], input=text, cwd=NODE, text=True, capture_output=True, timeout=3000)
    assert process.returncode == 0, process.stderr
    return [json.loads(line) for line in process.stdout.splitlines()]


@contextlib.contextmanager
def opened(browser, width=1280, scheme="light", **options):
    """A page of a browser that has never been here; what goes wrong on it is listed in `page.complaints`, what it asks for in `page.asked`."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
    page = context.new_page()
    page.complaints, page.asked = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
