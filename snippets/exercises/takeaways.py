"""Questions to look back with."""

from snippets.exercises import choice, exercise, order

UPDATE = "[Step 4](process.md#step-4-update-weights)"
TRANSPOSE = "[A falling loss is no proof](deeper/transpose.md#a-falling-loss-is-no-proof)"
ORDER = "[A chain of layers](core-idea.md#a-chain-of-layers)"
OPTIMISERS = "[Optimisers](deeper/optimisers.md#three-optimisers)"


@exercise("The four steps, in order", "order", UPDATE)
def five_cards():
    return order(
        "The four steps of an iteration, for a network of one weight. Put the lines in order.",
        [
            "a = w * x",
            "loss = (a - y) ** 2",
            "dL_da = 2 * (a - y)",
            "dL_dw = dL_da * x",
            "w = w - 0.1 * dL_dw",
        ],
        {"w": 0.5, "x": 2.0, "y": 3.0},
        hint="Forward, loss, backward, update. Whatever works is right.",
        solution="The loss is there to look at: the gradient needs the prediction, and not its "
        "value.",
        why={"w": "changes `w` too early: what it needs, or what still needs `w`, comes first."},
    )


@exercise("Does a falling loss prove it?", "gradient check", TRANSPOSE)
def falling_loss():
    return choice(
        "Training goes well: the loss falls step by step. Is the gradient right?",
        "That is not shown by it",
        [
            (
                "Yes, or the loss would rise",
                "Any direction less than a right angle away from the right one lowers the "
                "loss, too.",
            ),
            (
                "Yes, if it falls for long enough",
                "Many wrong gradients train, only worse. The bug hunt has a dozen of them.",
            ),
        ],
        hint="Half of the gradient also lowers the loss. And one with a missing term?",
        solution="A wrong gradient often still points downhill. Compare with central "
        "differences, which "
        "share no idea with your code.",
    )


@exercise("What makes it efficient?", "reuse", ORDER)
def what_makes_it_efficient():
    return choice(
        "Which sentence says why backpropagation is efficient?",
        "The gradient at each layer is computed once and used for everything nearer to the input",
        [
            (
                "It approximates the gradient, and an estimate is enough",
                "It is exact, but for rounding. Nudging is the approximation.",
            ),
            (
                "It computes the gradients of all layers at the same time",
                "Layer after layer, from the last to the first: each needs the one above it.",
            ),
        ],
        hint="What would a walk from the loss to each single weight do again and again?",
        solution="That is the reuse: one walk for all weights, instead of one for each.",
    )


@exercise("Gradient or optimiser?", "update", OPTIMISERS)
def gradient_or_optimiser():
    return choice(
        "Adam reaches a lower loss than gradient descent. What is different about its "
        "backpropagation?",
        "Nothing",
        [
            (
                "It computes gradients more exactly",
                "The gradients are the same. It makes other *steps* of them.",
            ),
            (
                "It needs second derivatives",
                "It keeps a mean of squared gradients, which are not second derivatives.",
            ),
        ],
        hint="Which of the four steps of an iteration does an optimiser replace?",
        solution="Backpropagation computes the gradients, an optimiser decides what to do with "
        "them: it "
        "replaces step 4 alone.",
    )
