"""Exercises on the cost of a gradient."""

import numpy as np

from snippets import efficiency
from snippets.exercises import choice, exercise, number

REUSE = "[Reuses computations](efficiency.md#reuses-computations)"
ONE = "[One backward pass](efficiency.md#one-backward-pass)"


def products(layers, backward):
    """The matrix products of a backward pass, counted while it runs."""
    counter, weights = efficiency.Counter(), [np.ones((2, 2))] * layers
    activations = efficiency.relu_activations(np.ones((3, 2)), weights)
    backward(activations, weights, np.ones((3, 2)), counter.product)
    return counter.products


@exercise("How many products?", "cost", ONE, [(layers,) for layers in range(5, 15)])
def how_many_products(layers):
    right = products(layers, efficiency.relu_gradients)
    return number(
        f"A network has {layers} layers of weights. How many matrix products has its backward "
        f"pass, if "
        "nobody asks for the gradient of the input?",
        right,
        [
            (2 * layers, "counts two for the first layer, too. It hands nothing on."),
            (layers, "counts one a layer. Each also hands the gradient on, but for the first."),
            (
                products(layers, efficiency.gradients_without_reuse),
                "is the count without reuse, where every layer walks back from the loss anew.",
            ),
        ],
        hint="Each layer needs one product for its weights. Which layers need another, to hand on?",
        solution=f"${layers}$ for the weights and ${layers - 1}$ to hand on: ${right}$.",
    )


@exercise("Without reuse", "reuse", REUSE, [(layers,) for layers in range(5, 15)])
def without_reuse(layers):
    right = products(layers, efficiency.gradients_without_reuse)
    return number(
        f"Now every one of {layers} layers walks back from the loss anew, and shares nothing. "
        f"How many "
        "matrix products are there?",
        right,
        [
            (products(layers, efficiency.relu_gradients), "is the count with reuse."),
            (layers**2, "lets every walk go through all layers. The last layer's walk is short."),
            (
                layers * (layers - 1) // 2,
                "counts the steps of the walks, without the products at their ends.",
            ),
        ],
        hint="The last layer needs one product, the one before it two. And so on.",
        solution=f"$1 + 2 + \\dots + {layers} = {right}$: it grows with the square of the depth.",
    )


@exercise("Up to how long?", "cost", ONE, [(ms,) for ms in (1, 2, 5, 8, 10, 12, 20, 25, 40, 50)])
def up_to_how_long(ms):
    return number(
        f"A forward pass through a deep network takes {ms} ms. Counted in products, how many ms do "
        "forward and backward pass take together, at most?",
        3 * ms,
        [
            (
                2 * ms,
                "takes the backward pass for as long as the forward pass. It has two products "
                "a layer.",
            ),
            (ms, "is the forward pass alone."),
            (4 * ms, "counts too much: one product forward, two backward."),
        ],
        hint="How many products has a layer on the way forward, and how many on the way back?",
        solution=f"One product forward, two backward: three in all, ${3 * ms}$ ms in the limit.",
    )


@exercise("A million parameters", "cost", ONE)
def a_million():
    return choice(
        "From a network of a thousand parameters to one of a million: by how much does the "
        "*ratio* of "
        "backward to forward pass grow?",
        "It stays at most 2",
        [
            (
                "A thousand times",
                "Both passes grow with the parameters. The ratio is that of products a layer.",
            ),
            (
                "With the number of layers",
                "Each layer has one product forward and two backward, however many layers "
                "there are.",
            ),
        ],
        hint="Count the products of one layer, forward and backward.",
        solution="Two products backward for one forward, in every layer but the first. That is "
        "why the "
        "method scales.",
    )
