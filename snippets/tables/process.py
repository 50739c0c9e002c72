"""The training step of two inputs, two hidden units and one output, number by number."""

from snippets import training_step as step
from snippets.tables import n

_rate = step.learning_rate
W1, b1, W2, b2 = (  # as they were before the update
    parameter + _rate * gradient
    for parameter, gradient in (
        (step.W1, step.dL_dW1),
        (step.b1, step.dL_db1),
        (step.W2, step.dL_dW2),
        (step.b2, step.dL_db2),
    )
)
a2, y, dL_dz2 = step.a2.item(), step.y.item(), step.dL_dz2.item()
loss, loss_new = step.loss.item(), step.loss_new.item()
LAYERS = (  # weights, biases, inputs, sums, blames, gradients, and how the units are called
    (W1, b1, step.X, step.z1, step.dL_dz1, step.dL_dW1, ("input 1", "input 2")),
    (W2, b2, step.a1, step.z2, step.dL_dz2, step.dL_dW2, ("hidden 1", "hidden 2")),
)
UNITS = (("hidden 1", "hidden 2"), ("output",))


def factor(value, digits=6):
    """A number in a product: in brackets where it is negative."""
    return f"({n(value, digits)})" if value < 0 else n(value, digits)


_W2, _blame = W2[0], step.dL_dz2.item()
hidden_blames = " and ".join(
    f"{n(w)} × ({n(_blame, 4)}) = {n(blame, 4)}" for w, blame in zip(_W2, step.dL_dz1[:, 0])
)
assert (step.da1_dz1 == 1).all()  # both units are on: no slope to write
SUMS = [
    {
        "Unit": unit,
        "Weights × values + bias": " + ".join(
            [f"{factor(w)} × {n(value)}" for w, value in zip(W[i], values[:, 0])] + [n(b[i, 0])]
        ),
        "Sum": n(z[i, 0]),
    }
    for (W, b, values, z, *_), units in zip(LAYERS, UNITS)
    for i, unit in enumerate(units)
]
WEIGHTS = [
    {
        "From": source,
        "To": unit,
        "Weight": n(W[i, j]),
        "Blame × input": f"{factor(blame[i, 0], 4)} × {n(values[j, 0])}",
        "Gradient": n(gradient[i, j], 4),
    }
    for (W, _, values, _, blame, gradient, sources), units in zip(LAYERS, UNITS)
    for i, unit in enumerate(units)
    for j, source in enumerate(sources)
]
