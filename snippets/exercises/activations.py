"""Exercises on the slopes of activation functions."""

import math
from itertools import product

from snippets.exercises import choice, exercise, line, number
from snippets.tables import n

TOP = "[Activation function derivatives](activations.md#activation-function-derivatives)"
RELU = "[ReLU](activations.md#relu)"
SIGMOID = "[Sigmoid](activations.md#sigmoid)"
TANH = "[Tanh](activations.md#tanh)"
SOFTMAX = "[Softmax](activations.md#softmax-special-case)"


@exercise("tanh, from its output", "activation", TANH, product((0.8, 0.6, 0.7, 0.9, 0.3), (-1, 1)))
def tanh_from_output(size, sign):
    a = size * sign
    return number(
        f"A unit with tanh put out $a = {a}$. What is its slope there?",
        1 - a * a,
        [
            (1 - math.tanh(a) ** 2, "applies tanh once more. $a$ has been through it already."),
            (1 - a, "forgets the square: the slope is $1 - a^2$."),
            (a * (1 - a), "is the rule of the sigmoid. That of tanh is $1 - a^2$."),
        ],
        hint="The slope of tanh is written in terms of its output.",
        solution=f"$1 - a^2 = 1 - {n(a * a)} = {n(1 - a * a)}$.",
        within=0.001,
        digits=3,
    )


@exercise("The sigmoid at z", "activation", SIGMOID, product((1, 1.5, 2, 2.5, 3), (1, -1)))
def sigmoid_at_z(size, sign):
    z = size * sign
    a = 1 / (1 + math.exp(-z))
    return number(
        f"At $z = {n(z)}$ the sigmoid is $a = {a:.4f}$. What is its slope?",
        a * (1 - a),
        [
            (z * (1 - z), "puts $z$ into $a(1 - a)$. This rule takes the *output*."),
            (1 - a, "leaves out $a$: the slope is $a(1 - a)$."),
            (1 - a * a, "is the rule of tanh. That of the sigmoid is $a(1 - a)$."),
        ],
        hint="The slope of the sigmoid is written in terms of its output.",
        solution=f"$a(1 - a) = {a:.4f} \\times {1 - a:.4f} = {a * (1 - a):.4f}$.",
        within=0.001,
        digits=4,
    )


@exercise("At most a quarter", "activation", SIGMOID)
def at_most_a_quarter():
    return choice(
        "For which output $a$ is the slope of the sigmoid largest?",
        f"$a = 0.5$, where it is ${0.5 * 0.5}$",
        [
            (
                "$a = 1$, where the unit is sure",
                f"There the slope is $1 \\times (1 - 1) = {1 * 0}$.",
            ),
            ("$a = 0.25$, a quarter", f"There it is ${0.25 * 0.75}$, which is less than at 0.5."),
        ],
        hint="Where is the S-shaped curve steepest?",
        solution="$a(1 - a)$ is largest in the middle, where $z = 0$. So each sigmoid on the "
        "way back "
        "takes away at least three quarters of the gradient.",
    )


@exercise("Fill in: the slope of ReLU", "activation", RELU)
def slope_of_relu():
    import numpy as np

    return line(
        "`A` is what the ReLU put out. Which entries let the gradient through?",
        "A = np.maximum(Z, 0)\nslope = ____",
        "A > 0",
        [
            ("A >= 0", "is true everywhere: after the ReLU nothing is negative."),
            ("A", "is the output. The slope is 1 or 0."),
            ("np.maximum(A, 0)", "is the ReLU once more, not its slope."),
        ],
        {"Z": np.array([-1.0, 0.0, 2.0])},
        hint="The slope is 1 where the ReLU passed something on. How can one see that from its "
        "output?",
        solution="`A > 0`: the output is positive exactly where the input was.",
        also=("Z > 0", "0 < A", "0 < Z"),
    )


@exercise("Two linear layers", "activation", TOP, product((6, 7, -2, 4, 9), (0.5, -3)))
def two_linear_layers(v, w):
    return number(
        f"A layer computes ${v}x + 1$, the next one ${n(w)}$ times what it gets, plus 2, with no "
        "activation function. Together they are a single linear layer. What is its weight?",
        v * w,
        [
            (v + w, "adds the weights. The second multiplies what the first one made."),
            (w + 2, "mixes in the bias, which moves the line but not its slope."),
            (v * w + 2, "adds the bias of the second layer, which is not part of the weight."),
        ],
        hint="Put the first expression into the second, and look at what stands before $x$.",
        solution=f"${n(w)} \\times ({v}x + 1) + 2 = {n(v * w)}x + {n(w + 2)}$: one linear "
        f"layer. That is "
        "why a network needs a bend between its layers.",
    )


@exercise("Softmax, shifted", "softmax", SOFTMAX)
def softmax_shifted():
    return choice(
        "You add 100 to every score of a row. What does softmax put out then?",
        "The same as before",
        [
            (
                "Larger probabilities for all",
                "They would no longer sum to 1. Every `exp` grows by the same factor, and so does "
                "their sum.",
            ),
            (
                "The largest score gets nearly all",
                "That is what *multiplying* the scores does. Their differences are as before.",
            ),
        ],
        hint="$e^{z + 100} = e^{100} e^z$. What happens to this factor?",
        solution="The factor $e^{100}$ stands above and below, and cancels. That is why code "
        "subtracts "
        "the largest score first: it changes nothing, and no `exp` overflows.",
    )
