"""The exercises, one module a chapter, and what they are made with.

An exercise is a function that asks its question for some numbers. `@exercise` calls it for each
draw of numbers and puts the dicts that it returns in the place of the function: plain values, which
a chapter shows with `{{ exercise my_topic.my_question }}`. What a reader may answer is computed
here, the right answer and each wrong one by the mistake that makes it, and no two may be alike.
"""

import ast
import contextlib
import doctest
import io
import itertools
import math
import sys
import types
import zlib
from pathlib import Path

import numpy as np

from snippets.tables import n

PROGRAMS = Path(__file__).parent / "programs"
DRAWS = 10  # at least so many, where numbers are redrawn
GAP = "____"


def exercise(title, idea, section, draws=((),)):
    """Turns a function that asks a question into an exercise, with one variant for each draw.

    `section` is the Markdown link to what there is to read again, from the top of `docs/`.
    """
    draws = list(draws)
    if 1 < len(draws) < DRAWS:
        raise ValueError(f"{title}: {len(draws)} draws of numbers, expected 1 or {DRAWS} and more")

    def made(ask):
        variants = [ask(*draw) for draw in draws]
        return {"title": title, "idea": idea, "section": section, "variants": variants}

    return made


def number(question, right, wrong, hint, solution, within=1e-9, digits=6):
    """A number to work out; `wrong` has pairs of a value, or more for one slip, and what made it.

    An answer counts as the `right` value if it is at most `within` away from it.
    """
    answers = [(several(values), why) for values, why in [(right, ""), *wrong]]
    for (ones, _), (others, _) in itertools.combinations(answers, 2):
        for a, b in itertools.product(ones, others):
            if not abs(a - b) > 2 * within:
                raise ValueError(f"the answers {a} and {b} are alike within {within}")
    items = [
        item([repr(float(value)) for value in values], n(values[0] + 0.0, digits), why)
        for values, why in answers
    ]
    step = {"kind": "number", "ask": question, "within": within, "items": items}
    return variant([step], hint, solution)


def shape(question, right, wrong, hint, solution):
    """The shape of an array, a tuple; `wrong` has pairs of a shape and what made it."""
    answers = [(right, ""), *wrong]
    items = [item([",".join(map(str, value))], f"`{value}`", why) for value, why in answers]
    return variant([{"kind": "shape", "ask": question, "items": distinct(items)}], hint, solution)


def choice(question, right, wrong, hint, solution):
    """One of several texts; `wrong` has pairs of a text and what is not right about it."""
    return variant([choose(question, right, wrong)], hint, solution)


def choose(question, right, wrong):
    """The step of an exercise that is a choice, in an order that tells nothing."""
    answers = [(right, ""), *wrong]
    items = [item([f"{zlib.crc32(text.encode()):x}"], text, why) for text, why in answers]
    options = sorted([[each["values"][0], each["shown"]] for each in distinct(items)])
    return {"kind": "choice", "ask": question, "options": options, "items": items}


def line(question, code, right, wrong, given, hint, solution, also=()):
    """An expression to fill into the gap of `code`, which has `given` to work with.

    `also` are other ways to write `right`; one slip, too, may be written in more than one. All of
    them are run, with each dict of `given`: what is right always makes the same value, what is
    wrong another one, or none.
    """
    target = next(line for line in code.split("\n") if GAP in line).partition("=")[0].strip()

    def values(text):
        return [value_of(target, code.replace(GAP, text), each) for each in several(given)]

    wrong = [(several(texts), why) for texts, why in wrong]
    for text in also:
        if not same(values(text), values(right)):
            raise ValueError(f"`{text}` is not the same as `{right}`")
    for text in itertools.chain.from_iterable(texts for texts, _ in wrong):
        if same(values(text), values(right)):
            raise ValueError(f"`{text}` is as right as `{right}`")
    answers = [([right, *also], ""), *wrong]
    items = [
        item(["".join(text.split()) for text in texts], f"`{texts[0]}`", why)
        for texts, why in answers
    ]
    ask = f"{question}\n\n```python\n{code}\n```"
    return variant([{"kind": "line", "ask": ask, "items": distinct(items)}], hint, solution)


def order(question, lines, given, hint, solution, why=None):
    """Lines to put in order: each after those that make what it uses, before what destroys it.

    Which these are is read from the code; each pair of lines is tried the wrong way round. `why`
    says of a line, by the name that it makes, what is wrong where it comes too early.
    """
    trees = [ast.parse(text) for text in lines]
    made = [names(tree, ast.Store) for tree in trees]
    used = [names(tree, ast.Load) | augmented(tree) for tree in trees]
    pairs = [
        (early, late)
        for early, late in itertools.combinations(range(len(lines)), 2)
        if made[early] & used[late] or made[late] & (used[early] | made[early])
    ]
    expected, items = run(lines, given), []
    for early, late in pairs:
        between = [i for i in range(early + 1, late) if (early, i) in pairs or (i, late) in pairs]
        swapped = [*range(early), late, *range(early, late), *range(late + 1, len(lines))]
        with contextlib.suppress(NameError):
            if not between and same(run([lines[i] for i in swapped], given), expected):
                raise ValueError(f"`{lines[late]}` may come before `{lines[early]}`")
        name = next(iter(made[late]))
        needs = f"needs what `{lines[early]}` makes, and comes before it."
        reason = (why or {}).get(name, needs) if made[early] & used[late] else (why or {})[name]
        items.append(item([f"{late} {early}"], f"`{lines[late]}`", reason))
    items.insert(0, item([], "In this order", "\n".join(["```python", *lines, "```"])))
    mixed = sorted(enumerate(lines), key=lambda pair: zlib.crc32(pair[1].encode()))
    step = {"kind": "order", "ask": question, "lines": mixed, "items": items}
    return variant([step], hint, solution)


def program(question, name, hint):
    """A function to write: a stub with doctests, which fail, made from a solution that passes."""
    source = (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
    stub = without_bodies(source)
    if failures(name, source) or not failures(name, stub):
        raise ValueError(f"{name}: the solution has to pass its doctests, and the stub to fail")
    ask = f"{question}\n\n```python\n{stub}```"
    step = {"kind": "program", "ask": ask, "file": f"{name}.py", "text": stub, "items": []}
    return variant([step], hint, f"```python\n{source}```")


def variant(steps, hint, solution):
    for step in steps:
        usual = len(step["items"]) - 1
        if usual < 2 and step["kind"] != "program":
            raise ValueError(f"{usual} usual wrong answers, expected two and more: {step['ask']}")
    return {"steps": steps, "hint": hint, "solution": solution}


def item(values, shown, why):
    """What may be answered, as the page compares it and as it shows it, and what to say then."""
    return {"values": values, "shown": shown, "why": why}


def several(values):
    """A tuple or list as it is, anything else as the only one."""
    return list(values) if isinstance(values, (tuple, list)) else [values]


def distinct(items):
    values = [value for each in items for value in each["values"]]
    if twice := [value for value in values if values.count(value) > 1]:
        raise ValueError(f"two answers are alike: {twice[0]}")
    return items


def run(lines, given):
    """What these lines of code make of `given`, by name."""
    namespace = {name: copied(value) for name, value in given.items()}
    exec("\n".join(lines), {"np": np, "math": math}, namespace)
    return namespace


def copied(value):
    return value.copy() if isinstance(value, np.ndarray) else value


def value_of(name, code, given):
    try:
        return run([code], given)[name]
    except (NameError, TypeError, ValueError, AttributeError) as error:
        return error  # equal to nothing


def same(a, b):
    """Whether two values, or dicts or lists of them, are equal but for rounding, in shape too."""
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, Exception) or isinstance(b, Exception):
        return False
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=0)


def names(tree, context):
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }


def augmented(tree):
    """The names that a statement such as `W -= 1` changes: it uses them too."""
    changed = (node.target for node in ast.walk(tree) if isinstance(node, ast.AugAssign))
    return {target.id for target in changed}


def without_bodies(source):
    """A program with its docstrings, and nothing else in its public functions."""
    lines = source.split("\n")
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef):
            lines[node.body[0].end_lineno : node.end_lineno] = ["    raise NotImplementedError"]
    return "\n".join(lines)


def failures(name, source):
    """How many doctests of a program fail."""
    module = types.ModuleType(name)
    module.__dict__["__file__"] = f"{name}.py"
    before, sys.modules[name] = sys.modules.get(name), module
    exec(compile(source, f"{name}.py", "exec"), module.__dict__)
    with contextlib.redirect_stdout(io.StringIO()):
        found = doctest.testmod(module).failed
    sys.modules.pop(name)
    if before:
        sys.modules[name] = before
    return found
