"""Makes a bug of a line: takes the right code, changes one line, runs both and notes what shows.

A `Code` is a straight run of statements, taken from a snippet, with numbers to run it on. A `bug`
is an exercise of three steps: the line, the cause, the fix. What is said of a wrong answer comes
from running what that answer would mean.
"""

import ast
import functools
import inspect
import math
import re
import textwrap

import numpy as np

from snippets.exercises import choose, copied, item, same, variant
from snippets.gradient_checking import numerical_gradient, relative_error
from snippets.tables import magnitude, n

NUDGES = 3
STEPS = 40
PASSED = 1e-6  # a right gradient of these codes is below it, a wrong one far above
LEVELS = {1: "easy", 2: "not so easy", 3: "nasty"}


class Code:
    """Lines that make the gradient of each of `parameters`, and what they need.

    `slips` has wrong lines by what is wrong with them; `entries` are what the table shows.
    """

    def __init__(self, lines, given, parameters, forward, loss, entries, slips, rate=1.0):
        self.lines, self.given, self.parameters = lines, given, parameters
        self.forward, self.loss, self.entries = forward, loss, entries
        self.slips, self.rate = slips, rate

    def made(self, lines, given):
        """What each line makes of `given`, one after the other, as it is then."""
        given = {key: copied(value) for key, value in given.items()}
        scope, trace = {"np": np, "math": math} | given | self.forward(given), []
        for line in lines:
            exec(compiled(line), scope)
            trace.append({name: copied(scope[name]) for name in made_by(line).split(", ")})
        return trace

    def gradients(self, lines, given):
        """By name, the gradients that `lines` make."""
        scope = {name: value for made in self.made(lines, given) for name, value in made.items()}
        return {name: np.asarray(scope[f"dL_d{name}"]) for name in self.parameters}

    def nudged(self, given):
        """By name, the same by central differences of the loss."""
        values = {name: np.array(given[name], float) for name in self.parameters}
        slopes = numerical_gradient(lambda: self.loss(given | values), list(values.values()))
        return dict(zip(self.parameters, slopes))

    def error(self, lines, case):
        """The largest relative error of a gradient on a case; infinite where a shape is wrong."""
        given = self.given | case
        ours = self.gradients(lines, given)
        pairs = [(ours[name], slope) for name, slope in self.nudged(given).items()]
        fitting = all(a.shape == b.shape for a, b in pairs)
        return max(relative_error(a, b) for a, b in pairs) if fitting else math.inf

    def losses(self, lines, case):
        """Along a path of descent on a case by the gradients that `lines` make."""
        given, path = self.given | case, []
        for _ in range(STEPS):
            path.append(float(self.loss(given)))
            ours = self.gradients(lines, given)
            given |= {name: given[name] - self.rate * ours[name] for name in self.parameters}
            given["gradients"] = list(ours.values())  # for a code that goes on from them
        return path


@functools.cache
def compiled(line):
    return compile(line, "<bug>", "exec")


def statements(source, first=None, last=None):
    """The statements of a function or of a run of a module, as text, without what guards them."""
    tree = ast.parse(source)
    body = tree.body[0].body if isinstance(tree.body[0], ast.FunctionDef) else tree.body
    lines = source.split("\n")
    texts = ["\n".join(lines[node.lineno - 1 : node.end_lineno]).strip() for node in body]
    texts = [re.sub(r" +# .*$", "", text) for text in texts]  # a shape would give the line away
    if first:
        begin, end = (
            next(i for i, text in enumerate(texts) if text.startswith(f"{name} ="))
            for name in (first, last)
        )
        return texts[begin : end + 1]
    return [t for t in texts if not t.startswith(("return", "_check", '"""'))]


@functools.cache
def body(function):
    """The statements of a function, without what guards them."""
    return statements(textwrap.dedent(inspect.getsource(function)))


def bug(code, title, level, idea, section, cause, why, fixes, case, blind=None):
    """A bug: the slip of this `cause` takes the place of the line that makes the same name.

    `why` is the principle, and `fixes` are lines that do not mend it. `case` is the name and the
    numbers of the check that shows it, `blind` of one that does not.
    """
    new = code.slips[cause]
    place = place_of(new, code.lines)
    lines = [*code.lines[:place], new, *code.lines[place + 1 :]]
    check, numbers = case
    given = code.given | numbers
    right_error, wrong_error = (code.error(each, numbers) for each in (code.lines, lines))
    if not right_error < PASSED < wrong_error / 100:
        raise ValueError(f"{title}: the check gives {right_error} when right, {wrong_error} wrong")
    if lines[place] == code.lines[place]:
        raise ValueError(f"{title}: no line differs")
    ours, nudged = code.gradients(lines, given), code.nudged(given)
    clues = [
        f"`{name}` {'is right' if close(ours[name], nudged[name]) else 'is wrong'}"
        for name in code.parameters
    ]
    wrong = "a shape is wrong" if wrong_error == math.inf else magnitude(wrong_error)
    proof = (
        f"Relative error on {check}: {wrong} with the wrong line, {magnitude(right_error)} with "
    )
    proof += "the right one."
    if blind:
        unseen = code.error(lines, blind[1])
        if not unseen < PASSED:
            raise ValueError(f"{title}: seen on {blind[0]}, too: {unseen}")
        proof += f" With {blind[0]} the wrong line passes as well: {magnitude(unseen)}."
    solution = (
        f"```python\n{new}\n```\n\nhas to be\n\n```python\n{code.lines[place]}\n```\n\n{why}\n\n"
    )
    solution += f"{proof} What the nudges tell: {', '.join(clues)}."
    text = f"Level: {LEVELS[level]} · idea: {idea} · case: {check}\n\n"
    text += (
        table(code, ours, nudged)
        + "\n\n"
        + curve(code.losses(lines, numbers), code.losses(code.lines, numbers))
    )
    steps = [
        which_line(code, lines, place, given),
        which_cause(code, ours, given, cause),
        which_fix(code, lines, place, fixes, numbers, given, nudged),
    ]
    made = variant(
        steps, f"The gradients: {', '.join(clues)}. Where is the first wrong one made?", solution
    )
    return {
        "title": title,
        "idea": idea,
        "section": section,
        "level": level,
        "variants": [made | {"text": text}],
    }


def place_of(line, lines):
    """Where the line stands that `line` is a wrong version of: they make the same name."""
    [place] = [i for i, other in enumerate(lines) if made_by(other) == made_by(line)]
    return place


def made_by(line):
    return line.partition("=")[0].strip(" -")


def which_line(code, lines, place, given):
    """The first step: for each line, whether what it makes is right."""
    right, wrong = code.made(code.lines, given), code.made(lines, given)
    items = [item([str(place)], f"`{lines[place]}`", "")]
    for number, line in enumerate(lines):
        name, fine = made_by(line), same(wrong[number], right[number])
        what = f"What this line makes, `{name}`, is "
        why = (
            "right. Follow what is wrong."
            if fine
            else "wrong, but only because it gets wrong numbers. Look further up."
        )
        if number != place:
            items.append(item([str(number)], f"`{line}`", what + why))
    options = [[str(number), f"`{line}`"] for number, line in enumerate(lines)]
    return {"kind": "choice", "ask": "Which line is wrong?", "options": options, "items": items}


def which_cause(code, ours, given, cause):
    """The second step: two other causes, each with the number that it would have left."""
    found = []
    for other, line in code.slips.items():
        place = place_of(line, code.lines)
        theirs = code.gradients([*code.lines[:place], line, *code.lines[place + 1 :]], given)
        if other != cause and (differing := differs(theirs, ours)):
            entry, then, now = differing
            found.append((other, f"Then `{entry}` would be {then}. It is {now}."))
    first = sum(map(ord, cause)) % (len(found) - 1)  # not always the same two
    return choose("What is wrong with it?", cause, found[first : first + 2])


def differs(theirs, ours):
    """The first entry that differs clearly, and both its values; None if there is none."""
    for name in ours:
        a, b = theirs[name], ours[name]
        if a.shape != b.shape:
            return f"dL_d{name}", f"of shape `{a.shape}`", f"of shape `{b.shape}`"
        for index in np.ndindex(a.shape):
            if abs(a[index] - b[index]) > 1e-3 * max(abs(a[index]), abs(b[index]), 1e-9):
                return (
                    entry_name(name, index),
                    n(float(a[index]) + 0.0, 3),
                    n(float(b[index]) + 0.0, 3),
                )
    return None


def which_fix(code, lines, place, fixes, numbers, given, nudged):
    """The third step: each fix that is none is run, and the check still fails."""
    wrong = []
    for fix in fixes:
        changed = [*lines[:place], fix, *lines[place + 1 :]]
        try:
            error, found = code.error(changed, numbers), code.gradients(changed, given)
        except ValueError as problem:
            wrong.append((f"`{fix}`", f"It does not even run: {str(problem).partition(':')[0]}."))
            continue
        if error < PASSED * 100:
            raise ValueError(f"`{fix}` mends it: {error}")
        entry, then, now = differs(found, nudged)
        wrong.append(
            (f"`{fix}`", f"The check still fails: `{entry}` becomes {then}, nudging gives {now}.")
        )
    return choose("Which line mends it?", f"`{code.lines[place]}`", wrong)


def close(a, b):
    return a.shape == b.shape and relative_error(a, b) < PASSED


def entry_name(name, index):
    return f"dL_d{name}" + (f"[{', '.join(map(str, index))}]" if index else "")


def table(code, ours, nudged):
    """Yours and nudged, entry by entry; the nudged ones are for asking."""
    rows = []
    for name, index in code.entries:
        fits = ours[name].shape == nudged[name].shape
        own = n(float(ours[name][index]) + 0.0, 4) if fits else f"an array {ours[name].shape}"
        button = '<button class="answer nudge" type="button">Nudge it</button>'
        seen = f'<span class="nudged">{n(float(nudged[name][index]) + 0.0, 4)}</span>'
        rows.append(
            f"<tr><td><code>{entry_name(name, index)}</code></td><td>{own}</td>"
            f"<td>{button}{seen}</td></tr>"
        )
    head = "<tr><th>Gradient</th><th>Yours</th><th>Nudged</th></tr>"
    return (
        f'<p class="answer">You may nudge {NUDGES} of them. Which tell most?</p>\n\n'
        f'<table data-nudges="{NUDGES}"><thead>{head}</thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def curve(wrong, right):
    """The losses of training with this code and with the right one, as a small drawing."""
    values = [value for value in (*wrong, *right) if math.isfinite(value)]
    low, high = min(0.0, *values), min(max(values), 4 * max(right))

    def points(path):
        kept = [(i, min(value, high)) for i, value in enumerate(path) if math.isfinite(value)]
        return " ".join(
            f"{4 + 292 * i / (STEPS - 1):.0f},{72 - 64 * (value - low) / (high - low):.1f}"
            for i, value in kept
        )

    ends = [f"from {n(path[0], 3)} to {n(path[-1], 3)}" for path in (wrong, right)]
    text = f"Loss over {STEPS} steps with this code: {ends[0]}; with the right one: {ends[1]}."
    lines = "".join(
        f'<polyline points="{points(path)}" fill="none" stroke="var(--figure-{colour})" '
        f'stroke-width="2"{dash}/>'
        for path, colour, dash in (
            (right, "muted", ' stroke-dasharray="5 4"'),
            (wrong, "backward", ""),
        )
    )
    return (
        f'<div class="curve"><svg viewBox="0 0 300 76" aria-hidden="true">{lines}</svg>'
        f"<p>{text}</p></div>"
    )
