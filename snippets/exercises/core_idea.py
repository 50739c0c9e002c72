"""Exercises on the chain rule."""

from itertools import product

from snippets.exercises import choice, exercise, number, program
from snippets.tables import n

RULE = "[The chain rule](core-idea.md#the-chain-rule)"
SIGMOID = "[The slope of the sigmoid](core-idea.md#the-slope-of-the-sigmoid)"
PATHS = "[Several paths](core-idea.md#several-paths)"
LAYERS = "[A chain of layers](core-idea.md#a-chain-of-layers)"


@exercise("The slope of a square", "chain rule", RULE, product((3, 4, 5, 6), (1, 2, 3), (1,)))
def slope_of_a_square(a, b, x):
    u = a * x + b
    return number(
        f"What is the slope of $y = ({a}x + {b})^2$ at $x = {x}$?",
        2 * u * a,
        [
            (2 * u, f"is the slope of the square alone. Multiply by that of ${a}x + {b}$, too."),
            (2 * x * a, f"takes the outer slope at $x$. It belongs at the inner value, ${u}$."),
            (2 * u + a, "adds the two slopes. Along a chain, slopes multiply."),
        ],
        hint=f"Call the inside $u = {a}x + {b}$. How fast does $u^2$ move with $u$, and $u$ "
        f"with $x$?",
        solution=f"At $x = {x}$ the inside is $u = {u}$. The outer slope is $2u = {2 * u}$, "
        f"the inner "
        f"one ${a}$, and along a chain they multiply: ${2 * u} \\times {a} = {2 * u * a}$.",
    )


@exercise("Three gears", "chain rule", RULE, product((2, 3, 5, 6, 7), (-2, 0.5), (4,)))
def three_gears(first, second, third):
    rates = f"${first}$ times as fast as $a$, $c$ moves ${n(second)}$ times as fast as $b$"
    right = first * second * third
    return number(
        f"$b$ moves {rates}, and $d$ moves ${third}$ times as fast as $c$. What is "
        f"$\\frac{{dd}}{{da}}$?",
        right,
        [
            (first + second + third, "is the sum of the slopes. Along a chain they multiply."),
            (second * third, "is the slope from $b$ on. The first link is missing."),
            (first * third / second, "divides by the middle slope. Every link multiplies."),
        ],
        hint="How far does $d$ move if $a$ moves by 1? Go from one to the next.",
        solution=f"${first} \\times {n(second) if second > 0 else f'({n(second)})'} \\times "
        f"{third} "
        f"= {n(right)}$: along a chain slopes multiply, signs included.",
    )


@exercise("Two paths from x to e", "paths add", PATHS, product((3, 4, 5), (-2, -3), (2,), (5, 7)))
def two_paths(p, q, r, s):
    right = p * r + q * s
    return number(
        f"$c = {p}x$ and $d = {q}x$. Then $e = {r}c + {s}d$. What is $\\frac{{de}}{{dx}}$?",
        right,
        [
            (p * r * q * s, "multiplies the two paths. Along a path slopes multiply; paths add."),
            (p * r - q * s, "loses a sign: $d$ falls as $x$ rises, and that counts."),
            (p * r, "is the path through $c$ alone. $x$ also reaches $e$ through $d$."),
            (q * s, "is the path through $d$ alone. $x$ also reaches $e$ through $c$."),
        ],
        hint="There are two paths from $x$ to $e$. Find the slope along each of them first.",
        solution=f"Through $c$: ${p} \\times {r} = {p * r}$. Through $d$: "
        f"${q} \\times {s} = {q * s}$. Paths add: ${right}$.",
    )


@exercise("A chain of sigmoids", "chain rule", SIGMOID, product((0.5, 0.6, 0.8, 0.9), (2, -1, 3)))
def through_a_sigmoid(a, w):
    slope = a * (1 - a)
    return number(
        f"A neuron computes $z = {w}x$ and $a = \\sigma(z)$. It put out $a = {a}$. "
        "What is $\\frac{da}{dx}$?",
        w * slope,
        [
            (slope, f"is the slope of the sigmoid alone. $z$ moves ${w}$ times as fast as $x$."),
            (w * a, "leaves out $1 - a$: the slope of the sigmoid is $a(1 - a)$."),
            (w, "is the slope of $z$ alone. The sigmoid has a slope, too."),
        ],
        hint="Two links: from $x$ to $z$, and from $z$ to $a$. The slope of the sigmoid is "
        "$a(1 - a)$.",
        solution=f"$a(1 - a) = {n(slope)}$, and $z$ moves ${w}$ times as fast as $x$: "
        f"${w} \\times {n(slope)} = {n(w * slope)}$.",
        within=0.001,
    )


@exercise("Where to begin", "reuse", LAYERS)
def where_to_begin():
    return choice(
        "The slopes of a chain of ten layers can be multiplied from the loss on, or from the "
        "input on. "
        "Why does backpropagation begin at the loss?",
        "What is found for one layer is used again for every layer nearer to the input.",
        [
            (
                "The product would come out different from the other end.",
                "Numbers may be multiplied in any order. The gradient would be the same.",
            ),
            (
                "The slopes near the loss are larger.",
                "How large they are does not matter for the order. What can be shared does.",
            ),
        ],
        hint="Write down the products for the first and for the second weight. What do they share?",
        solution="All these products begin with the same slopes, those next to the loss. Begun "
        "there, "
        "each layer adds one link to what is already known.",
    )


@exercise("Program it: a chain", "chain rule", RULE)
def write_a_chain():
    return program(
        "Write the chain rule for a chain of functions. Each comes as a pair: the function, "
        "and its slope.",
        "chain_rule",
        hint="Walk forward and keep the value that each function gets; then multiply the "
        "slopes there.",
    )
