"""Exercises on what a framework does for you."""

from itertools import product

from snippets.exercises import choice, exercise, number
from snippets.tables import n

SEED = "[Why the seed](frameworks.md#why-the-seed)"
ADDED = "[Gradients that add up](frameworks.md#gradients-that-add-up)"
SAME = "[The same by hand](frameworks.md#the-same-by-hand)"
RECORD = "[Automatic differentiation](efficiency.md#automatic-differentiation)"


@exercise("Called twice", "accumulation", ADDED, product((0.2, -0.5, 1.5, -0.3, 0.7), (2, 3)))
def called_twice(gradient, times):
    return number(
        f"The gradient of a weight is ${gradient}$. In PyTorch you run forward pass and "
        f"`backward()` "
        f"{times} times, with the same weights, and set nothing to zero. What does `.grad` hold?",
        times * gradient,
        [
            (gradient, "is one of them. `backward()` *adds* to what is there."),
            (gradient**times, "multiplies. Gradients of several passes are added."),
            (0.0, "would take `zero_grad()`, which nobody has called."),
        ],
        hint="Where paths meet, gradients add. PyTorch goes on adding over several calls.",
        solution=f"${times} \\times {gradient} = {n(times * gradient)}$. It is meant so: "
        f"batches that do "
        "not fit into memory are added up this way. Otherwise call `zero_grad()` first.",
    )


@exercise("All off at the start", "ReLU", SEED, [(units,) for units in range(3, 13)])
def all_dead(units):
    return number(
        f"A layer has {units} units with ReLU. Each starts off for your one example with "
        f"probability "
        "1/2, on its own. What is the probability that all of them do?",
        0.5**units,
        [
            (0.5, "is that of a single unit."),
            (0.5 * units, "adds probabilities, and exceeds 1. That all happen: multiply."),
            (1 - 0.5**units, "is the probability that at least one is on."),
        ],
        hint="What is the probability for two units? And for one more?",
        solution=f"$0.5^{{{units}}} = 1/{2**units}$. Then every gradient of a weight is 0, and the "
        "example looks broken.",
        within=float(f"{0.5**units / 10:.0e}"),
        digits=3,
    )


@exercise("What is recorded?", "automatic differentiation", RECORD)
def what_is_recorded():
    return choice(
        "What does a framework record during the forward pass?",
        "The operations with their inputs, so that it can walk back through them",
        [
            (
                "The formula of the loss, which it then differentiates as a text",
                "It never sees a formula: it sees the operations as they run, with numbers in "
                "them.",
            ),
            (
                "The loss at nudged weights",
                "That would be numerical differentiation. It runs forward once, and back once.",
            ),
        ],
        hint="What does the chain rule need to know about each step?",
        solution="For each operation: what went in, and how it got there. On the way back each "
        "hands its "
        "gradient on, times its slope.",
    )


@exercise("Seven digits", "gradient check", SAME)
def seven_digits():
    return choice(
        "PyTorch's gradient and yours differ by one part in ten million. Yours is in float64. "
        "Is that a "
        "bug?",
        "No, float32 has about seven digits",
        [
            (
                "Yes, gradients have to be equal",
                "Rounding alone makes a difference of this size in float32.",
            ),
            (
                "It depends on the learning rate",
                "A gradient is computed before any step. The learning rate plays no part in it.",
            ),
        ],
        hint="How many digits does PyTorch's default number type have?",
        solution="float32 keeps about seven digits. Compute both in float64 if you want to see "
        "more of "
        "them agree.",
    )
