"""A program of the stepper: the lines of a snippet, their values, and the HTML that shows them.

The HTML is complete without a script: every step with its formula, its numbers, its result and a
sentence. `docs/assets/stepper.js` reads the lines from it, and brings its form to life.
"""

import ast
import inspect
import json
import re
from html import escape
from typing import NamedTuple

from snippets.tables import n

NAME = r"[A-Za-z_]\w*(?:\[[\d,]+\])?"


class Step(NamedTuple):
    """A line of a program.

    `says` is one sentence, or one for each sign (`-`, `0`, `+`) of the formula `of`. `asks` is what
    Predict wants to know: `number`, `sign`, `zero`, or `size` or `order` beside another formula.
    """

    phase: str
    name: str
    says: str | dict
    asks: str = "number"
    of: str = ""


def lines(module):
    """The formulas of a snippet by name, in the order in which they run.

    The body of its forward pass comes first. Its last line runs it again, with the new parameters.
    """
    tree = ast.parse(inspect.getsource(module))
    passes = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    found = {}
    for node in [*passes[0].body, *tree.body]:
        if isinstance(node, ast.Assign) and not isinstance(node.value, (ast.Tuple, ast.Constant)):
            target = node.targets[0]
            if isinstance(target, ast.Name):
                found[target.id] = ast.unparse(node.value)
            elif isinstance(target.elts[0], ast.Starred):
                found["loss_new"] = ast.unparse(node.value)
    return found


def inputs(module):
    """What the snippet starts from, by name: each is set to a number."""
    found = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Tuple, ast.Constant)):
            for name in ast.walk(node.targets[0]):
                if isinstance(name, ast.Name):
                    found[name.id] = getattr(module, name.id)
    return found


def typeset(formula):
    """A line of Python as a formula."""
    formula = re.sub(r"\b(\d+)\.0\b", r"\1", formula.replace("math.", ""))
    return formula.replace(" ** 2", "²").replace("*", "×").replace("-", "−")


def filled(formula, values):
    """A formula with its numbers; a negative one stands in brackets behind an operator."""
    text = typeset(formula)

    def number(match):
        if match[0] not in values:
            return match[0]
        shown, before = n(values[match[0]]), text[: match.start()]
        alone = not re.search(r"[×−+/>] ?$", before) and text[match.end() : match.end() + 1] != "²"
        return shown if alone or not shown.startswith("−") else f"({shown})"

    return re.sub(NAME, number, text)


def marked(formula, values):
    """A formula in which values and gradients have their colours."""

    def name(match):
        if match[0] not in values:
            return match[0]
        return f'<b class="{kind(match[0])}">{match[0]}</b>'

    return re.sub(NAME, name, escape(typeset(formula)))


def kind(name):
    return "backward" if re.match(r"d[A-Za-z]\w*_d|share", name) else "forward"


def sentence(step, values):
    """What is said of a step, and all that might be said, as attributes."""
    if isinstance(step.says, str):
        return "", step.says
    value = eval(step.of or step.name, {}, values)
    sign = "-0+"[1 + (value > 0) - (value < 0)]
    others = "".join(
        f' data-{name}="{escape(step.says[each])}"'
        for each, name in {"-": "minus", "0": "zero", "+": "plus"}.items()
        if each in step.says
    )
    return f' data-of="{escape(step.of or step.name)}"{others}', step.says[sign]


class Program:
    """Steps with the lines of a snippet, its values, and what other choices would change."""

    def __init__(self, name, module, steps, choices):
        self.name, self.steps, self.choices = name, steps, choices
        self.inputs, self.lines = inputs(module), lines(module) | {"dL_dL": "1"}
        self.values = {**vars(module), "dL_dL": 1.0}
        self.values = {each: self.values[each] for each in [*self.inputs, *self.lines]}
        assert [step.name for step in steps if step.name != "dL_dL"] == list(lines(module))

    def program(self, **chosen):
        """Lines as `[name, formula]`, in order, with other choices: `activation="tanh"`."""
        changed = {}
        for kind, option in chosen.items():
            changed |= {name: new[0] for name, new in self.choices[kind][option].items()}
        return [[step.name, changed.get(step.name, self.lines[step.name])] for step in self.steps]
