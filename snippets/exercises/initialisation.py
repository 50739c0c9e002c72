"""Exercises on first weights."""

import math

from snippets.exercises import choice, exercise, number
from snippets.tables import n

STEP = "[The factor of a layer](deeper/initialisation.md#the-factor-of-a-layer-step-by-step)"
FIFTY = "[Fifty layers, measured](deeper/initialisation.md#fifty-layers-measured)"
WIDTHS = [(units,) for units in (8, 18, 32, 50, 72, 98, 128, 200, 288, 512)]


@exercise("He's weights", "initialisation", STEP, WIDTHS)
def he_weights(units):
    right = math.sqrt(2 / units)
    return number(
        f"A layer with ReLU has {units} inputs. Which standard deviation does He's rule give "
        f"its weights?",
        right,
        [
            (2 / units, "is the variance. The standard deviation is its root."),
            (math.sqrt(1 / units), "leaves out the 2: ReLU cuts off half of the squares."),
            (math.sqrt(2 * units), "multiplies by the inputs. More inputs need smaller weights."),
        ],
        hint="The *variance* is 2 over the number of inputs.",
        solution=f"$\\sqrt{{2 / {units}}} = {n(right, 3)}$.",
        within=0.0005,
        digits=3,
    )


@exercise(
    "Too small by a tenth",
    "initialisation",
    FIFTY,
    [(k,) for k in (10, 20, 30, 40, 50, 60, 80, 12, 25, 15)],
)
def a_tenth_less(layers):
    return number(
        "All weights are drawn with 0.9 times the neutral standard deviation. By what factor "
        "has a signal "
        f"shrunk after {layers} layers?",
        0.9**layers,
        [
            (0.9, "is the factor of a single layer."),
            (0.81**layers, "squares it: that is what becomes of the *variance*."),
            (1 - 0.1 * layers, "subtracts a tenth a layer. Factors multiply."),
        ],
        hint="What is the factor of one layer? Then of all of them.",
        solution=f"$0.9^{{{layers}}} = {n(0.9**layers, 3)}$. A small error in each layer is a "
        f"large one in all.",
        within=float(f"{min(0.9**layers - 0.81**layers, 0.81**layers) / 4:.0e}"),
        digits=3,
    )


@exercise("All weights alike", "initialisation", STEP)
def all_alike():
    return choice(
        "You start with all weights of a hidden layer equal, say 0.1. What happens?",
        "All units stay equal: the layer is as good as a single unit",
        [
            (
                "Nothing: training moves them apart",
                "Equal units get equal gradients, so each step keeps them equal.",
            ),
            ("All gradients are 0", "They are not 0, but they are the same for every unit."),
        ],
        hint="What do two units with the same weights put out, and which gradients do they get?",
        solution="The same inputs, the same outputs, the same gradients, the same steps. "
        "Random first "
        "weights break the tie.",
    )
