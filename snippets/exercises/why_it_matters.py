"""Exercises on slopes by nudging, and what they cost."""

from itertools import product

from snippets.exercises import choice, exercise, number
from snippets.tables import n, spaced

WITHOUT = "[Without backpropagation](why-it-matters.md#without-backpropagation-nudge-it-and-look)"
WITH = "[With backpropagation](why-it-matters.md#with-backpropagation-what-it-costs)"


@exercise("The price of nudging", "cost", WITHOUT, product((100, 250, 1000, 4000, 7500), (1, 4)))
def price_of_nudging(parameters, milliseconds):
    right = 2 * parameters * milliseconds / 1000
    return number(
        f"A network has {spaced(parameters)} parameters, and a forward pass takes "
        f"{milliseconds} ms. How many seconds does one gradient by central differences take?",
        right,
        [
            (right / 2, "counts one pass for each parameter. It takes two nudges, up and down."),
            (2 * milliseconds / 1000, "is the time for one parameter. All of them need it."),
            (right * 1000, "is in milliseconds."),
            (right * 500, "is in milliseconds, and counts one pass for each parameter, not two."),
        ],
        hint="How many times does the network run for each parameter?",
        solution=f"Two passes for each parameter: $2 \\times {parameters} \\times "
        f"{milliseconds}$ ms "
        f"are {n(right)} s. And that is a single step of training.",
    )


@exercise(
    "A slope from two losses",
    "gradient check",
    WITHOUT,
    product((0.01, 0.02, 0.05), (1.15, 0.4, 2.3), (0.06, -0.04)),
)
def slope_from_losses(h, low, change):
    high = low + change
    return number(
        f"You nudge a weight by $h = {h}$ both ways: $L(w + h) = {n(high)}$ and "
        f"$L(w - h) = {n(low)}$. What is the slope?",
        change / (2 * h),
        [
            (change / h, "divides by one nudge. The two weights are $2h$ apart."),
            (change, "is the difference of the losses. A slope divides it by the distance."),
            (
                -change / (2 * h),
                "subtracts the other way round: the loss after the nudge up comes first.",
            ),
        ],
        hint="How far apart are the two weights at which the loss was measured?",
        solution=f"The losses differ by ${n(change)}$, the weights by $2h = {n(2 * h)}$: the "
        f"slope is "
        f"${n(change)} / {n(2 * h)} = {n(change / (2 * h))}$.",
        within=0.001,
    )


@exercise("Twice as many parameters", "cost", WITH)
def twice_as_many():
    return choice(
        "You double the number of parameters of a network. What happens to the cost of one "
        "gradient, "
        "by nudging and by backpropagation?",
        "By nudging about four times, by backpropagation about twice",
        [
            (
                "Twice for both",
                "Nudging needs twice as many passes, and each pass costs twice as much, too.",
            ),
            (
                "By nudging twice, by backpropagation the same",
                "A pass through a network twice as large costs about twice as much, for both.",
            ),
        ],
        hint="Two things grow for nudging: how many passes there are, and what one of them costs.",
        solution="A pass costs about twice as much. Backpropagation takes the same few passes "
        "as before. "
        "Nudging takes twice as many, so its cost grows with the square of the size.",
    )


@exercise("What nudging is good for", "gradient check", WITH)
def what_for():
    return choice(
        "Nudging is too slow for training. What is it still good for?",
        "To check on a small network that the backward pass is right",
        [
            (
                "To train the last layer, which has few parameters",
                "Even there backpropagation gives the same slopes for less. Nudging only judges.",
            ),
            (
                "For nothing: backpropagation is exact",
                "The method is exact, but the code that you wrote may not be.",
            ),
        ],
        hint="It shares no idea with backpropagation. What is that good for?",
        solution="Two methods that share no idea are unlikely to be wrong in the same way. "
        "Where they "
        "agree, the backward pass is right, and a small network is enough to see it.",
    )
