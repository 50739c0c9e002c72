"""Browsers for the tests of the built site, the site behind a server, and the pages to visit.

A test module that uses the fixtures says `pytest_plugins = ["browser_fixtures"]`.
"""

import contextlib
import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from conftest import ROOT, missing

HERE = Path(__file__).parent
NODE = ROOT / ".cache" / "node"  # .ci/run installs tests/package.json there
SCREENSHOTS = ROOT / ".cache" / "screenshots"  # CI keeps them
ALL_PAGES = "ALL_PAGES" in os.environ
SCHEMES = {"light": "default", "dark": "slate"}
KINDS = {
    "index.html": "front page",
    "worked-example.html": "chapter, with steppers",
    "frameworks.html": "chapter",
    "challenges.html": "long chapter with figures and tables",
    "deeper/autodiff.html": "deeper chapter",
    "bug-hunt.html": "exercises of several steps",
    "labs/vanishing.html": "lab",
    "snippets/losses.html": "page of a snippet",
    "glossary.html": "reference",
    "search.html": "search",
    "404.html": "what the server shows for a wrong address",
}


class LikePages(http.server.SimpleHTTPRequestHandler):
    """Serves as GitHub Pages does: compressed text, ten minutes of caching, and 404.html."""

    protocol_version = "HTTP/1.1"
    compressed = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".py", ".md"}

    def do_GET(self):
        path = self.server.site / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        status = 200 if path.is_file() else 404
        path = path if path.is_file() else self.server.site / "404.html"
        body, headers = path.read_bytes(), {"Cache-Control": "max-age=600"}
        headers["Content-Type"] = self.guess_type(path)
        if path.suffix in self.compressed and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = compressed(body)
            headers["Content-Encoding"] = "gzip"
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
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
def compressed(body):
    return gzip.compress(body, 6)


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *arguments):
        """A browser that hangs up is no news."""


def program(*names):
    return next(filter(None, map(shutil.which, names)), None) or missing(names[0])


def chromium():
    return program("chromium", "chromium-browser", "google-chrome")


def from_npm(name):
    path = NODE / "node_modules" / name
    return path if path.exists() else missing(f"npm's {name.split('/')[0]}")


def node(script, *arguments):
    """The JSON lines that a script of this folder prints.

    Node looks for packages from the folder it runs in, so the script comes through a pipe.
    """
    from_npm("puppeteer-core")
    process = subprocess.run(
        [program("node"), "--input-type=module", "-", *arguments],
        input=(HERE / script).read_text(encoding="utf-8"),
        cwd=NODE,
        text=True,
        capture_output=True,
        timeout=3000,
    )
    assert process.returncode == 0, process.stderr
    return [json.loads(line) for line in process.stdout.splitlines()]
