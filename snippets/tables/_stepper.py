"""A program of the stepper: the lines of a snippet, their values, and the HTML that shows them.

The HTML is complete without a script: every step with its formula, its numbers, its result and a
sentence. `docs/assets/stepper.js` reads the lines from it, and brings its form to life.
"""

import ast
import inspect
import itertools
import json
import math
import re
from html import escape
from typing import NamedTuple

from snippets import tables

NAME = r"[A-Za-z_]\w*(?:\[[\d,]+\])?"


def n(value, digits=6):
    """A number as the other tables write it, but never −0."""
    return tables.n(value + 0.0, digits)


class Step(NamedTuple):
    """A line of a program.

    `says` is one sentence, or one for each sign (`-`, `0`, `+`) of the formula `of`. `asks` is what
    Predict wants to know: `number`, `sign`, `zero`, or `size` or `order` beside another formula.
    Lines with the same `stop` are entries of one matrix, `code` is a line for all of them.
    """

    phase: str
    name: str
    says: str | dict
    asks: str = "number"
    of: str = ""
    stop: str = ""
    code: str = ""


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


def aligned(name, formula, values):
    """A formula and the same with its numbers, padded so that each stands below its name."""
    text, numbers, end = typeset(formula), "", 0
    symbols = ""
    for match in re.finditer(NAME, text):
        if match[0] in values:
            between, number = text[end : match.start()], filled(match[0], values)
            number = bracketed(text, match, number)
            width = max(len(match[0]), len(number)) if len(formula) < 45 else 0
            shown = f'<b class="{kind(match[0])}">{match[0]}</b>'
            symbols += glued(escape(between)) + shown + glued(" " * (width - len(match[0])))
            numbers += glued(escape(between) + number.ljust(width))
            end = match.end()
    lead = f'<b class="{kind(name)}">{name}</b>', " " * len(name), " " * len(name)
    rest = glued(escape(text[end:]))
    bodies = symbols + rest, numbers + rest, n(values[name])
    return [f"{start} = {body}".rstrip() for start, body in zip(lead, bodies)]


def glued(text):
    """A line of a sum breaks after a plus, and nowhere else."""
    return re.sub(r"(?<!\+) ", "\N{NO-BREAK SPACE}", text)


def bracketed(text, match, number):
    """A negative number behind an operator stands in brackets."""
    behind = re.search(r"[×−+/>] ?$", text[: match.start()])
    squared = text[match.end() : match.end() + 1] == "²"
    return f"({number})" if number.startswith("−") and (behind or squared) else number


def filled(formula, values):
    """A formula with its numbers."""
    text = typeset(formula)

    def number(match):
        known = match[0] in values
        return bracketed(text, match, n(values[match[0]])) if known else match[0]

    return re.sub(NAME, number, text)


def kind(name):
    return "backward" if re.match(r"d[A-Za-z]\w*_d|path_", name) else "forward"


def sentence(step, values):
    """What is said of a step."""
    if isinstance(step.says, str):
        return step.says
    value = eval(step.of or step.name, {}, values)
    return step.says["-0+"[1 + (value > 0) - (value < 0)]]


def question(step):
    """What Predict asks."""
    what, _, beside = step.asks.partition(" ")
    return {
        "number": f"What is {step.name}? Within one percent counts.",
        "sign": f"Is {step.name} negative or positive?",
        "zero": f"Is {step.name} zero?",
        "size": f"Is {step.name} smaller or larger in size than {beside}?",
        "order": f"Is {step.name} smaller or larger than {beside}?",
    }[what]


class Program:
    """Steps with the lines of a snippet, its values, and what other choices would change."""

    def __init__(self, name, steps, lines, inputs, values, choices):
        self.name, self.steps, self.choices = name, steps, choices
        self.inputs, self.lines = inputs, lines
        self.values = {each: values[each] for each in [*inputs, *lines]}
        self.stops = list(dict.fromkeys(step.stop or step.name for step in steps))

    @classmethod
    def of(cls, module, name, steps, choices):
        """The lines of a snippet; `steps` says something of each."""
        found = lines(module)
        assert [step.name for step in steps if step.name != "dL_dL"] == list(found)
        values = {**vars(module), "dL_dL": 1.0}
        return cls(name, steps, found | {"dL_dL": "1"}, inputs(module), values, choices)

    def program(self, **chosen):
        """Lines as `[name, formula]`, in order, with other choices: `activation="tanh"`."""
        changed = {}
        for kind, option in chosen.items():
            changed |= {name: new[0] for name, new in self.choices[kind][option].items()}
        return [[step.name, changed.get(step.name, self.lines[step.name])] for step in self.steps]

    def opening(self):
        """The start of the element; its figure follows."""
        return (
            '<div class="stepper"><link rel="stylesheet" href="assets/stepper.css">'
            f'<backprop-stepper id="{self.name}">'
        )

    def closing(self, missions=(), small="", batch=""):
        """What follows the figure: the form, which the script brings to life, and the table.

        `small` is a link to the full form, and leaves the rest out; `batch` are the matrices that
        take the place of a figure.
        """
        more = [] if small else [MODE, self.fields(), TRAINING, listed(missions)]
        choices = {} if small else self.choices
        start = self.inputs | {kind: next(iter(options)) for kind, options in choices.items()}
        data = {"start": start, "choices": choices, "words": WORDS}
        data = escape(json.dumps(data, ensure_ascii=False), quote=False)
        parts = [WALK, self.panel(bool(small)), batch, *more, STATUS]
        parts += [f'<script type="application/json">{data}</script>']
        kind = "small" if small else "matrix-form" if batch else "full"
        return (
            f'<form class="{kind}" autocomplete="off">'
            f"{''.join(parts)}</form>\n{small}{self.table()}</backprop-stepper></div>"
        )

    def panel(self, small):
        """The first step, as the script will write it."""
        step = self.steps[0]
        rows = aligned(step.name, self.lines[step.name], self.values)
        sums = "".join(f"<span>{row}</span>" for row in rows)
        first = dict.fromkeys(self.code(each) for each in self.steps if each.phase == step.phase)
        code = "".join(f"<span>{escape(line)}</span>" for line in first)
        code = code.replace("<span>", '<span class="lit">', 1)
        return (
            f'<div class="panel"><p class="place"><b>Step 1 of {len(self.stops)}</b> '
            f'<span class="phase">{step.phase}</span></p><p class="sum">{sums}</p>'
            f'<p class="says">{sentence(step, self.values)}</p>'
            + ("" if small else f'<pre class="lines"><code>{code}</code></pre>')
            + f'<div class="question" hidden></div>{"" if small else NUDGE}</div>'
        )

    def code(self, step):
        """The line of the snippet."""
        if step.code or step.name == "dL_dL":
            return step.code or "# dL_dL = 1 needs no line"
        start = "*_, " if step.name == "loss_new" else ""
        return f"{start}{step.name} = {self.lines[step.name]}"

    def fields(self):
        """A number and a slider for each input, and the choices."""
        names = [name for name in self.inputs if "[" not in name]
        rows = "".join(self.field(name, self.inputs[name]) for name in names)
        if len(names) < len(self.inputs):  # matrices: a field for the entry that was chosen
            rows = self.field("entry", next(iter(self.inputs.values()))) + rows
        options = "".join(
            f'<label>{CHOICES[name]} <select name="{name}">'
            + "".join(f"<option>{option}</option>" for option in options)
            + "</select></label>"
            for name, options in self.choices.items()
        )
        return (
            f'<fieldset class="fields"><legend>Change the numbers</legend>{rows}'
            f'<div class="choices">{options}<button type="button" data-do="reset">Reset</button>'
            "</div></fieldset>"
        )

    def field(self, name, value):
        key, label = f"{self.name}-{name}", LABELS.get(name, name)
        low, high = {"y": (0, 1), "learning_rate": (0, 10)}.get(name, (-3, 3))
        mode = "text" if low < 0 else "decimal"  # the decimal keys of a phone have no minus
        nudge = (
            f'<button type="button" data-do="nudge" value="{name}" '
            f'aria-label="Nudge {name}">nudge</button>'
        )
        return (
            f'<div class="field{" rate" * (name in LABELS)}">'
            f'<label for="{key}">{label}</label>'
            f'<input id="{key}" name="{name}" inputmode="{mode}" value="{value:g}" '
            f'aria-describedby="{key}-wrong">'
            f'<input type="range" name="{name}" min="{low}" max="{high}" step="0.1" '
            f'value="{value:g}" aria-label="{name}, slider">'
            f"{nudge if name != 'learning_rate' else ''}"
            f'<span class="wrong" id="{key}-wrong"></span></div>'
        )

    def table(self):
        """All steps, by phase."""
        body, phase = "", ""
        for step in self.steps:
            if step.phase != phase:
                phase = step.phase
                body += f'<tr><th colspan="4" scope="colgroup">{phase}</th></tr>'
            body += self.row(step)
        heads = "".join(f"<th>{head}</th>" for head in HEADS)
        return (
            f'<details class="drawing"><summary>All {len(self.steps)} numbers in a table</summary>'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></details>"
        )

    def row(self, step):
        formula = self.lines[step.name]
        cells = [
            f"<code>{step.name} = {escape(typeset(formula))}</code>",
            escape(filled(formula, self.values)),
            n(self.values[step.name]),
        ]
        data = {
            "name": step.name,
            "formula": formula,
            "stop": step.stop or step.name,
            "phase": step.phase,
            "asks": f"{step.asks} 0",
            "answers": ANSWERS[step.asks.split(" ")[0]],
            "question": question(step),
            "code": self.code(step),
            "says": json.dumps(step.says, ensure_ascii=False),
            "of": step.of or step.name,
            "fade": self.fade(step.name),
            "rules": " ".join(self.rules(step.name)),
            "box": box(step.name),
            "nudge": "" if re.search("loss|L_dL|_new|path_", step.name) else step.name,
        }
        attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
        cells.append(sentence(step, self.values))
        return f"<tr{attributes}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

    def gradients(self):
        """By name, the first entry of each."""
        first = {step.stop or step.name: step.name for step in reversed(self.steps)}
        return [name for name in reversed(first.values()) if re.match("d(?!L_dL)", name)]

    def fade(self, name):
        """In which ways of fading the gradient is hidden."""
        names = self.gradients()
        if name not in names:
            return ""
        return "all third" if name in names[-math.ceil(len(names) / 3) :] else "all"

    def rules(self, name):
        """Four gradients whose rules are offered for this one; its own is among them."""
        if name not in self.gradients():
            return []
        others = {self.lines[each]: each for each in self.gradients()} | {self.lines[name]: name}
        names = [each for each in self.gradients() if each in others.values()]
        start = max(0, min(names.index(name) - 2, len(names) - 4))
        return names[start : start + 4]


def box(name):
    """What a step is about, as the figure names it."""
    if name in ("loss_new", "dL_dL"):
        return "loss"
    return re.sub("^d.+_d|_new", "", name).replace("path_a", "x").replace("path_b", "x")


def matrices(program, shapes):
    """The values as matrices, by a heading, with their shapes."""
    parts = []
    for heading, names in shapes.items():
        parts.append(f'<p class="head">{heading}</p><div class="matrices">')
        for name, shape in names.items():
            cells = "".join(
                f'<span data-entry="{entry}">{n(program.values[entry], 3)}</span>'
                for entry in entries(name, shape)
            )
            columns = shape[-1] if shape else 1
            label = f"<code>{name}</code> {shape}" if shape else f"<code>{name}</code>"
            parts.append(
                f'<div class="matrix {kind(name)}" role="group" aria-label="{name}"><p>{label}</p>'
                f'<div class="entries" data-columns="{columns}" '
                f'style="--columns:{columns}">{cells}</div></div>'
            )
        parts.append("</div>")
    return f'<div class="batch">{"".join(parts)}</div>'


def entries(name, shape):
    """The names of the entries: `W1[0,1]`, `b1[0]`, `loss`."""
    places = itertools.product(*map(range, shape))
    return [f"{name}[{','.join(map(str, place))}]" if place else name for place in places]


def listed(missions):
    """Missions as a list; the script knows by its name when one is done, and says `done` then."""
    if not missions:
        return ""
    items = "".join(
        f'<li data-mission="{name}" data-done="{escape(done)}">{task} <span></span></li>'
        for name, task, done in missions
    )
    return f'<div class="missions"><p class="head">Missions</p><ol>{items}</ol></div>'


ANSWERS = {
    "number": "",
    "sign": "negative, zero, positive",
    "zero": "zero, not zero",
    "size": "smaller, the same, larger",
    "order": "smaller, the same, larger",
}
WORDS = {  # what the script says; a name in braces becomes its value, with a sign by {+name}
    "value": "{name} is {value}.",
    "sum": "{name} = {numbers} = {value}.",
    "numbers": "Put the numbers into the formula: {numbers}.",
    "nudged": (
        "With {by} up by {h}, {of} is {up}; down by {h}, it is {down}. "
        "The difference, divided by {h2}, is {slope}."
    ),
    "promise": (
        "With α = {learning_rate} the next step promises {+promise} "
        "and changes the loss by {+real}."
    ),
    "taken": "The loss changed by {+real}; the gradient promised {+promise}.",
    "again": "The loss is {loss} again.",
    "reset": "All is as it was at the start.",
    "empty": "Type a number.",
    "text": "“{text}” is no number. Write one like 0.5.",
    "large": "At most 10 000, up or down.",
    "low": "At least 0.",
    "lost": "Then {name} = {numbers} would have no value. Nothing was changed.",
    "which": "Which rule gives {name}?",
    "rule": "That rule gives {name}, {value}. Follow the arrow to {by}.",
    "score": "{right} of {tries} right at once.",
    "right": "Right:",
    "wrong": "Not yet.",
    "sign": "The size is right, the sign is turned.",
    "half": "It is half of that: the 2 is missing, from the slope of the square.",
    "slope": "The slope is missing: {wrong} has to be multiplied by {slope}, {value}.",
    "left": "You left out {left}.",
    "added": "It multiplies, it does not add.",
    "minus": "Look at the minus.",
    "plus": "Look at the plus.",
    "input": "That comes of {wrong}, {value}. Its place belongs to {right}.",
    "rounded": (
        "The rule is right, but a number was rounded before it was used. "
        "Keep all digits until the end."
    ),
}
CHOICES = {"activation": "Activation", "cost": "Loss"}
LABELS = {"learning_rate": "Learning rate α", "entry": 'Entry <span class="selected"></span>'}
SCRIPTS = "".join(
    f'<script src="assets/{name}.js" defer></script>' for name in ("stepper-math", "stepper")
)
HEADS = ("Formula", "With numbers", "Result", "In words")
STATUS = '<p class="unseen" role="status"></p>'
NUDGE = (
    '<p class="nudge"><button type="button" data-do="nudge">Nudge it</button> '
    '<span class="nudged"></span></p>'
)
WALK = (
    '<div class="walk" role="group" aria-label="Steps">'
    '<button type="button" data-do="move" value="-1">Previous step</button>'
    '<button type="button" data-do="move" value="1" class="next">Next step</button>'
    '<button type="button" data-do="move" value="-99" class="quiet" '
    'aria-label="To the start">Start</button>'
    '<button type="button" data-do="play" class="quiet">Play</button>'
    '<button type="button" data-do="move" value="99" class="quiet" '
    'aria-label="To the end">End</button></div>'
)
MODE = (
    '<p class="mode"><label>Ask me first? <select name="mode">'
    '<option value="show">No, show me</option>'
    '<option value="predict">Predict: each number</option>'
    '<option value="third">Fade: the last third of the gradients</option>'
    '<option value="all">Fade: all gradients</option></select></label> '
    '<span class="score"></span></p>'
)
TRAINING = (
    '<div class="training"><p class="head">Learn</p>'
    '<button type="button" data-do="take">Take a step</button>'
    '<button type="button" data-do="takeBack" aria-disabled="true">Take it back</button>'
    '<p class="promise"></p><div class="record" hidden><svg class="curve" '
    'viewBox="0 0 300 80" role="img" '
    'aria-label="The loss, step by step"><polyline points=""></polyline></svg>'
    '<table class="scores"><thead><tr><th>Step</th><th>α</th><th>Promised, −α‖g‖²</th>'
    "<th>Change of the loss</th></tr></thead><tbody></tbody></table></div></div>"
)
