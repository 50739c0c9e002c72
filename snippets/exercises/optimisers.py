"""Exercises on optimisers."""

from itertools import product

from snippets.exercises import choice, exercise, number
from snippets.tables import n

THREE = "[Three optimisers](deeper/optimisers.md#three-optimisers)"
LARGE = "[How large may a step be?](deeper/optimisers.md#how-large-may-a-step-be)"


@exercise(
    "The largest learning rate",
    "learning rate",
    LARGE,
    [(c,) for c in (4, 5, 8, 10, 16, 20, 25, 40, 50, 100)],
)
def largest_rate(curvature):
    return number(
        f"In a valley $L = \\frac{{1}}{{2}} \\cdot {curvature} p^2$, above which learning rate "
        f"does "
        "gradient descent diverge?",
        2 / curvature,
        [
            (
                1 / curvature,
                "reaches the bottom in one step. Up to twice that it still comes closer.",
            ),
            (curvature / 2, "is upside down: the steeper the valley, the smaller the rate."),
            (2 * curvature, "grows with the curvature. A steeper valley needs a smaller rate."),
        ],
        hint="A step multiplies $p$ by $1 - \\eta \\lambda$. When is that below $-1$?",
        solution=f"$1 - {curvature} \\eta < -1$ for $\\eta > 2/{curvature} = {n(2 / curvature)}$.",
        within=0.0005,
    )


@exercise("Momentum, second step", "optimiser", THREE, product((0.9, 0.8), (1, 2, -1, 3, -2)))
def second_velocity(mu, g):
    return number(
        f"Momentum with $\\mu = {mu}$ starts at $v = 0$ and gets the gradient ${g}$ twice. "
        f"What is $v$ after "
        "the second step?",
        mu * g + g,
        [
            (2 * g, "forgets that the old velocity fades by $\\mu$."),
            (g, "is $v$ after the first step, or a mean of the two gradients. Momentum adds."),
            (mu * g, "is the old velocity, faded. The new gradient comes on top."),
        ],
        hint="$v \\leftarrow \\mu v + g$, twice.",
        solution=f"First $v = {g}$, then ${mu} \\times ({g}) + ({g}) = {n(mu * g + g)}$.",
    )


@exercise("Adam and scale", "optimiser", THREE)
def adam_and_scale():
    return choice(
        "You multiply the loss by 1000. What happens to the steps of Adam, but for its small "
        "$\\varepsilon$?",
        "Nothing",
        [
            (
                "They are 1000 times as long",
                "That is gradient descent. Adam divides by the root of the mean square.",
            ),
            (
                "They are 1000 times as short",
                "Both the mean and the root grow by 1000: their ratio stays.",
            ),
        ],
        hint="$m$ grows with the gradient. What does $\\sqrt{s}$ do?",
        solution="$m$ and $\\sqrt{s}$ both grow by 1000, and a step is one over the other.",
    )


@exercise("Too large by a hair", "learning rate", LARGE)
def too_large():
    return choice(
        "The valley has two directions, with the curvatures 1 and 100. What limits the "
        "learning rate of "
        "gradient descent?",
        "The curvature 100",
        [
            (
                "Their mean",
                "In the steep direction the steps would still grow, and it takes one direction "
                "to diverge.",
            ),
            ("The curvature 1", "That is the direction that is slow, not the one that diverges."),
        ],
        hint="In which direction does a step overshoot first?",
        solution="The steep direction sets the limit, and the flat one has to live with it. "
        "That is why a "
        "narrow valley takes so many steps.",
    )
