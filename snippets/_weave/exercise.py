"""Weaves an exercise: a form that is complete without a script, with all that a script checks.

`{{ exercise my_topic.my_question }}` shows one, `{{ exercise my_topic }}` all of a module, each in
a few of its variants. They are dicts of plain values from `snippets/exercises/my_topic.py`.
"""

import functools
import re
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, pass_context
from markdown import Markdown

SCRIPT = '<script src="{}assets/exercises.js" defer></script>\n'
FIELDS = {"number": "Your number", "shape": "Your shape", "line": "Your expression"}
ROUNDING = 1e-9  # a tolerance that only allows for it is not worth saying
FEW = slice(1, 4)
renderer, environment = Markdown(), Environment()


@functools.cache
def rendered(text):
    return renderer.reset().convert(text)


@pass_context
def html(context, text):
    """Markdown with formulas and code as HTML; its links lead to pages."""
    made = rendered(context["woven"](text or ""))
    return re.sub(r'href="([\w/-]+)\.md', rf'href="{context["root"]}\1.html', made)


@pass_context
def phrase(context, text):
    return html(context, text).removeprefix("<p>").removesuffix("</p>")


environment.filters |= {"html": html, "phrase": phrase, "quoted": quote, "e": escape}
lines = Path(__file__).with_suffix(".html").read_text(encoding="utf-8").splitlines()
template = environment.from_string("".join(line.strip() for line in lines))


def script(text, page):
    """What loads the script, on a page that has an exercise."""
    return SCRIPT.format(page.root) if '<form class="exercise' in text else ""


def woven(markdown, what, page):
    """The form of an exercise, or the forms of all in a module."""
    if "." in what:
        return form(what, page.value(f"exercises.{what}"), page, markdown)
    values = page.result(f"exercises.{what}")["values"].items()
    found = {key: value for key, value in values if isinstance(value, dict) and "idea" in value}
    for key, exercise in found.items():
        few = exercise["variants"][FEW] or exercise["variants"]
        found[key] = form(f"{what}.{key}", exercise | {"variants": few}, page, markdown)
    return "\n\n".join(found.values())


def form(what, exercise, page, markdown):
    return template.render(
        exercise,
        name=re.sub(r"[._]", "-", what),
        chapter=what.partition(".")[0].replace("_", "-"),
        is_bug=len(exercise["variants"][0]["steps"]) > 1,
        fields=FIELDS,
        rounding=ROUNDING,
        root=page.root,
        woven=partial(markdown, page=page),
    )
