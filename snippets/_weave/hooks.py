"""Ties the machinery to MkDocs: when it runs, where the site is built, and what `mkdocs serve` does with an error."""

import atexit
import os
import re
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import BytecodeCache
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url
from watchdog.observers.polling import PollingObserver

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from snippets._weave import ROOT, WeaveError, WeaveErrors, extras, modules, notebook, site, source  # noqa: E402
from snippets._weave.__main__ import check, update  # noqa: E402
from snippets._weave.decorate import decorate, definitions  # noqa: E402
from snippets._weave.download import downloads  # noqa: E402
from snippets._weave.markdown import WeaveExtension  # noqa: E402
from snippets._weave.run import warm_up  # noqa: E402

log = get_plugin_logger("weave")
state = {"results": {}, "sources": {}}


def on_startup(command, dirty):
    if dirty:
        raise PluginError("a dirty build keeps pages whose numbers are out of date: build without --dirty")
    state["serving"] = command == "serve"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # tidies up on the way


def on_config(config):
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # the same bytes on every day
    config.use_directory_urls = False  # the pages also work from file://
    config.markdown_extensions.append(WeaveExtension(state["results"]))
    state["target"] = Path(config.site_dir)
    config.site_dir = str(site.scaffold(state["target"]))
    modules.sweep(state["target"].parent, f".{state['target'].name}.")
    atexit.register(site.discard, Path(config.site_dir))  # also after Ctrl-C
    return config


def on_pre_build(config):
    if not state["serving"]:
        site.discard(state["target"])
    try:
        results, false = update()
        if false and not state["serving"]:
            raise WeaveErrors(false)
        for claim in false:
            log.error(f"No longer true, and shown only to you: {claim}")
        state["results"].clear()
        state["results"].update(results)
        check(results)
    except WeaveError as error:
        raise PluginError(str(error)) from None


def on_files(files, config):
    for path in sorted((ROOT / "snippets").glob("[!_]*.py")):
        files.append(File.generated(config, f"snippets/{path.name}", abs_src_path=str(path)))
    for path, text in {**source.pages(), "changes.xml": "", f"{_archive(config)}.zip": ""}.items():  # the last two are written at the end
        files.append(File.generated(config, path, content=text))
    for path in sorted(notebook.LABS.glob("[!_]*.py")):
        files.remove(files.get_file_from_path(f"labs/{path.name}"))
        for name, text in {f"{path.stem}.md": notebook.page(path, state["results"]), **downloads(path, state["results"])}.items():
            files.append(File.generated(config, f"labs/{name}", content=text))
    return files


def _archive(config):
    """The name of the file that holds the whole site, and of the folder in it."""
    return config.extra.get("short_name", config.site_name).lower()


def on_nav(nav, config, files):
    state["sources"] = {Path(config.site_dir, file.dest_path).resolve(): origin(file) for file in files.documentation_pages()}


def origin(file):
    """The file that an author edits: the Markdown of a chapter, or the Python that a page is made of."""
    if file.abs_src_path:
        return Path(file.abs_src_path)
    made = Path(file.src_uri).with_suffix(".py")
    return ROOT / made if made.parent.name == "snippets" else ROOT / "docs" / made


def on_page_content(html, page, config, files):
    glossary = ROOT / "docs/glossary.md"
    terms = definitions(glossary.read_text(encoding="utf-8")) if glossary.is_file() else {}
    return decorate(html, get_relative_url(".", page.url), terms)


def on_post_template(output, template_name, config):
    return re.sub(r"\s*<lastmod>.*?</lastmod>", "", output) if template_name == "sitemap.xml" else output


def on_env(env, config, files):
    env.bytecode_cache = Templates()
    return env


class Templates(BytecodeCache):
    """The compiled templates, kept like results: a fifth of the time of a build."""

    def load_bytecode(self, bucket):
        if text := modules.kept(modules.TEMPLATES / bucket.key, bucket.checksum):
            bucket.bytecode_from_string(bytes.fromhex(text))

    def dump_bytecode(self, bucket):
        modules.keep(modules.TEMPLATES / bucket.key, bucket.checksum, bucket.bytecode_to_string().hex())


@event_priority(-100)
def on_post_build(config):
    built = Path(config.site_dir)
    extras.search(built)
    if (built / "changes.html").is_file():
        extras.feed(built, ROOT / "docs/changes.md", config.site_url or "", f"{config.site_name}: changes")
    extras.archive(built, _archive(config))
    base = urlsplit(config.site_url or "/").path
    if broken := list(site.broken_links(built, state["sources"], base)):
        raise PluginError(str(WeaveErrors(broken)))
    site.publish(built, state["target"])
    config.site_dir = str(state["target"])  # where `mkdocs gh-deploy` looks next


def on_build_error(error):
    state["error"] = error  # MkDocs itself says the same thing only once in a session
    for path in [site.scaffold(state["target"])] + [state["target"]] * (not state["serving"]):
        site.discard(path)
    if isinstance(error, OSError):
        raise PluginError(f"{error.filename or 'the site'}: {error.strerror}, and so there is no site") from None


def on_serve(server, config, builder):
    def build():
        try:
            builder()
        except Exception as error:  # MkDocs would let every page hang until the next good build
            log.error(f"Not rebuilt, the last good pages stay up. {state.pop('error', error)}")

    server.builder = build
    for path in (config.docs_dir, config.config_file_path):
        server.unwatch(path)
    server.observer, server.build_delay = PollingObserver(timeout=0.1), 0.05  # MkDocs looks only twice a second
    for path in (config.docs_dir, config.config_file_path):
        server.watch(path)
    warm_up()
    return server
