# ---
# title: What a gradient costs
# description: >-
#   Multiplications counted while they run, and the recorded times and memory of forward, backward,
#   forward mode and finite differences, from a hundred parameters to ten million.
# ---

# %% [markdown]
# # What a gradient costs
#
# !!! goal "After this lab"
#
#     You can say what a gradient costs in forward passes, for each of three ways to get it, and how
#     the bill grows from a hundred parameters to ten million.
#
# What does a gradient cost? There are three general ways to get one. **Finite differences** nudge
# one parameter at a time and run the network again. **Forward mode** follows one parameter at a
# time through the network, exactly and without nudging. The **backward pass** gets all parameters
# at once. All three find the same numbers, at three prices.
#
# The network is that of the [matrix form](../matrix-form.md): two layers, ReLU, then sigmoid, with
# the mean squared error as its loss.

# %%
# pip install numpy matplotlib
import matplotlib.pyplot as plt
import numpy as np

from snippets.cost import (
    batch_loss,
    count_multiplications,
    directional_derivative,
    forward_mode,
)
from snippets.gradient_checking import numerical_gradient, relative_error
from snippets.matrix_form import backward_batch, forward_batch


def network(width, examples=32):
    """A batch `X, Y`, and the parameters `[W1, b1, W2, b2]`.

    So wide are the inputs, the hidden layer and the outputs.
    """
    rng = np.random.default_rng(0)
    X = rng.normal(size=(examples, width))
    Y = rng.uniform(size=(examples, width))
    W1, W2 = rng.normal(size=(2, width, width)) / np.sqrt(width)
    return X, Y, [W1, np.zeros(width), W2, np.zeros(width)]


# %% [markdown]
# ## Three ways, one gradient
#
# Forward mode carries two numbers wherever the network has one: the value, and how fast it changes
# when the parameters move in a given direction. In `directional_derivative` the second one has the
# name of the first with `_dot` behind it. If the direction is a single parameter, the result is one
# entry of the gradient. So `forward_mode` runs once for each parameter, and `numerical_gradient`
# runs the network twice for each.

# %%
X, Y, parameters = network(width=7)
Z1, A1, Z2, A2 = forward_batch(X, *parameters)
by_backward = backward_batch(X, Y, Z1, A1, A2, parameters[2])
by_forward_mode = forward_mode(X, Y, parameters)
by_nudging = numerical_gradient(
    lambda: batch_loss(X, Y, parameters), parameters
)


def flat(gradients):
    return np.concatenate([dL_dW.ravel() for dL_dW in gradients])


exact, nudged = flat(by_backward), flat(by_nudging)
carried = np.array(list(by_forward_mode))
assert relative_error(carried, exact) < 1e-12
assert relative_error(nudged, exact) < 1e-7
print(
    f"{exact.size} parameters: forward mode agrees to 12 digits, "
    "finite differences to 7"
)

# %% [markdown]
# ## Counted
#
# First count. A product of `(m, k)` and `(k, n)` takes m × k × n multiplications. Here they are
# added up while the functions run:

# %%
from snippets.tables import spaced
from snippets.tables._results import Table
from snippets.tables.cost import MULTIPLICATIONS, PARAMETERS, WIDTHS


def counts(width):
    """Multiplications of a forward pass and of a backward pass.

    And of one number of the gradient by each of the two other ways.
    """
    X, Y, parameters = network(width)
    Z1, A1, Z2, A2 = forward_batch(X, *parameters)

    def loss(X, Y, *parameters):
        return batch_loss(X, Y, parameters)

    def along(X, Y, *both):
        return directional_derivative(X, Y, both[:4], both[4:])

    count = count_multiplications
    return {
        "forward": count(forward_batch, X, *parameters),
        "backward": count(backward_batch, X, Y, Z1, A1, A2, parameters[2]),
        "forward mode": count(along, X, Y, *parameters, *parameters),
        "finite differences": 2 * count(loss, X, Y, *parameters),
    }


assert [counts(width) for width in WIDTHS[:4]] == MULTIPLICATIONS[:4]
half_more = MULTIPLICATIONS[0]["backward"] / MULTIPLICATIONS[0]["forward"]
assert all(
    count["backward"] == half_more * count["forward"]
    for count in MULTIPLICATIONS
)


def in_passes(P, count):
    """What a gradient of so many parameters costs, in forward passes."""
    unit = count["forward"]
    return {
        "Parameters": spaced(P),
        "Forward": "1",
        "Backward": f"{count['backward'] / unit:.1f}",
        "Forward mode": spaced(P * count["forward mode"] // unit),
        "Finite differences": spaced(
            P * count["finite differences"] // unit
        ),
    }


counted = Table(map(in_passes, PARAMETERS, MULTIPLICATIONS))
counted

# %% [markdown]
# The unit is one forward pass. For the whole gradient, the backward pass costs
# {{ tables.cost.MULTIPLICATIONS[0][backward] }} multiplications where the forward pass costs
# {{ tables.cost.MULTIPLICATIONS[0][forward] }}, and this ratio is the same at every size. The two
# other ways are multiplied by the number of parameters. The first four networks were counted just
# now; the counts of the larger ones were recorded.
#
# ## Timed
#
# Then measure. These are times of a processor, recorded once on the machine in the last table; each
# is the median of {{ tables.cost.rounds }} rounds, in which the ways took turns. Forward mode and
# finite differences were timed for some numbers of the gradient and multiplied by the number of
# parameters. Nobody waited for {{ tables.cost.largest[finite differences] }}.

# %%
from snippets.tables.cost import SECONDS, largest

figure, axes = plt.subplots(figsize=(4.6, 3.6), layout="constrained")
styles = {
    "forward": ("C0", "-"),
    "backward": ("C1", "--"),
    "forward mode": ("C2", "-"),
    "finite differences": ("C3", ":"),
}
for way, (colour, style) in styles.items():
    axes.loglog(
        PARAMETERS, SECONDS[way], ls=style, color=colour, marker="o", ms=4
    )
ends = {
    "finite differences": ("C3", "bottom", 7),
    "forward mode": ("C2", "bottom", 22),
    "backward": ("C1", "bottom", 4),
    "forward": ("C0", "top", -27),
}
for way, (colour, side, up) in ends.items():
    axes.annotate(
        f"{way}: {largest[way]}",
        (PARAMETERS[-1], SECONDS[way][-1]),
        (6, up),
        textcoords="offset points",
        ha="right",
        va=side,
        color=colour,
    )
axes.set(
    xlim=(60, 2e7),
    ylim=(4e-6, 1e8),
    xlabel="parameters",
    xticks=[10.0**k for k in range(2, 8)],
    yticks=[1e-5, 1e-3, 1, 60, 3600, 86400],
    yticklabels=["10 µs", "1 ms", "1 s", "1 min", "1 h", "1 day"],
)
axes.minorticks_off()
axes.set_title(
    "Time for the pass, or the gradient",
    loc="left",
    color="grey",
)
TITLE = (
    "The backward pass keeps up with the forward pass; the others do not"
)
DESCRIPTION = (
    "On two logarithmic scales, time against the number of parameters, "
    f"from {PARAMETERS[0]:,} to {PARAMETERS[-1]:,}. Forward and backward "
    f"pass stay close together, from microseconds to {largest['forward']} "
    f"and {largest['backward']}. Forward mode and finite differences climb "
    f"much more steeply, from milliseconds to {largest['forward mode']} "
    f"and {largest['finite differences']}."
)
plt.show()

# %%
from snippets.tables.cost import TIMES

times = Table(TIMES)
times

# %% [markdown]
# In units of a forward pass. The first number is the ratio of the two medians; the brackets hold
# the quartiles of the ratio, round by round, so the first may lie just outside of them. The last
# column compares PyTorch's two passes with NumPy's:

# %%
from snippets.tables.cost import IN_PASSES

# of a multiplication, in a forward pass of each network
nanoseconds = [
    1e9 * seconds / count["forward"]
    for seconds, count in zip(SECONDS["forward"], MULTIPLICATIONS)
]
assert nanoseconds[0] > 10 * nanoseconds[-1]

measured = Table(IN_PASSES)
measured

# %% [markdown]
# Counting says that a backward pass costs {{ half_more:.1f }} forward passes here. The measured
# times say between {{ tables.cost.backward_low:.2f }} and {{ tables.cost.backward_high:.1f }}. Two
# things come on top of the multiplications:
#
# - **Calls.** A forward pass of the smallest network takes {{ nanoseconds[0]:.1f }} ns for each
#   multiplication, one of the largest {{ nanoseconds[5]:.2f }} ns: what costs time there is to call
#   NumPy. The forward pass includes the loss here. PyTorch pays more for each call: for the
#   smallest network its two passes take {{ tables.cost.small_pytorch }} times as long as NumPy's.
# - **Memory.** A backward pass writes a gradient as large as the network, in the end
#   {{ tables.cost.MEMORY[5][Bytes of the parameters] }}; a forward pass only reads the weights. The
#   worst ratio, {{ tables.cost.backward_high:.1f }}, is at {{ tables.cost.worst_parameters }}
#   parameters.
#
# One number of the gradient costs between {{ tables.cost.number_low:.1f }} and
# {{ tables.cost.number_high:.1f }} forward passes either way, so the choice between the two is not
# one of speed. Forward mode is exact; finite differences need nothing but the forward pass, which
# makes them the better check.
#
# ## Memory
#
# The backward pass needs what the forward pass computed: `Z1`, `A1`, `Z2`, `A2`. This memory is
# counted, from the shapes. The peaks were measured with Python's `tracemalloc`: the most that was
# in use at a time, beyond the inputs and the parameters.

# %%
from snippets.tables.cost import MEMORY

memory = Table(MEMORY)
memory

# %% [markdown]
# With a batch of {{ tables.cost.N }} the activations outweigh the parameters in the smallest
# networks, and do not count in the largest. They grow with the batch; the parameters do not.
# Forward mode has no need to keep activations, but here it keeps a direction as large as the
# network. Finite differences need least: one forward pass and nothing else.
#
# ## A loop over the examples
#
# The gradient of a batch can also be added up from one backward pass for each example. Michael
# Nielsen's `network.py` does it that way, and it is easy to read. This is what it costs, on one
# epoch of the {{ tables.cost.digits }} handwritten digits of scikit-learn, with 64 inputs, 30
# hidden units and 10 outputs:

# %%
from snippets.tables.cost import EPOCHS

epochs = Table(EPOCHS)
epochs

# %% [markdown]
# The loop of the record (in `snippets/recorded/cost.py`) is written in the style of `network.py`.
# In batches of ten it takes {{ tables.cost.loop[of_10]:.1f }} times as long as the [matrix
# form](../matrix-form.md), and in batches of 128 it takes {{ tables.cost.loop[of_128]:.0f }} times
# as long. It computes the sigmoid in both layers, as Nielsen's network does; with our ReLU it is
# {{ tables.cost.same_loop[of_10]:.1f }} and {{ tables.cost.same_loop[of_128]:.0f }} times.
# PyTorch's eager mode takes {{ tables.cost.pytorch[of_10]:.1f }} and
# {{ tables.cost.pytorch[of_128]:.1f }} times as long in float64, and
# {{ tables.cost.pytorch_float32[of_10]:.1f }} and {{ tables.cost.pytorch_float32[of_128]:.1f }}
# times in its default float32.
#
# The loop with the same units and PyTorch in float64 end the epoch with the parameters of the
# matrix form, to 12 digits. PyTorch is that much slower because the network is small: what it does
# around each product costs more than the product. With the size of the network this fades, from
# {{ tables.cost.small_pytorch }} times NumPy's time to {{ tables.cost.large_pytorch }} times in the
# last row of the table above.
#
# All of it was measured on this machine:

# %%
from snippets.tables.cost import SURROUNDINGS

machine = Table(SURROUNDINGS)
machine

# %% [markdown]
# Other machines give other times. `python -m snippets.recorded cost` measures them.
#
# ## Remember
#
# - A backward pass costs between {{ tables.cost.backward_low:.1f }} and
#   {{ tables.cost.backward_high:.1f }} forward passes here, whatever the number of parameters.
# - Forward mode and finite differences cost about two forward passes for each parameter. They are
#   for checks.
# - A loop over the examples does the same multiplications as a batch, in many more calls, and takes
#   {{ tables.cost.same_loop[of_10]:.0f }} to {{ tables.cost.same_loop[of_128]:.0f }} times as long.
# - Count what must not depend on the machine; measure the rest side by side, and say on which
#   machine.
