"""Exercises on checking gradients."""

from itertools import product

from snippets.exercises import choice, exercise, number, program
from snippets.tables import n

OWN = "[Check your own model](deeper/gradient-checking.md#check-your-own-model)"
STEP = "[How large a step?](deeper/gradient-checking.md#how-large-a-step)"
KINKS = "[Kinks](deeper/gradient-checking.md#kinks)"


@exercise(
    "Across the kink", "ReLU", KINKS, product((0.001, 0.002, 0.004, 0.006, 0.008), (0.01, 0.02))
)
def across_the_kink(z, h):
    above, below = max(0, z + h), max(0, z - h)
    return number(
        f"A ReLU sits at $z = {z}$, and the check nudges it by $h = {h}$. What slope does it "
        f"measure, by "
        "central differences?",
        (above - below) / (2 * h),
        [
            (1.0, "is the slope at $z$. But the nudge down crosses the kink."),
            (0.5, "would be measured exactly at the kink. $z$ lies a little above it."),
            (0.0, "is the slope below the kink. The nudge up stays above it."),
        ],
        hint="Work out the ReLU at $z + h$ and at $z - h$.",
        solution=f"ReLU gives ${n(above)}$ above and ${n(below)}$ below: ${n(above - below)} / "
        f"{2 * h} = "
        f"{n((above - below) / (2 * h))}$. The gradient is right, and the check fails.",
        within=0.002,
        digits=3,
    )


@exercise("One side or both?", "gradient check", STEP, product((1, 2, 3, 5, 4), (0.1, 0.2)))
def one_side_or_both(x, h):
    both = ((x + h) ** 3 - (x - h) ** 3) / (2 * h)
    return number(
        f"$L = w^3$ at $w = {x}$, whose slope is ${3 * x * x}$. What do central differences with "
        f"$h = {h}$ give?",
        both,
        [
            (((x + h) ** 3 - x**3) / h, "is a forward difference: from $w$ to $w + h$ alone."),
            (2 * both, "divides by $h$. The two points are $2h$ apart."),
            (both - 2 * h * h, "has the error with the wrong sign."),
        ],
        hint=f"$({x} + {h})^3$ and $({x} - {h})^3$; their difference, over the distance.",
        solution=f"${n(both)}$: off by $h^2 = {n(h * h)}$ only, while a forward difference "
        f"would be off by "
        f"about $3wh = {n(3 * x * h)}$.",
        within=0.001,
    )


@exercise("A step too small", "gradient check", STEP)
def too_small():
    h = 1e-13
    measured = ((1 + h) ** 2 - (1 - h) ** 2) / (2 * h)
    return choice(
        f"$L = w^2$ at $w = 1$ has the slope 2. With $h = 10^{{-13}}$ Python measures "
        f"{measured:.5f}. What "
        "is wrong?",
        "The two losses agree in nearly all digits, and their difference is mostly rounding",
        [
            (
                "The formula is too coarse: the next term of the series is missing",
                "That error shrinks with $h^2$; here it would be around $10^{-26}$.",
            ),
            (
                "The gradient of the square is wrong",
                "The slope of $w^2$ at 1 is 2. It is the measurement that is off.",
            ),
        ],
        hint="How many digits has a float64, and how many of them differ between the two losses?",
        solution="A float64 has about sixteen digits. The two losses differ from the "
        "thirteenth on: "
        "three digits are left for the slope. A larger step loses fewer.",
    )


@exercise(
    "Wrong by the same factor everywhere",
    "gradient check",
    OWN,
    [(k,) for k in (3, 4, 5, 6, 8, 10, 16, 20, 32, 64)],
)
def same_factor(k):
    return number(
        f"Your gradient is ${k}$ times as long as the right one, in the same direction. What is "
        "$\\|a - b\\| / (\\|a\\| + \\|b\\|)$?",
        (k - 1) / (k + 1),
        [
            (k - 1, "divides by the right one alone."),
            ((k - 1) / k, "divides by yours alone. Both lengths are added."),
            (1 / k, "is the ratio of the lengths."),
        ],
        hint=f"Let the right one have the length 1. Yours has {k}, and they are {k - 1} apart.",
        solution=f"$({k} - 1) / ({k} + 1) = {n((k - 1) / (k + 1), 3)}$.",
        within=float(f"{1 / k / k / 10:.0e}"),
        digits=3,
    )


@exercise("Program it: a gradient check", "gradient check", OWN)
def write_a_check():
    return program(
        "Write the check itself: slopes by central differences, for a list of numbers.",
        "gradient_check",
        hint="One entry at a time: up, down, and back to where it was.",
    )
