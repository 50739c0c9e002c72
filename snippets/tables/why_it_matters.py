"""What nudging every parameter costs, beside one backward pass, on a small network and on larger
ones.
"""

import numpy as np

from snippets import matrix_form, worked_example
from snippets.gradient_checking import numerical_gradient, relative_error
from snippets.tables import efficiency, spaced
from snippets.why_it_matters import count_parameters

# One weight of the worked example, nudged both ways
w, h = worked_example.W1, 0.01
w_above, w_below, distance = w + h, w - h, 2 * h
loss_above, loss_below = (
    worked_example.forward_example(W1, worked_example.b1, worked_example.W2, worked_example.b2)[-1]
    for W1 in (w_above, w_below)
)
rise = loss_above - loss_below
slope = rise / distance

sizes = [2, 3, 1]  # inputs, hidden units, output
parameter_count = count_parameters(sizes)

rng = np.random.default_rng(0)
D, H, K = sizes
X, Y = rng.normal(size=(4, D)), rng.integers(0, 2, size=(4, K)).astype(float)
parameters = [rng.normal(size=shape) for shape in ((H, D), (H,), (K, H), (K,))]
losses = []  # of each forward pass


def loss():
    A2 = matrix_form.forward_batch(X, *parameters)[-1]
    losses.append(matrix_form.mean_squared_error(A2, Y))
    return losses[-1]


nudged = numerical_gradient(loss, parameters)
passes = len(losses)
Z1, A1, Z2, A2 = matrix_form.forward_batch(X, *parameters)
backpropagated = matrix_form.backward_batch(X, Y, Z1, A1, A2, parameters[2])
largest_error = max(relative_error(a, b) for a, b in zip(backpropagated, nudged))

NETWORKS = {
    "a small one": sizes,
    "8×8 digits": [64, 30, 10],
    "28×28 digits": [784, 100, 10],
    "28×28 digits, wider": [784, 1000, 1000, 10],
}
PASSES = [
    {
        "Network": name,
        "Layers": " – ".join(map(str, layers)),
        "Parameters": spaced(count_parameters(layers)),
        "Runs to nudge them all": spaced(2 * count_parameters(layers)),
    }
    for name, layers in NETWORKS.items()
]
digits_passes = 2 * count_parameters(NETWORKS["8×8 digits"])
largest_count = count_parameters(NETWORKS["28×28 digits, wider"])
# If a forward pass took a millisecond and a training run 10 000 steps:
pass_seconds, steps = 0.001, 10_000
nudging_days = 2 * largest_count * pass_seconds * steps / 86_400
backward_share = efficiency.input_ratio
backpropagation_minutes = (1 + backward_share) * pass_seconds * steps / 60

assert abs(slope - worked_example.dL_dW1) < 1e-4
assert passes == 2 * parameter_count and digits_passes == 4520
assert largest_error < 1e-7
