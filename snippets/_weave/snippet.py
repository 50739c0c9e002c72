"""A page for each snippet, to see it whole and to take it along."""

import json
import re

from .chapter import markdown_table, weave
from .page import short_digest


def woven_snippet(page):
    stem = page.path.stem
    source = page.source(stem)
    public = source.public
    count = sum(len(source.examples(name)) for name in [None, *public])
    run = f"`python -m doctest {stem}.py` runs them where you pasted it"
    facts = {
        "Needs": source.needs,
        "Examples": f"{count}, which ran when this page was built; {run}",
        "Licence": "MIT-0: paste it without attribution",
        "Digest": f"`{short_digest(source.text)}`, of all that is below its first line",
        "Explained in": ", ".join(page.result("build")["values"]["shown_in"].get(stem, [])),
    }
    docstrings = {f"`{name}`": source.docstring(name) for name in public}
    rows = [[name, as_it_is(text.partition("\n")[0])] for name, text in docstrings.items()]
    summary, _, details = source.docstring().partition("\n")
    parts = [
        f"---\ntitle: {stem}.py\ndescription: {json.dumps(summary, ensure_ascii=False)}\n"
        "search: {boost: 0.2}\n---",
        f"# {stem}.py",
        as_it_is(summary),
        as_it_is(re.split(r"(?m)^>>> ", details)[0].strip()),
        f'[Download {stem}.py]({stem}.py){{ .md-button download="{stem}.py" }}',
        "\n".join(f"- **{name}:** {fact}" for name, fact in facts.items() if fact),
        markdown_table(["Function", "What it does"], *rows) if rows else "",
        "## The whole file",
        f"{{{{ file {stem} }}}}\n",
    ]
    page.files[f"snippets/{stem}.py"] = page.signed(page.path, source.text)
    return weave("\n\n".join(parts), page)


def as_it_is(text):
    """Text from elsewhere, such as a docstring, in which nothing is to be put."""
    return text.replace("$", "\\$").replace("{{", "\\{{")
