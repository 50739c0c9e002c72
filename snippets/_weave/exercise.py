"""Weaves an exercise: a form that is complete without a script, with all that a script checks.

`{{ exercise my_topic.my_question }}` shows one, `{{ exercise my_topic }}` all of a module, each in
a few of its variants. They are dicts of plain values from `snippets/exercises/my_topic.py`.
"""

import re
from html import escape
from urllib.parse import quote

from markdown import Markdown

from .excerpt import block

SCRIPT = '<script src="{}assets/exercises.js" defer></script>\n'
FENCED = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
FEW = slice(1, 4)
ROUNDING = 1e-9  # a tolerance that only allows for it is not worth saying
FIELDS = {"number": "Your number", "shape": "Your shape", "line": "Your expression"}
INPUT = '<input autocomplete="off" autocapitalize="off" spellcheck="false">'
MOVE = '<button class="answer {2}" type="button" aria-label="{0}" title="{0}">{1}</button>'
MOVES = MOVE.format("Move up", "↑", "up") + MOVE.format("Move down", "↓", "down")
AGAIN = '<button class="answer again" type="button">Another one like it</button>'
markdown = Markdown(extensions=["tables"])


def woven(what, page, sentence):
    """The form of an exercise, or the forms of all in a module."""
    script = SCRIPT.format(page.root)
    page.head += "" if script in page.head else script
    if "." in what:
        return form(what, page.value(f"exercises.{what}"), slice(None), page, sentence)
    values = page.result(f"exercises.{what}")["values"].items()
    found = {key: value for key, value in values if isinstance(value, dict) and "idea" in value}
    return "\n\n".join(
        form(f"{what}.{key}", each, FEW, page, sentence) for key, each in found.items()
    )


def form(what, exercise, some, page, sentence):
    """The form of one exercise: the first of some variants, the others as templates."""
    name, chapter = re.sub(r"[._]", "-", what), what.partition(".")[0].replace("_", "-")
    kind = "exercise bug" if len(exercise["variants"][0]["steps"]) > 1 else "exercise"

    def html(text):
        """Markdown with formulas and code as HTML; its links lead to pages."""
        *parts, last = FENCED.split(text)
        prose = [*parts[::3], last]
        made = [block(code, language) for language, code in zip(parts[1::3], parts[2::3])]
        for number, part in enumerate(prose):
            lines = (sentence(line, page) for line in part.split("\n"))
            prose[number] = markdown.reset().convert("\n".join(lines))
        text = "".join(map("".join, zip(prose, [*made, ""])))
        return re.sub(r'href="([\w/-]+)\.md', rf'href="{page.root}\1.html', text)

    def phrase(text):
        return html(text).removeprefix("<p>").removesuffix("</p>")

    def step(step, number):
        kind, ask = step["kind"], html(step["ask"])
        if kind == "choice":
            radio = f'<input type="radio" name="{name}-{number}" value="{{}}"> '
            options = (
                f"<label>{radio.format(key)}<span>{phrase(text)}</span></label>"
                for key, text in step["options"]
            )
            ask = f"<fieldset><legend>{phrase(step['ask'])}</legend>{''.join(options)}</fieldset>"
        if kind == "order":
            lines = (
                f'<li draggable="true" data-line="{key}"><code>{escape(text)}</code> {MOVES}</li>'
                for key, text in step["lines"]
            )
            ask += f'<ol class="lines">{"".join(lines)}</ol>'
        if kind == "program":
            link = f"data:text/x-python;charset=utf-8,{quote(step['text'])}"
            file = step["file"]
            ask += (
                f'<p><a class="md-button" download="{file}" href="{link}">Download {file}</a></p>'
            )
        near = f" (± {step['within']:g})" if step.get("within", 0) > ROUNDING else ""
        field = f"<label>{FIELDS[kind]}{near} {INPUT}</label> " if kind in FIELDS else ""
        check = "My version passes" if kind == "program" else "Check"
        within = f' data-within="{step["within"]}"' if "within" in step else ""
        return (
            f'<div class="step" data-kind="{kind}"{within}>{ask}'
            f'<p class="answer">{field}<button>{check}</button></p><p class="feedback"></p></div>'
        )

    def variant(variant):
        parts = [step(each, number) for number, each in enumerate(variant["steps"])]
        answers = "".join(
            f'<ul class="answers">{"".join(map(item, each["items"]))}</ul>'
            for each in variant["steps"]
        )
        return (
            f'{"".join(parts)}<details class="hint"><summary>Hint</summary>{html(variant["hint"])}'
            f'</details><details class="solution"><summary>Solution</summary>'
            f"{html(variant['solution'])}{answers}"
            f'<p class="section">Read again: {phrase(exercise["section"])}</p></details>'
        )

    def item(item):
        values = f' data-values="{escape("|".join(item["values"]))}"'
        return f"<li{values}><b>{phrase(item['shown'])}</b> {phrase(item['why'])}</li>"

    first, *others = map(variant, exercise["variants"][some] or exercise["variants"])
    templates = "".join(f"<template>{other}</template>" for other in others)
    title = f'<p class="title"><a href="#{name}">Exercise</a> {phrase(exercise["title"])}</p>'
    return (
        f'<form class="{kind}" id="{name}" data-chapter="{chapter}">{title}'
        f'<div class="variant">{first}</div>{AGAIN if others else ""}{templates}</form>'
    )
