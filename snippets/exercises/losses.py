"""Exercises on the gradients of losses."""

import math
from itertools import product

import numpy as np

from snippets.exercises import choice, exercise, line, number, program
from snippets.tables import n

MSE = "[Mean squared error](losses.md#mean-squared-error-mse)"
BINARY = "[Binary cross-entropy](losses.md#binary-cross-entropy)"
CLASSES = "[Categorical cross-entropy](losses.md#categorical-cross-entropy)"
SHARES = [(0.2, 0.7, 0.1), (0.5, 0.3, 0.2), (0.1, 0.6, 0.3), (0.25, 0.15, 0.6), (0.4, 0.35, 0.25)]


def row(values):
    return "(" + ", ".join(f"${n(value + 0.0, 3)}$" for value in values) + ")"


@exercise("The gradient at the scores", "cross-entropy", CLASSES, product(SHARES, (0, 1)))
def at_the_scores(shares, label):
    target = [float(k == label) for k in range(3)]
    right = [a - y for a, y in zip(shares, target)]
    turned = [-entry for entry in right]
    alone = [entry * y for entry, y in zip(right, target)]
    before = [-y / a for a, y in zip(shares, target)]
    return choice(
        f"Softmax puts out {row(shares)}, and the right class, counted from 0, is {label}. "
        "What is the gradient of the cross-entropy at the scores $z$?",
        row(right),
        [
            (row(alone), "The other scores feed the sum below softmax, so they have a slope, too."),
            (row(before), "This is the gradient at $\\hat{y}$, before softmax is passed."),
            (row(turned), "The signs are turned: it is $\\hat{y} - y$, the prediction first."),
        ],
        hint="For softmax with cross-entropy there is a short form: $\\hat{y} - y$.",
        solution=f"$\\hat{{y}} - y$, with $y$ one-hot: {row(shares)} − {row(target)} = "
        f"{row(right)}. "
        "It sums to 0.",
    )


@exercise("The 1/N of a mean", "mean", MSE, product((4, 5, 10, 20, 8), ((0.9, 0.4), (0.2, 0.7))))
def one_entry_of_a_mean(N, pair):
    y_hat, y = pair
    return number(
        f"The loss is the mean of the squared errors of {N} predictions. One of them is "
        f"$\\hat{{y}} = {y_hat}$ with $y = {y}$. What is the gradient with respect to it?",
        2 * (y_hat - y) / N,
        [
            (2 * (y_hat - y), f"forgets the mean: a mean over {N} divides every gradient by {N}."),
            ((y_hat - y) / N, "leaves out the 2 of the square."),
            ((y_hat - y) ** 2 / N, "is what it adds to the loss, not a slope."),
            (2 * (y - y_hat) / N, "has the wrong sign: the prediction comes first."),
            (y_hat - y, "is the error itself: the 2 of the square and the mean are missing."),
        ],
        hint="First the slope of one squared error. Then the mean.",
        solution=f"$2 \\times ({y_hat} - {y}) / {N} = {n(2 * (y_hat - y) / N)}$.",
        within=0.0005,
        digits=3,
    )


WRONG = [0.01, 0.02, 0.05, 0.03, 0.04, 0.08, 0.06, 0.1, 0.005, 0.002]


@exercise("Sure, and wrong", "cross-entropy", BINARY, [(a,) for a in WRONG])
def sure_and_wrong(a):
    return number(
        f"A sigmoid puts out $\\hat{{y}} = {a}$, and $y = 1$. What is the gradient of the "
        f"cross-entropy "
        "at $z$?",
        a - 1,
        [
            (
                2 * (a - 1) * a * (1 - a),
                "is that of the squared error: the flat sigmoid is left in it.",
            ),
            (-1 / a, "is the gradient at $\\hat{y}$, before the sigmoid is passed."),
            (1 - a, "has the wrong sign: it is $\\hat{y} - y$."),
            (
                (-math.log(a), round(-math.log(a), 1)),
                "is the loss itself, not its gradient.",
            ),
        ],
        hint="For sigmoid with cross-entropy, too, there is a short form at $z$.",
        solution=f"$\\hat{{y}} - y = {a} - 1 = {n(a - 1)}$. With the squared error it would be "
        f"{n(2 * (a - 1) * a * (1 - a), 2)}: the unit is wrong, and learns next to nothing "
        f"from it.",
        within=0.001,
        digits=4,
    )


@exercise("Who learns from a bad mistake?", "cross-entropy", BINARY)
def who_learns():
    a = 0.01
    squared, entropy = 2 * (a - 1) * a * (1 - a), a - 1
    return choice(
        f"$\\hat{{y}} = {a}$, but $y = 1$. With which loss does the unit move faster at $z$?",
        "With cross-entropy",
        [
            (
                "With the squared error: the error is squared",
                f"At $z$ its gradient is {n(squared, 3)}, against {n(entropy, 3)}: the sigmoid "
                f"is flat "
                "there, and its slope is one of the factors.",
            ),
            (
                "With both alike",
                f"The gradients are {n(entropy, 3)} and {n(squared, 3)}. With cross-entropy "
                f"the slope "
                "of the sigmoid cancels.",
            ),
        ],
        hint="Both gradients have the slope of the sigmoid as a factor. In which does it cancel?",
        solution=f"Cross-entropy: {n(entropy, 3)}. Squared error: {n(squared, 3)}.",
    )


@exercise("Fill in: the gradient of the mean", "mean", CLASSES)
def mean_over_rows():
    return line(
        "`A` `(N, K)` comes from softmax, `Y` is one-hot. The loss is the mean over the rows.",
        "dL_dZ = ____",
        "(A - Y) / len(A)",
        [
            ("A - Y", "is the gradient of the *sum* over the rows. The loss is their mean."),
            (
                ("(A - Y) / A.size", "(A - Y) / (N * K)", "(A - Y) / N / K"),
                "divides by all entries. The mean is over the rows.",
            ),
            ("(A - Y) / K", "divides by the number of classes. The mean is over the N rows."),
            (
                ("(Y - A) / len(A)", "(Y - A) / N"),
                "has the wrong sign: the prediction comes first.",
            ),
        ],
        {"A": np.array([[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]), "Y": np.array([[1, 0, 0], [0, 1, 0]])}
        | {"N": 2, "K": 3},
        hint="The short form, and then the mean over the N rows.",
        solution="`(A - Y) / len(A)`.",
        also=(
            "(A - Y) / len(Y)",
            "(A - Y) / N",
            "1 / N * (A - Y)",
            "(A - Y) / A.shape[0]",
            "(A - Y) / Y.shape[0]",
            "(A-Y)*(1/len(A))",
        ),
    )


@exercise("Program it: softmax with cross-entropy", "cross-entropy", CLASSES)
def write_softmax():
    return program(
        "Write the loss and its gradient at the scores, for one example, with lists of floats.",
        "softmax_cross_entropy",
        hint="Subtract the largest score first. The gradient is the softmax, with 1 taken from the "
        "entry of the label.",
    )
