"""Lets readers run code in the page: which pages have some, and Pyodide beside the site.

Pyodide is CPython in WebAssembly. Where it is not installed, the site has nothing of it.
"""

import ast
import functools
import hashlib
import json
import re
import sys
from urllib.parse import unquote

from . import ROOT, read_text

FILES = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
SHOWN = re.compile(r'<span class="filename">(?:<a [^>]*>)?snippets/(\w+\.py)<')
ASKED = re.compile(r'download="(\w+\.py)" href="data:text/x-python[^,]*,([^"]*)"')
SCRIPT = '\n\n<script src="{}assets/run/run.js" data-files="{}" data-bytes="{}" defer></script>\n'


class Pyodide:
    """What the `extra` settings of `mkdocs.yml` name: its folder, and one of wheels for it.

    `files` has, by target, what a browser loads; it is empty where Pyodide is not installed.
    """

    def __init__(self, settings):
        folder, wheels = (ROOT / settings.get(name, "-") for name in ("pyodide", "wheels"))
        self.files, self.errors, self.known = {}, [], set(sys.stdlib_module_names)
        if (folder / FILES[0]).is_file():
            loaded = {name: (folder / name).read_bytes() for name in FILES}
            self.bytes = len(loaded[FILES[2]] + loaded[FILES[3]])  # of which the bar shows a part
            lock = json.loads((folder / "pyodide-lock.json").read_bytes())
            lock["packages"] = dict(self.add_wheels(loaded, wheels, lock["packages"].values()))
            loaded["pyodide-lock.json"] = json.dumps(lock).encode()
            self.files = {f"assets/run/pyodide/{name}": data for name, data in loaded.items()}

    def add_wheels(self, loaded, folder, packages):
        """Add wheels to what is loaded if they are those of the lock file; yields its entries."""
        locked = {entry["file_name"]: entry for entry in packages}
        for path in sorted(folder.glob("*.whl")):
            entry, data = locked.get(path.name, {"sha256": "no such file"}), path.read_bytes()
            found = hashlib.sha256(data).hexdigest()
            if found == entry["sha256"]:
                loaded[path.name] = data
                self.known.update(entry["imports"])
                yield entry["name"], entry
            else:
                wanted = f"pyodide-lock.json has {entry['sha256']}"
                self.errors.append(f"{path}: sha256 {found}, {wanted}")

    def script(self, text, root):
        """What adds the buttons to a woven page, if code of it runs."""
        programs = [(name, unquote(program)) for name, program in ASKED.findall(text)]
        programs += [(name, read_text(ROOT / "snippets" / name)) for name in SHOWN.findall(text)]
        names = dict.fromkeys(name for name, code in programs if imported(code) <= self.known)
        return SCRIPT.format(root, " ".join(names), self.bytes) if names and self.files else ""


@functools.cache
def imported(source):
    """The top-level names of all that a program imports."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}
