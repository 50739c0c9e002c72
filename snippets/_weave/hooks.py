"""Has `mkdocs build` and `mkdocs serve` render what `python -m snippets._weave` writes."""

import os
import shutil
import sys
import threading
from contextlib import suppress
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from snippets._weave.archive import pack  # noqa: E402
from snippets._weave.book import WOVEN, Book  # noqa: E402
from snippets._weave.serve import keep_weaving, remove_deleted  # noqa: E402

log = get_plugin_logger("weave")
book, serving = Book(), False


def on_startup(command, dirty):
    global serving
    serving = command == "serve"
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # the same bytes on every day


def on_config(config):
    if not serving:
        if "SITE_URL" not in os.environ:
            log.info(f"SITE_URL is not set: the pages name {config.site_url} as their address")
        book.update()
        if errors := book.errors():
            raise PluginError("\n".join(errors))
    elif not book.paths:
        log.info("Weaving the pages. Where something has to be computed first, they show …")
        book.weave()
    config.docs_dir = str(WOVEN)
    book.rendering.acquire()
    return config


def on_serve(server, config, builder):
    threading.Thread(target=keep_weaving, args=(book, log), daemon=True).start()


def on_build_error(error):
    with suppress(RuntimeError):  # where it is not ours
        book.rendering.release()


def on_post_build(config):
    book.rendering.release()
    site = Path(config.site_dir)
    if serving:
        remove_deleted(site)
    else:
        shutil.rmtree(site / "assets/javascripts", ignore_errors=True)  # Material's, not used
        pack(site, config.extra.get("short_name", "site").lower())
