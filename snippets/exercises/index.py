"""Exercises on what a gradient is."""

from itertools import product

from snippets.exercises import choice, exercise, number
from snippets.tables import n

WHAT = "[What is backpropagation?](index.md#what-is-backpropagation)"


@exercise("Which way is down?", "gradient", WHAT, product((-0.13, 0.4, -2.5, 0.07, -0.6), (1, 2)))
def which_way(slope, layer):
    down, up = ("raise it", "lower it") if slope < 0 else ("lower it", "raise it")
    return choice(
        f"The gradient of the loss with respect to a weight in layer {layer} is ${slope}$. "
        "Which way should the weight go so that the loss falls?",
        f"{down.capitalize()} a little",
        [
            (
                f"{up.capitalize()} a little",
                f"The gradient says how the loss moves as the weight *rises*. Here the loss "
                f"{'falls' if slope < 0 else 'rises'} then.",
            ),
            (
                "It cannot be told without the weight itself",
                "The slope alone tells the direction. The size of the weight does not matter.",
            ),
        ],
        hint="A positive slope goes uphill to the right. And a negative one?",
        solution=f"The slope is {'negative' if slope < 0 else 'positive'}: as the weight "
        f"rises, the "
        f"loss {'falls' if slope < 0 else 'rises'}. So {down}, against the sign of the gradient.",
    )


@exercise("Is it a cake?", "gradient", WHAT)
def not_a_cake():
    whole, weights = -0.13, [0.5, 1.0, -1.25]
    parts = [weight * whole for weight in weights]
    shown = ", ".join(f"${n(part, 3)}$" for part in parts)
    return choice(
        f"The gradient at the input of an output unit is ${whole}$. Three hidden units feed it "
        f"through "
        f"the weights {', '.join(f'${weight}$' for weight in weights)}. Do the gradients of these "
        "three units have to add up to it?",
        "No",
        [
            (
                "Yes, it is divided among them",
                f"They are {shown}, which adds up to ${n(sum(parts), 3)}$. A gradient is a "
                f"slope, and "
                "slopes are not shares of anything.",
            ),
            (
                "Yes, but only without their signs",
                f"Without signs they add up to ${n(sum(map(abs, parts)), 3)}$, which is not "
                f"${abs(whole)}$ either.",
            ),
        ],
        hint="Could a unit matter *more* than the one it feeds? Think of a large weight.",
        solution=f"They are {shown}: the gradient of the output unit, times each weight. "
        "Each says how fast the "
        "loss moves if this unit alone is nudged, and such speeds need not add up to anything.",
    )


STEPS = [(-0.4, 0.1), (0.6, 0.05), (-1.5, 0.02), (2.5, 0.1), (-0.8, 0.03)]
STEPS += [(0.9, 0.2), (-3.0, 0.01), (1.2, 0.05), (-0.25, 0.2), (4.0, 0.01)]


@exercise("A nudge, predicted", "gradient", WHAT, STEPS)
def nudge_predicted(slope, nudge):
    return number(
        f"The gradient with respect to a weight is ${slope}$. You raise the weight by "
        f"${nudge}$. By "
        "how much does the loss move, roughly?",
        slope * nudge,
        [
            (
                -slope * nudge,
                "has the wrong sign: the weight rises, so the loss follows the slope.",
            ),
            (slope, "would be the move for a nudge of 1. This one is smaller."),
            (slope / nudge, "divides by the nudge. A slope is a move for each step: multiply."),
        ],
        hint="The slope says how far the loss moves for each unit that the weight moves.",
        solution=f"Slope times nudge: ${slope} \\times {nudge} = {n(slope * nudge)}$. It is "
        f"exact only "
        "for a small nudge, because the slope itself changes on the way.",
    )
