"""Exercises on gradients that vanish, explode or die."""

from itertools import product

from snippets.exercises import choice, exercise, number, program
from snippets.tables import n

FACTOR = "[One factor for every layer](challenges.md#one-factor-for-every-layer)"
REMEDIES = "[Ten remedies, tried](challenges.md#ten-remedies-tried)"
DEAD = "[Dead ReLU](challenges.md#3-dead-relu)"


@exercise("Through many layers", "vanishing", FACTOR, product((10, 5, 8, 4, 6), (2, 3)))
def through_layers(layers, w):
    right = (w * 0.25) ** layers
    return number(
        f"{layers} layers of single neurons, each with the weight ${w}$ and a sigmoid at its "
        f"steepest, "
        "slope $0.25$. By what factor does a gradient change on its way through all of them?",
        right,
        [
            (0.25**layers, "leaves out the weights: a layer multiplies by $w$ times the slope."),
            (float(w**layers), "leaves out the slopes: a layer multiplies by $w$ times the slope."),
            (
                w * 0.25 * layers,
                "multiplies by the number of layers. Their factors multiply each other.",
            ),
        ],
        hint="What is the factor of one layer? Then raise it to the number of layers.",
        solution=f"One layer: ${w} \\times 0.25 = {w * 0.25}$. All of them: "
        f"${w * 0.25}^{{{layers}}} = {n(right, 3)}$.",
        within=float(f"{right / 50:.0e}"),
        digits=5,
    )


@exercise("Clipped", "clipping", REMEDIES, product((50, 30, 40, 25, 100), ((10, 5), (5, 8))))
def clipped(norm, pair):
    limit, entry = pair
    return number(
        f"A gradient has the length {norm} and is clipped to the length {limit}. One of its "
        f"entries was "
        f"{entry}. What is it afterwards?",
        entry * limit / norm,
        [
            (
                entry,
                "leaves it as it was. The whole vector shrinks by one factor, small entries too.",
            ),
            (limit, "is the limit for the length, and not for an entry."),
            (entry * norm / limit, "grows. The factor is the limit divided by the length."),
        ],
        hint="Clipping by the norm shortens the vector and keeps its direction.",
        solution=f"Every entry is multiplied by ${limit} / {norm} = {n(limit / norm)}$: "
        f"${entry} \\times {n(limit / norm)} = {n(entry * limit / norm)}$.",
        within=0.001,
    )


@exercise("Can a slower pace wake it?", "ReLU", DEAD)
def can_it_wake():
    return choice(
        "A ReLU unit is negative for every example. You lower the learning rate. Does it come "
        "back?",
        "No",
        [
            (
                "Yes, if one waits long enough",
                "Its gradient is 0. A rate times 0 is 0, however many steps there are.",
            ),
            (
                "Yes, since its weights shrink more slowly now",
                "They do not move at all: nothing reaches them.",
            ),
        ],
        hint="What is the gradient of its weights, and what is a learning rate times that?",
        solution="A lower rate keeps units from dying. One that is dead for all examples gets "
        "a gradient "
        "of 0, and stays where it is.",
    )


@exercise("Around the block", "vanishing", REMEDIES, product((0.1, 0.15, 0.05, -0.3, 0.4), (3, 5)))
def around_the_block(slope, blocks):
    right = (1 + slope) ** blocks
    return number(
        f"A block computes $x + F(x)$, and the slope of $F$ is ${slope}$. What is the slope of "
        f"{blocks} such blocks in a row?",
        right,
        [
            (slope**blocks, "forgets the path around $F$, whose slope is 1."),
            (1 + slope * blocks, "adds up the blocks. In a row their slopes multiply."),
            (slope * blocks, "adds up the slopes of $F$, and forgets the path around it."),
            (1 + slope, f"is the slope of one block. There are {blocks} in a row."),
            (1 + slope**blocks, "adds the path around at the end. Every block has one."),
        ],
        hint="What is the slope of $x + F(x)$? Then multiply along the row.",
        solution=f"One block has the slope $1 + ({slope})$, so the row has "
        f"$({n(1 + slope)})^{blocks} = "
        f"{n(right, 3)}$.",
        within=0.002,
        digits=4,
    )


@exercise(
    "The factor of a layer", "exploding", FACTOR, product((1.5, 2.2, 1.2, 3, 2.5), (0.5, 0.25))
)
def layer_factor(w, slope):
    return number(
        f"In a chain of neurons every weight is ${w}$ and every slope ${slope}$. By what factor "
        "does the gradient change with each layer further back?",
        w * slope,
        [
            (w, "leaves out the slope of the activation."),
            (slope, "leaves out the weight."),
            (w + slope, "adds the two. Along a path they multiply."),
        ],
        hint="Each layer multiplies by its weight and by its slope.",
        solution=f"The factor is ${w} \\times {slope} = {n(w * slope)}$: "
        f"{'below 1, the gradient vanishes' if w * slope < 1 else 'above 1, it explodes'}.",
        within=0.002,
        digits=3,
    )


@exercise("Program it: batch normalisation", "batch normalisation", REMEDIES)
def write_batch_normalisation():
    return program(
        "Write the forward and the backward pass of batch normalisation, without scale and "
        "shift. It "
        "needs NumPy.",
        "batch_normalisation",
        hint="Each input moves its own output, and through mean and variance all the others: "
        "three terms.",
    )
