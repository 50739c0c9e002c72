"""Puts numbers, formulas and terms of the glossary into a line of a chapter."""

import math
import re

from .formula import inline, mathml

KINDS = ["code", "example", "table", "output", "figure", "file", "list"]
VALUE = re.compile(r"(?<![\\{])\{\{ (?P<value>.+?) \}\}(?!\})")
TERM = r"\[(?P<term>[^\]]+)\]\((?:\.\./)*glossary\.md#(?P<anchor>[\w-]+)\)"
TEX = r"(?<!\\)\$(?P<tex>(?=\S)[^$]+(?<=\S))\$(?!\d)"
INLINE = re.compile(rf"(?P<code>(?P<ticks>`+).+?(?P=ticks))|\\\$|{TEX}|{VALUE.pattern}|{TERM}")
NO_NUMBER = re.compile(r"(?<![\w\\])(?:nan|inf)(?!\w)")


def sentence(line, page, number):
    """A line with its numbers, formulas and glossary terms put in."""

    def replacement(match):
        if match["code"]:
            return filled_in(match["code"], page)
        if match["tex"]:
            return f'<span class="math">{inline(mathml(filled_in(match["tex"], page)))}</span>'
        if match["term"]:
            return page.term(match["term"], match["anchor"]) or match[0]
        return typeset(value(match["value"], page)) if match["value"] else "$"

    rest = INLINE.sub("", line).replace("\\{{", "").replace("\\$", "")
    for mark, advice in (("$", "; write \\$ for a dollar"), ("{{", ""), ("}}", "")):
        if mark in rest:
            raise ValueError(f"a lone {mark}: both ends stand on one line{advice}")
    woven = INLINE.sub(lambda match: page.attempt(lambda: replacement(match), number), line)
    return woven.replace("\\{{", "{{")


def filled_in(text, page):
    """TeX or code with its values, as they are."""
    return VALUE.sub(lambda match: value(match["value"], page), text).replace("\\{{", "{{")


def value(expression, page):
    """`module.name[key]:format` as text; a float needs a format, and must be a number."""
    field, _, spec = expression.strip().partition(":")
    if field.split(" ")[0] in KINDS:
        raise ValueError(f"`{{{{ {field} }}}}` has to stand on a line of its own, at its start")
    found = page.value(field)
    if not isinstance(found, (str, int, float)):
        raise ValueError(f"`{field}` is not one value: {found!r:.60}")
    if isinstance(found, float) and not math.isfinite(found):
        raise ValueError(f"`{field}` is {found}")
    if isinstance(found, float) and not spec:
        raise ValueError(f"`{field}` is a float and needs a format, such as `{field}:.3f`")
    return finite(format(found, spec), field)


def finite(text, what):
    """`text`, which must not say `nan` or `inf`."""
    if found := NO_NUMBER.search(text):
        raise ValueError(f"`{what}` holds {found[0]}, which is no number: {text:.60}")
    return text


def typeset(text):
    """A number as print has it: a real minus, thousands apart, and powers of ten."""
    if power := re.fullmatch(r"(-?[\d.]+)e([+-]\d+)", text):
        return f"{typeset(power[1])} × 10<sup>{typeset(str(int(power[2])))}</sup>"
    return re.sub(r"^-(?=\d)", "−", re.sub(r"(?<=\d),(?=\d{3})", "\u202f", text))
