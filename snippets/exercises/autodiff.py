"""Exercises on graphs and the order of the way back."""

from itertools import product

from snippets import autodiff
from snippets.exercises import choice, exercise, number, order, program

ADD = "[Why gradients add](deeper/autodiff.md#why-gradients-add)"
TOPOLOGICAL = "[Why the order is topological](deeper/autodiff.md#why-the-order-is-topological)"
SHARING = "[What sharing saves](deeper/autodiff.md#what-sharing-saves)"


@exercise("A node used twice", "paths add", ADD, product((2, 3, 5), (3, 4), (7, 9)))
def used_twice(p, q, r):
    a = autodiff.Node(1.0)
    b = a * p
    right = autodiff.gradients_of(b * q + b * r)[a]
    return number(
        f"$b = {p}a$, $c = {q}b$, $d = {r}b$ and $e = c + d$. What is $\\frac{{de}}{{da}}$?",
        right,
        [
            (p * q, "is what arrives through $c$ alone."),
            (q + r, f"is what arrives at $b$. From there on to $a$ it is ${p}$ times as much."),
            (p * q + r, f"adds ${r}$ only after $b$. The path through $d$ also goes on to $a$."),
            (p * q * r, "multiplies the two paths. Along a path slopes multiply; paths add."),
            (
                p * (2 * q + r),
                "counts the path through $c$ twice: $b$ has handed on before all was there.",
            ),
        ],
        hint="What arrives at $b$, in all? Then on to $a$.",
        solution=f"At $b$ arrive ${q} + {r} = {q + r}$. Handed on once: ${p} \\times {q + r} = "
        f"{right:g}$.",
    )


@exercise("When may a node hand on?", "order", TOPOLOGICAL)
def when_to_hand_on():
    return choice(
        "On the way back, when may a node hand its gradient on?",
        "When all nodes that use it have had their turn",
        [
            (
                "As soon as something arrives",
                "More may come later. Then it hands on what it already handed on, once more.",
            ),
            (
                "When all its inputs have had their turn",
                "That is the order of the forward pass. Backward, its *users* come first.",
            ),
        ],
        hint="Paths meet in the node. When is the sum complete?",
        solution="Only then is its gradient complete. The topological order, in reverse, sees "
        "to that.",
    )


@exercise("How many paths?", "reuse", SHARING, [(k,) for k in range(5, 15)])
def how_many_paths(k):
    return number(
        f"{k} times in a row, a result is used twice in the next step. How many paths lead "
        f"from the start "
        "to the end?",
        2**k,
        [
            (2 * k, "adds. Each step *doubles* the paths."),
            (k * k, "squares the number of steps. Each step doubles the paths."),
            (2 ** (k - 1), "leaves out one step."),
        ],
        hint="How many are there after one step? And after two?",
        solution=f"$2^{{{k}}} = {2**k}$. A walk along every path takes as many; the "
        f"topological order "
        "visits each node once.",
    )


@exercise("A graph in order", "order", TOPOLOGICAL)
def graph_in_order():
    return order(
        "The gradients of `e = c + d`, `c = 3 * b`, `d = 4 * b`, `b = 2 * a`, as lines. Put "
        "them in order.",
        [
            "de_dc = 1 * de_de",
            "de_dd = 1 * de_de",
            "de_db = 3 * de_dc + 4 * de_dd",
            "de_da = 2 * de_db",
        ],
        {"de_de": 1.0},
        hint="A line may come when all that it adds up is there.",
        solution="`c` and `d` may change places. `b` waits for both.",
    )


@exercise("Program it: the topological order", "order", TOPOLOGICAL)
def write_the_order():
    return program(
        "Write the function that puts the nodes of a graph in order, and the way back that "
        "uses it.",
        "topological_order",
        hint="Visit the inputs first, then append the node. Remember which nodes were met.",
    )
