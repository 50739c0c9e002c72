"""Weaves while `mkdocs serve` runs: what was saved at once, what has to be computed as it comes."""

import threading
import time
import traceback
from pathlib import PurePath

from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

from . import ROOT

CHANGES = ("created", "modified", "moved", "deleted")


class Saves(FileSystemEventHandler):
    """Which source files were saved since they were last taken."""

    def __init__(self):
        self.names, self.any = set(), threading.Event()
        observer = Observer()
        for folder in ("docs", "snippets"):
            observer.schedule(self, str(ROOT / folder), recursive=True)
        observer.daemon = True
        observer.start()

    def on_any_event(self, event):
        for path in (event.src_path, event.dest_path):
            name = PurePath(path).name
            hidden = name[:1] in ("", ".", "#") or name.endswith((".pyc", "~"))
            if event.event_type in CHANGES and not event.is_directory and not hidden:
                self.names.add(name)
                self.any.set()

    def take(self):
        """The names of the files that were saved since this was last asked."""
        self.any.clear()
        taken, self.names = self.names, set()
        return taken


def keep_weaving(book, log):
    """Weave again whenever a source file was saved, for as long as the process lives."""
    saves, said = Saves(), []
    while True:
        code_saved = False
        try:
            code_saved = book.update(saves.take)
            for error in book.errors():
                if error not in said:
                    log.error(error)
            said = book.errors()
        except Exception:
            log.error(f"An error in the machinery:\n{traceback.format_exc()}")
        if not code_saved:
            saves.any.wait()
            time.sleep(0.02)  # an editor saves in several steps
            saves.any.clear()
