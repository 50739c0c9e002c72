"""Weaves an exercise: a form that is complete without a script, with all that a script checks.

`{{ exercise my_topic.my_question }}` shows one, `{{ exercise my_topic }}` all of a module, each in
a few of its variants. They are dicts of plain values from `snippets/exercises/my_topic.py`.
"""

import functools
import re
from html import escape
from urllib.parse import quote

from markdown import Markdown

SCRIPT = '<script src="{}assets/exercises.js" defer></script>\n'
FEW = slice(1, 4)
ROUNDING = 1e-9  # a tolerance that only allows for it is not worth saying
FIELDS = {"number": "Your number", "shape": "Your shape", "line": "Your expression"}
FIELD = '<label>{}{} <input autocomplete="off" autocapitalize="off" spellcheck="false"></label> '
RADIO = '<label><input type="radio" name="{}" value="{}"> <span>{}</span></label>'
MOVE = '<button class="answer {0}" type="button" aria-label="Move {0}">{1}</button>'
LINE = '<li draggable="true" data-line="{}"><code>{}</code> {}</li>'
MOVES = MOVE.format("up", "↑") + MOVE.format("down", "↓")
LOAD = '<p><a class="md-button" download="{0}" href="data:{1},{2}">Download {0}</a></p>'
PYTHON = "text/x-python;charset=utf-8"
AGAIN = '<button class="answer again" type="button">Another one like it</button>'
renderer = Markdown()


@functools.cache
def rendered(text):
    return renderer.reset().convert(text)


def script(text, page):
    """What loads the script, on a page that has an exercise."""
    return SCRIPT.format(page.root) if '<form class="exercise' in text else ""


def woven(what, page, markdown):
    """The form of an exercise, or the forms of all in a module."""
    if "." in what:
        return Form(what, page, markdown).of(page.value(f"exercises.{what}"))
    values = page.result(f"exercises.{what}")["values"].items()
    found = {key: value for key, value in values if isinstance(value, dict) and "idea" in value}
    forms = (Form(f"{what}.{key}", page, markdown).of(found[key], FEW) for key in found)
    return "\n\n".join(forms)


class Form:
    """Makes the form of one exercise on a page."""

    def __init__(self, what, page, markdown):
        self.page, self.markdown = page, markdown
        self.name = re.sub(r"[._]", "-", what)
        self.chapter = what.partition(".")[0].replace("_", "-")

    def of(self, exercise, some=slice(None)):
        """The first of some variants, and the others as templates."""
        self.section = self.phrase(exercise["section"])
        first, *others = map(self.variant, exercise["variants"][some] or exercise["variants"])
        steps = len(exercise["variants"][0]["steps"])
        kind, label = ("exercise", "Exercise") if steps == 1 else ("exercise bug", "Bug")
        title = f'<a href="#{self.name}">{label}</a> {self.phrase(exercise["title"])}'
        templates = "".join(f"<template>{other}</template>" for other in others)
        return (
            f'<form class="{kind}" id="{self.name}" data-chapter="{self.chapter}">'
            f'<p class="title">{title}</p><div class="variant">{first}</div>'
            f"{AGAIN if others else ''}{templates}</form>"
        )

    def variant(self, variant):
        steps = "".join(self.step(step, i) for i, step in enumerate(variant["steps"]))
        lists = ("".join(map(self.item, step["items"])) for step in variant["steps"])
        answers = "".join(f'<ul class="answers">{items}</ul>' for items in lists if items)
        return (
            f"{self.html(variant.get('text', ''))}{steps}"
            f'<details class="hint"><summary>Hint</summary>{self.html(variant["hint"])}</details>'
            f'<details class="solution"><summary>Solution</summary>{self.html(variant["solution"])}'
            f'{answers}<p class="section">Read again: {self.section}</p></details>'
        )

    def step(self, step, number):
        kind, ask = step["kind"], self.html(step["ask"])
        if kind == "choice":
            name = f"{self.name}-{number}"
            options = (RADIO.format(name, key, self.phrase(text)) for key, text in step["options"])
            legend = f"<legend>{self.phrase(step['ask'])}</legend>"
            ask = f"<fieldset>{legend}{''.join(options)}</fieldset>"
        if kind == "order":
            lines = (LINE.format(key, escape(text), MOVES) for key, text in step["lines"])
            ask += f'<ol class="lines">{"".join(lines)}</ol>'
        if kind == "program":
            ask += LOAD.format(step["file"], PYTHON, quote(step["text"]))
        within = step.get("within", 0)
        near = f" (± {within:.9f}".rstrip("0") + ")" if within > ROUNDING else ""
        field = FIELD.format(FIELDS[kind], near) if kind in FIELDS else ""
        check = "My version passes" if kind == "program" else "Check"
        return (
            f'<div class="step" data-kind="{kind}" data-within="{within}">{ask}'
            f'<p class="answer">{field}<button>{check}</button></p><p class="feedback"></p></div>'
        )

    def item(self, item):
        values = escape("|".join(item["values"]))
        text = f"<b>{self.phrase(item['shown'])}</b> {self.phrase(item['why'])}"
        return f'<li data-values="{values}">{text}</li>'

    def phrase(self, text):
        return self.html(text).removeprefix("<p>").removesuffix("</p>")

    def html(self, text):
        """Markdown with formulas and code as HTML; its links lead to pages."""
        made = rendered(self.markdown(text, self.page))
        return re.sub(r'href="([\w/-]+)\.md', rf'href="{self.page.root}\1.html', made)
