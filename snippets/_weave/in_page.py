"""Lets readers run code in the page: which pages have some, and Pyodide beside the site.

Pyodide is CPython in WebAssembly. Where it is not installed, the site has nothing of it.
"""

import ast
import hashlib
import json
import re
import sys
import zlib
from urllib.parse import unquote

from . import ROOT, WeaveError, read_text
from .cache import write

FILES = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
SHOWN = re.compile(r'<span class="filename">(?:<a [^>]*>)?snippets/(\w+\.py)<')
ASKED = re.compile(r'download="(\w+\.py)" href="data:text/x-python[^,]*,([^"]*)"')
SCRIPT = '<script src="{}assets/run/run.js" data-files="{}" {} defer></script>\n</body>'


def pyodide(settings):
    """What the `extra` settings of `mkdocs.yml` name, or `None` where it is not installed."""
    folder, wheels = (ROOT / settings.get(name, "-") for name in ("pyodide", "wheels"))
    return Pyodide(folder, wheels) if (folder / FILES[0]).is_file() else None


class Pyodide:
    """Pyodide in a folder, with wheels from another: those that its lock file has."""

    def __init__(self, folder, wheels):
        self.lock = json.loads((folder / "pyodide-lock.json").read_bytes())
        packages = {entry["file_name"]: entry for entry in self.lock["packages"].values()}
        self.lock["packages"], self.known = {}, set(sys.stdlib_module_names)
        self.files = {name: (folder / name).read_bytes() for name in FILES}
        packed = sum(len(zlib.compress(data)) for data in self.files.values()) / 1e6
        counted = len(self.files[FILES[2]] + self.files[FILES[3]])  # as they arrive
        self.sizes = f'data-size="{packed:.1f}" data-bytes="{counted}"'
        for path in sorted(wheels.glob("*.whl")):
            entry = packages.get(path.name, {"sha256": "no file of this name"})
            self.files[path.name] = path.read_bytes()
            found = hashlib.sha256(self.files[path.name]).hexdigest()
            if found != entry["sha256"]:
                message = f"{path}: sha256 {found}, pyodide-lock.json has {entry['sha256']}"
                raise WeaveError(message)
            self.lock["packages"][entry["name"]] = entry
            self.known.update(entry["imports"])

    def with_script(self, html, root):
        """A page with the script that adds the buttons, if code of it runs."""
        programs = [(name, unquote(text)) for name, text in ASKED.findall(html)]
        programs += [(name, read_text(ROOT / "snippets" / name)) for name in SHOWN.findall(html)]
        names = dict.fromkeys(name for name, text in programs if imported(text) <= self.known)
        script = SCRIPT.format(root, " ".join(names), self.sizes)
        return html.replace("</body>", script) if names else html

    def put_into(self, folder):
        """Write what a browser loads."""
        for name, data in self.files.items():
            write(folder / name, data)
        write(folder / "pyodide-lock.json", json.dumps(self.lock).encode())


def imported(source):
    """The top-level names of all that a program imports."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}
