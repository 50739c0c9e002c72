"""A page for each snippet, to see it whole and to take it along."""

import hashlib
import json
import re
import sys

from mkdocs.utils.yaml import yaml_load

from . import ROOT, WeaveError, read_text
from .chapter import as_it_is, markdown_table, weave
from .excerpt import examples


def woven(page):
    """The texts of the page, by suffix."""
    return {"": weave(markdown(page, page.source(page.path.stem)), page)}


def markdown(page, source):
    check_imports(source)
    stem, public = page.path.stem, source.public()
    count = sum(len(examples(source.documented(name))) for name in [None, *public])
    run = f"`python -m doctest {stem}.py` runs them where you pasted it"
    facts = {
        "Needs": source.needs(),
        "Examples": f"{count}, which ran when this page was built; {run}",
        "Licence": "MIT-0: paste it without attribution",
        "Digest": f"`{short_digest(source.text)}`, of all that is below its first line",
        "Explained in": page.chapters_with(stem),
    }
    rows = [[f"`{name}`", as_it_is(source.summary(name))] for name in public]
    table = markdown_table([["Function", "What it does"], ["---"] * 2, *rows])
    summary, _, details = source.documented().partition("\n")
    parts = [
        f"---\ntitle: {stem}.py\ndescription: {json.dumps(summary, ensure_ascii=False)}\n"
        "search: {boost: 0.2}\n---",
        f"# {stem}.py",
        as_it_is(summary),
        as_it_is(re.split(r"(?m)^>>> ", details)[0].strip()),
        f'[Download {stem}.py]({stem}.py){{ .md-button download="{stem}.py" }}',
        "\n".join(f"- **{name}:** {fact}" for name, fact in facts.items() if fact),
        table if rows else "",
        "## The whole file",
        f"{{{{ file {stem} }}}}\n",
    ]
    return "\n\n".join(parts)


def address():
    """Where the site is published: `site_url` in mkdocs.yml, which may take it from SITE_URL."""
    settings = ROOT / "mkdocs.yml"
    found = yaml_load(settings.read_text("utf-8")) if settings.exists() else {}
    return found.get("site_url") or ""


def short_digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def signed(text, name, page):
    """A file to take along, below a comment that says where it is from."""
    return f"# {name}, MIT-0, {short_digest(text)}, {address()}{page}\n{text}"


def to_take_along(path):
    """The file of a snippet, as it is shown as a whole and downloaded."""
    return signed(read_text(path), path.name, f"snippets/{path.stem}.html")


def check_imports(source):
    """Raise where the file would not run alone in somebody's project."""
    for name, line in source.imported().items():
        if name.split(".")[0] not in {"numpy", *sys.stdlib_module_names}:
            message = f"imports `{name}`: a snippet runs where it is pasted, with NumPy alone"
            raise WeaveError(message, source.place, line)
