"""Lets readers run code in the page: which pages have some, and Pyodide beside the site.

Pyodide is CPython in WebAssembly. Where it is not installed, the site has nothing of it.
"""

import ast
import functools
import hashlib
import json
import re
import shutil
import sys
import zlib
from urllib.parse import unquote

from . import ROOT, WeaveError, read_text

FILES = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
SHOWN = re.compile(r'<span class="filename">(?:<a [^>]*>)?snippets/(\w+\.py)<')
ASKED = re.compile(r'download="(\w+\.py)" href="data:text/x-python[^,]*,([^"]*)"')
SCRIPT = '<script src="{}assets/run/run.js" data-files="{}" {} defer></script>\n'
NOTE = """Code on these pages runs in the browser, if they come from a web server. In this folder:

    python3 -m http.server

and open http://localhost:8000/. What runs it is Pyodide, MPL-2.0, in assets/run/pyodide.
"""


class Pyodide:
    """Pyodide in a folder, with those wheels of its lock file that lie in another."""

    def __init__(self, folder, wheels):
        self.folder = folder
        self.lock = json.loads((folder / "pyodide-lock.json").read_bytes())
        packages = {entry["file_name"]: entry for entry in self.lock["packages"].values()}
        self.wheels = {path: packages.get(path.name, {}) for path in sorted(wheels.glob("*.whl"))}
        for path, entry in self.wheels.items():
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if found != entry.get("sha256"):
                wanted = entry.get("sha256", "no file of this name")
                raise WeaveError(f"{path.name}: sha256 {found}, pyodide-lock.json has {wanted}")
        self.lock["packages"] = {entry["name"]: entry for entry in self.wheels.values()}
        known = [name for entry in self.wheels.values() for name in entry["imports"]]
        self.known = {*sys.stdlib_module_names, *known}

    @functools.cached_property
    def sizes(self):
        """What is loaded: MB, as a server sends it, and unpacked bytes that report progress."""
        files = {name: (self.folder / name).read_bytes() for name in FILES}
        packed = sum(len(zlib.compress(data)) for data in files.values()) / 1e6
        unpacked = sum(len(data) for name, data in files.items() if not name.endswith(".mjs"))
        return f'data-size="{packed:.1f}" data-bytes="{unpacked}"'

    def runs(self, source):
        return imported(source) <= self.known

    def with_script(self, html, root):
        """A page with the script that adds the buttons, if any code of it runs."""
        snippets = ((name, read_text(ROOT / "snippets" / name)) for name in SHOWN.findall(html))
        programs = ((name, unquote(text)) for name, text in ASKED.findall(html))
        names = dict.fromkeys(name for name, text in (*snippets, *programs) if self.runs(text))
        script = SCRIPT.format(root, " ".join(names), self.sizes) if names else ""
        return html.replace("</body>", f"{script}</body>")

    def put_into(self, site):
        """Copy it beside the built pages, with a note for who takes them along."""
        folder = site / "assets/run/pyodide"
        folder.mkdir(parents=True, exist_ok=True)
        for path in [*(self.folder / name for name in FILES), *self.wheels]:
            shutil.copyfile(path, folder / path.name)
        (site / "run.txt").write_text(NOTE, encoding="utf-8")
        (folder / "pyodide-lock.json").write_text(json.dumps(self.lock), encoding="utf-8")


def pyodide(settings):
    """What the `extra` settings of `mkdocs.yml` name, or `None` where it is not installed."""
    folder, wheels = (ROOT / settings.get(name, "-") for name in ("pyodide", "wheels"))
    return Pyodide(folder, wheels) if (folder / FILES[0]).is_file() else None


def imported(source):
    """The top-level names of all that a program imports."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}
