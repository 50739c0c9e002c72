# ---
# title: Vanishing, exploding, dead
# description: >-
#   Nielsen's speeds of learning measured on fifty networks, and ten remedies switched on and off in
#   deep networks that learn to read digits.
# ---

# %% [markdown]
# # Vanishing, exploding, dead
#
# !!! goal "After this lab"
#     You have measured a published result again, on {{ NETWORKS }} networks instead of one, and can
#     tell whether two such measurements agree. You have seen which of ten remedies help a network
#     that learns to read digits, and which do not.
#
# Do the ten remedies of [Common challenges](../challenges.md) work on real data? Here they meet the
# {{ DIGITS }} handwritten digits that come with scikit-learn, 8 by 8 pixels each. All networks are
# built from the functions of [challenges.py](../snippets/challenges.md).

# %%
# pip install numpy matplotlib scikit-learn
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from snippets import challenges
from snippets.challenges import (
    clip_by_norm,
    dead_fraction,
    deep_backward,
    deep_forward,
    deep_init,
    global_norm,
)
from snippets.initialisation import weight_std
from snippets.network import sigmoid_loss, softmax_loss
from snippets.tables._results import Table, spread

digits = load_digits()
order = np.random.default_rng(0).permutation(len(digits.target))
X = digits.data[order] / 16  # (1797, 64): grey values from 0 to 1
Y = np.eye(10)[digits.target[order]]  # (1797, 10): one-hot targets
DIGITS = len(X)
WIDTH = 30  # units in every hidden layer


def activation_of(name):
    """The activation, which returns its value and its slope."""
    return getattr(challenges, f"{name}_and_slope")


# %% [markdown]
# ## Nielsen's speeds, fifty times
#
# Michael Nielsen asks in chapter 5 of [Neural Networks and Deep
# Learning](http://neuralnetworksanddeeplearning.com/chap5.html) why deep networks are hard to
# train. His answer begins with a measurement. He takes the gradient of the cost $C$ with respect to
# the biases $b$ of one hidden layer, averaged over {{ IMAGES }} images, and calls its length the
# *speed* at which that layer learns:
#
# $$
# \text{speed of layer } l = \left\lVert \frac{\partial C}{\partial b^{(l)}} \right\rVert
# $$
#
# His networks have {{ WIDTH }} sigmoids in each hidden layer. He measures before the first step, on
# one network for each depth. The book prints the speeds with two or three digits. The longer
# numbers below are the first entries of the files `fig/norms_during_training_*_layers.json` in his
# repository, and they round to those of the book.
#
# He uses MNIST, with 784 pixels an image. We have other images, with 64 pixels. That should matter
# little: his first weights are drawn with a standard deviation of one over the root of the number
# of inputs, so the sum of many small products is as large as the sum of few larger ones. The biases
# are drawn with a standard deviation of 1. His cost is the cross-entropy, added up over the ten
# outputs.

# %%
IMAGES, NETWORKS = 1000, 50
NIELSEN = {  # hidden layers: their speeds, from the first to the last
    2: [0.0657, 0.3092],
    3: [0.01184, 0.05997, 0.2831],
    4: [0.002975, 0.01708, 0.06954, 0.2851],
}


def nielsen_network(depth, rng):
    """Parameters: weights from N(0, 1 / inputs), biases from N(0, 1)."""
    parameters, sizes = [], [64, *[WIDTH] * depth, 10]
    for n_in, n_out in zip(sizes, sizes[1:]):
        W = rng.normal(size=(n_out, n_in)) / np.sqrt(n_in)
        parameters += [W, rng.normal(size=n_out)]
    return parameters


def speeds(parameters, activation="sigmoid"):
    """The speed of each hidden layer; root mean square of the slopes."""
    Z, caches = deep_forward(
        X[:IMAGES], parameters, activation_of(activation)
    )
    _, dL_dZ = sigmoid_loss(Z, Y[:IMAGES])
    # his cost is a sum over the ten outputs, not a mean
    gradients, _ = deep_backward(10 * dL_dZ, parameters, caches)
    slopes = np.hstack([dA_dZ for _, _, dA_dZ, _ in caches[:-1]])
    lengths = [np.linalg.norm(dC_db) for dC_db in gradients[1:-2:2]]
    return lengths, np.sqrt(np.mean(slopes**2))


def speed(values):
    return "{median:.4f} ({low:.4f} to {high:.4f})".format(**values)


measured, slopes = {}, []
for depth in NIELSEN:
    generators = [np.random.default_rng(seed) for seed in range(NETWORKS)]
    fifty = [speeds(nielsen_network(depth, rng)) for rng in generators]
    # (50, depth)
    measured[depth] = np.array([lengths for lengths, _ in fifty])
    slopes += [slope for _, slope in fifty]

speed_table = Table(
    {
        "Hidden layers": str(depth),
        "Layer": str(layer + 1),
        "Nielsen, MNIST, one network": f"{NIELSEN[depth][layer]:.4f}",
        "Digits, 50 networks: median (quartiles)": speed(spread(column)),
    }
    for depth in NIELSEN
    for layer, column in enumerate(measured[depth].T)
)
speed_table

# %% [markdown]
# What carries over from one data set to another is not the speed itself but the *ratio* of a
# layer's speed to that of the layer before it. His three networks give six such ratios. Each of our
# fifty networks gives each of them again, and so shows how much they vary by chance alone. The last
# column says how many of our fifty ratios are smaller than his.

# %%
ratios = [
    {
        "name": f"{depth} hidden: {layer + 1} over {layer}",
        "his": NIELSEN[depth][layer] / NIELSEN[depth][layer - 1],
        "ours": measured[depth][:, layer] / measured[depth][:, layer - 1],
    }
    for depth in NIELSEN
    for layer in range(1, depth)
]
within_quartiles = 0
for ratio in ratios:
    ratio["below"] = int(np.sum(ratio["ours"] < ratio["his"]))
    ratio["ours"] = ours = spread(ratio["ours"])
    assert ours["bottom"] < ratio["his"] < ours["top"]
    within_quartiles += ours["low"] < ratio["his"] < ours["high"]

assert [ratio["below"] > NETWORKS / 2 for ratio in ratios[3:]] == [
    True,
    False,
    False,
]
assert NIELSEN[4][1] > np.percentile(measured[4][:, 1], 75)
typical = float(np.median([ratio["ours"]["median"] for ratio in ratios]))
predicted = float(1 / np.median(slopes))
assert abs(typical / predicted - 1) < 0.05

quartiles = "{median:.2f} ({low:.2f} to {high:.2f})"
ratio_table = Table(
    {
        "Ratio of speeds": ratio["name"],
        "Nielsen": f"{ratio['his']:.2f}",
        "Ours: median (quartiles)": quartiles.format(**ratio["ours"]),
        "Middle 90%": "{bottom:.2f} to {top:.2f}".format(**ratio["ours"]),
        "Ours below his": f"{ratio['below']} of {NETWORKS}",
    }
    for ratio in ratios
)
ratio_table

# %% [markdown]
# All six of his ratios lie within the middle nine tenths of ours, and {{ within_quartiles }} of the
# six lie between our quartiles. If his networks are like ours, half of the six are to be expected
# there. The three ratios of his deepest network lie far out, one above and two below. It is one
# network, and its second layer is quicker than three quarters of ours: that raises one ratio and
# lowers the next. With one network we could not have told.
#
# The ratio can be predicted. Going back one layer multiplies the gradient by the root of the inputs
# times the variance of the weights times the mean squared slope (see [One factor for every
# layer](../challenges.md#one-factor-for-every-layer)). Here the inputs times the variance are 1,
# and the slopes are left: one over the root of their mean square is {{ predicted:.1f }}, and the
# median of our ratios is {{ typical:.1f }}.

# %%
TITLE = "Nielsen's speeds among those of fifty networks"
DESCRIPTION = (
    "On a logarithmic scale, the speed of each hidden layer before "
    "training, by how far it is from the output. A dashed line, the "
    "median of fifty networks with four hidden layers on the digits, "
    f"falls from {np.median(measured[4][:, 3]):.1f} at the last layer to "
    f"{np.median(measured[4][:, 0]):.4f} at the fourth from the end, by a "
    f"factor of about {typical:.0f} at each layer. The nine points that "
    "Nielsen measured on MNIST, with two, three and four hidden layers, "
    "lie within the band around it."
)
figure, axes = plt.subplots(figsize=(4.6, 3.3), layout="constrained")
far, band = np.arange(4, 0, -1), spread(measured[4])
axes.fill_between(far, band["bottom"], band["top"], color="lightgrey", lw=0)
axes.plot(far, band["median"], color="C1", ls=(0, (4, 2)), lw=2)
for (depth, his), marker in zip(NIELSEN.items(), "osD"):
    inside = [
        np.percentile(measured[4][:, 3 - i], [5, 95]) for i in range(depth)
    ]
    assert all(
        low < speed < high for speed, (low, high) in zip(his[::-1], inside)
    )
    axes.plot(
        far[-depth:],
        his,
        marker,
        ms=6,
        mfc="white",
        mec="black",
        label=f"Nielsen, {depth} hidden layers",
    )
axes.text(2.95, 0.0045, "digits: median and\nmiddle 90% of 50", color="C1")
axes.set(yscale="log", xlim=(4.3, 0.7), xticks=far)
axes.set_yticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
axes.minorticks_off()
axes.set_xlabel("hidden layer, counted back from the output")
axes.set_title(
    "Speed of a layer before the first step", loc="left", color="grey"
)
axes.legend(frameon=False, loc="upper left")
plt.show()

# %% [markdown]
# And with the remedy that is best known? ReLU instead of the sigmoid, and first weights as He draws
# them, with biases of 0:

# %%
relu_speeds = []
for seed in range(NETWORKS):
    rng = np.random.default_rng(seed)
    he = partial(weight_std, "he")
    parameters = deep_init([64, *[WIDTH] * 4, 10], he, rng)
    relu_speeds.append(speeds(parameters, "relu")[0])
last_over_first = {
    "sigmoid": spread(measured[4][:, -1] / measured[4][:, 0]),
    "relu": spread([lengths[-1] / lengths[0] for lengths in relu_speeds]),
}
his = NIELSEN[4][-1] / NIELSEN[4][0]
assert (
    last_over_first["sigmoid"]["bottom"]
    < his
    < last_over_first["sigmoid"]["top"]
)
assert (
    last_over_first["sigmoid"]["low"] > 90
    and last_over_first["relu"]["high"] < 2
)

# %% [markdown]
# With sigmoids the last of four hidden layers is {{ last_over_first[sigmoid][median]:.0f }} times
# as quick as the first one (Nielsen: {{ his:.0f }}), with ReLU and He's weights
# {{ last_over_first[relu][median]:.1f }} times (quartiles {{ last_over_first[relu][low]:.1f }} and
# {{ last_over_first[relu][high]:.1f }}).
#
# ## One function with every knob
#
# Now the networks learn. The first {{ TRAINING }} images are for training, the other {{ TESTS }}
# for testing. One run draws the first weights, takes {{ STEPS }} steps of plain gradient descent on
# batches of {{ BATCH }} images each, and looks at the test images now and then. Each argument of
# `run` is a knob, and each of the ten remedies is a position of one or two of them. The output is
# softmax with cross-entropy.
#
# Batch normalisation takes its means and variances from the images it is given: in training from
# the batch, in a look from all test images together. A library would use running averages instead.

# %%
TRAINING, STEPS, BATCH, LOOK = 1200, 150, 32, 25
DEPTH, RATE = 6, 0.1
TESTS = len(X) - TRAINING
LIMIT = 1e6  # a gradient longer than this ends the run: it has diverged


def run(
    seed,
    depth=DEPTH,
    activation="sigmoid",
    scheme="glorot",
    rate=RATE,
    norm=False,
    residual=False,
    max_norm=None,
    bias=0.0,
):
    """Train a network: the looks, the lengths of the gradient, its shares.

    A share is the gradient that arrives at a layer over that at the last
    hidden one.
    """
    rng, std = np.random.default_rng(seed), partial(weight_std, scheme)
    sizes = [64, *[WIDTH] * depth, 10]
    parameters = deep_init(sizes, std, rng, norm, bias)
    looks, lengths, shares = (
        [look(parameters, activation, residual)],
        [],
        [],
    )
    for step in range(1, STEPS + 1):
        i = rng.integers(TRAINING, size=BATCH)
        gradients, arriving = gradients_of(
            parameters, X[i], Y[i], activation, residual
        )
        shares = shares or [length / arriving[-1] for length in arriving]
        lengths.append(global_norm(gradients))
        if not lengths[-1] < LIMIT:
            break
        if max_norm is not None:
            gradients = clip_by_norm(gradients, max_norm)
        parameters = [p - rate * g for p, g in zip(parameters, gradients)]
        if step % LOOK == 0:
            looks.append(look(parameters, activation, residual))
    diverged = not lengths[-1] < LIMIT
    return {
        "looks": looks,
        "lengths": lengths,
        "shares": shares,
        "diverged": diverged,
    }


def gradients_of(parameters, X, Y, activation, residual):
    """The gradients of the loss, and the length of each hidden dL_dA."""
    Z, caches = deep_forward(
        X, parameters, activation_of(activation), residual
    )
    _, dL_dZ = softmax_loss(Z, Y)
    gradients, dL_dA = deep_backward(dL_dZ, parameters, caches)
    return gradients, [np.linalg.norm(arriving) for arriving in dL_dA[1:-1]]


def look(parameters, activation, residual):
    """The share of test images read right, the loss, the dead units."""
    Z, caches = deep_forward(
        X[TRAINING:], parameters, activation_of(activation), residual
    )
    right = Z.argmax(axis=1) == Y[TRAINING:].argmax(axis=1)
    loss, _ = softmax_loss(Z, Y[TRAINING:])
    return {
        "accuracy": np.mean(right),
        "loss": loss,
        "dead": dead_fraction(caches),
    }


# %% [markdown]
# One lucky run proves nothing, so every setting is run with {{ SEEDS }} seeds. The tables give the
# median and, in brackets, the quartiles. Where the brackets of two rows overlap, other seeds may
# well change their order. Guessing reads about one image in ten right.
#
# The budget is small on purpose. What is compared is how far each network comes in the same number
# of steps.

# %%
SEEDS = 7


def measure(name, **knobs):
    """What `SEEDS` runs with these knobs have in common."""
    runs = [run(seed, **knobs) for seed in range(SEEDS)]
    first, last = ([run["looks"][i] for run in runs] for i in (0, -1))
    curves = zip(
        *([look["accuracy"] for look in run["looks"]] for run in runs)
    )
    return {
        "name": name,
        "share": spread([run["shares"][0] for run in runs]),
        "dead at first": spread([look["dead"] for look in first]),
        "dead": spread([look["dead"] for look in last]),
        "accuracy": spread([look["accuracy"] for look in last]),
        "loss": spread([look["loss"] for look in last]),
        "curve": [spread(accuracies)["median"] for accuracies in curves],
        "lengths": [run["lengths"] for run in runs],
        "diverged": sum(run["diverged"] for run in runs),
    }


def measure_all(settings, **common):
    return {
        key: measure(name, **common | knobs)
        for key, (name, knobs) in settings.items()
    }


def percent(values):
    return "{median:.0%} ({low:.0%} to {high:.0%})".format(**values)


def number(values):
    return "{median:.2g} ({low:.2g} to {high:.2g})".format(**values)


# %% [markdown]
# ## Vanishing gradients
#
# The network has {{ DEPTH }} hidden layers of sigmoids with Glorot's weights, and a learning rate
# of {{ RATE:.1f }}. Remedies 1 to 3 change one thing each. Remedy 4, careful first weights, is
# tried twice. The sigmoids get a standard deviation of 1 instead of Glorot's {{ GLOROT:.2f }}, to
# make up for their small slope. And tanh is also run with a standard deviation of a hundredth.

# %%
GLOROT = np.sqrt(2 / (WIDTH + WIDTH))
VANISHING = {
    "sigmoid": ("sigmoid", {}),
    "relu": ("1. ReLU, He weights", {"activation": "relu", "scheme": "he"}),
    "tanh": ("1. and 4. tanh", {"activation": "tanh"}),
    "norm": ("2. batch normalisation", {"norm": True}),
    "skip": ("3. skip connections", {"residual": True}),
    "both": ("2. and 3. together", {"norm": True, "residual": True}),
    "large": ("4. sigmoid, weights of 1", {"scheme": "naive"}),
    "tiny": (
        "tanh, weights of 0.01",
        {"activation": "tanh", "scheme": "tiny"},
    ),
}
vanishing = measure_all(VANISHING)
arrives = {key: result["share"] for key, result in vanishing.items()}
right = {key: result["accuracy"] for key, result in vanishing.items()}

assert arrives["sigmoid"]["high"] < 0.001
# the gradient arrives, and they learn
for key in ("relu", "tanh", "norm", "both"):
    assert arrives[key]["low"] > 0.5 and right[key]["low"] > 0.6
for key in ("skip", "large"):  # the gradient arrives, and they learn little
    assert arrives[key]["low"] > 0.1 and right[key]["high"] < 0.6
for key in ("sigmoid", "tiny"):  # these guess
    assert right[key]["high"] < 0.15
assert right["tanh"]["low"] > right["relu"]["high"]
assert vanishing["norm"]["loss"]["low"] > vanishing["tanh"]["loss"]["high"]

vanishing_table = Table(
    {
        "Network": result["name"],
        "Gradient at layer 1 over layer 6, at the start": number(
            result["share"]
        ),
        "Test images read right": percent(result["accuracy"]),
        "Loss on them": number(result["loss"]),
    }
    for result in vanishing.values()
)
vanishing_table

# %%
drawn = ("both", "norm", "tanh", "relu", "large", "skip", "sigmoid")
ends = [
    f"{vanishing[key]['name']} {right[key]['median']:.0%}" for key in drawn
]

TITLE = "Six hidden layers learn to read digits, with and without a remedy"
DESCRIPTION = (
    "Share of the test images that are read right, over the steps of "
    "training; medians. Sigmoids alone stay at one image in ten, which is "
    f"guessing. At the end of the curves: {', '.join(ends)}."
)
figure, axes = plt.subplots(figsize=(4.6, 4.4), layout="constrained")
# apart
raised = {"both": 0.06, "tanh": -0.06, "large": 0.03, "skip": -0.03}
for key in drawn:
    curve, name = vanishing[key]["curve"], vanishing[key]["name"]
    colour, style = ("C1", "--") if key == "sigmoid" else ("C0", "-")
    axes.plot(range(0, STEPS + 1, LOOK), curve, color=colour, ls=style)
    y = curve[-1] + raised.get(key, 0.0)
    axes.text(STEPS + 3, y, name, color=colour, va="center", fontsize=12)
axes.set(xlim=(0, STEPS), ylim=(0, 1), xticks=[0, 50, 100, 150])
axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
axes.set_xlabel("steps of training")
axes.set_title("Test images read right", loc="left", color="grey")
plt.show()

# %% [markdown]
# - **1. ReLU or tanh.** Both bring the gradient to the first layer and learn:
#   {{ right[relu][median]:.0% }} and {{ right[tanh][median]:.0% }} are read right.
# - **2. Batch normalisation** makes even sigmoids learn: {{ right[norm][median]:.0% }}. Its loss is
#   higher than that of tanh all the same ({{ vanishing[norm][loss][median]:.2f }} against
#   {{ vanishing[tanh][loss][median]:.2f }}).
# - **3. Skip connections** bring the gradient back in full, {{ arrives[skip][median]:.1f }} of it,
#   and yet they help the sigmoids little in this budget: {{ right[skip][median]:.0% }}. Together
#   with batch normalisation it is {{ right[both][median]:.0% }}. A gradient that arrives is needed,
#   but it is not enough.
# - **4. Careful first weights** decide everything for tanh: {{ right[tiny][median]:.0% }} with
#   weights of a hundredth, {{ right[tanh][median]:.0% }} with Glorot's. For sigmoids they are half
#   a remedy: {{ arrives[large][median]:.2f }} of the gradient arrives instead of
#   {{ arrives[sigmoid][median]:.4f }}, and {{ right[large][median]:.0% }} are read right.
#
# ## Exploding gradients
#
# The same depth with ReLU. The first weights have a standard deviation of {{ START:.1f }} instead
# of He's {{ HE:.2f }}. The gradient is clipped to a length of {{ CLIP:.0f }}, or the learning rate
# is {{ SLOW:.2f }} instead of {{ RATE:.1f }}.

# %%
CLIP, SLOW, START, HE = 1.0, 0.01, 0.5, np.sqrt(2 / WIDTH)
EXPLODING = {
    "plain": (f"ReLU, weights of {START}", {}),
    "clip": (f"5. clipped to {CLIP:.0f}", {"max_norm": CLIP}),
    "slow": (f"6. learning rate {SLOW}", {"rate": SLOW}),
    "he": ("7. He weights", {"scheme": "he"}),
    "both": ("5. and 7. together", {"scheme": "he", "max_norm": CLIP}),
}
# "wide" is 0.5
exploding = measure_all(EXPLODING, activation="relu", scheme="wide")
grows = {key: result["share"] for key, result in exploding.items()}
reads = {key: result["accuracy"] for key, result in exploding.items()}

diverged = [result["diverged"] for result in exploding.values()]
assert diverged == [SEEDS, 0, 0, 0, 0]
assert grows["clip"] == grows["slow"] == grows["plain"]  # the cause stays
assert grows["plain"]["low"] > 20 and grows["he"]["high"] < 2
assert (
    reads["slow"]["median"] < reads["clip"]["median"] < reads["he"]["low"]
)
assert reads["both"]["low"] < reads["he"]["median"] < reads["both"]["high"]

exploding_table = Table(
    {
        "Network": result["name"],
        "Gradient at layer 1 over layer 6, at the start": number(
            result["share"]
        ),
        "Runs that diverge": f"{result['diverged']} of {SEEDS}",
        "Test images read right": "–"
        if result["diverged"]
        else percent(result["accuracy"]),
    }
    for result in exploding.values()
)
exploding_table

# %%
SHOWN = 30
lengths = {
    key: np.array([run[:SHOWN] for run in exploding[key]["lengths"]])
    for key in ("clip", "slow", "he")
}  # each (SEEDS, SHOWN)
later = {key: np.median(length[:, -1]) for key, length in lengths.items()}
longest = max(len(run) for run in exploding["plain"]["lengths"])

TITLE = "The length of the gradient in the first steps"
DESCRIPTION = (
    "On a logarithmic scale, the length of the whole gradient before it "
    f"is clipped, over the first {SHOWN} steps. Without a remedy, each of "
    f"{SEEDS} runs is a line that shoots up beyond a million within "
    f"{longest} steps. With a remedy there is the median and the range of "
    f"all runs, and it stays: at step {SHOWN} at {later['clip']:.0f} with "
    f"clipping, {later['slow']:.0f} with a small learning rate and "
    f"{later['he']:.0f} with He weights."
)
figure, axes = plt.subplots(figsize=(4.6, 4.4), layout="constrained")
for run_lengths in exploding["plain"]["lengths"]:
    steps = range(1, len(run_lengths) + 1)
    axes.plot(steps, run_lengths, color="C1", lw=1, ls="--")
axes.text(
    5.5, 1e9, f"weights of {START}, no remedy:\nall {SEEDS} runs diverge"
)
for key, length in lengths.items():
    steps = range(1, SHOWN + 1)
    low, high = length.min(axis=0), length.max(axis=0)
    axes.fill_between(steps, low, high, color="lightgrey", lw=0)
    axes.plot(steps, np.median(length, axis=0), color="C1", lw=2, ls="--")
    axes.text(
        SHOWN + 0.7,
        later[key] * (0.55 if key == "he" else 1),  # apart
        exploding[key]["name"],
        va="center",
        fontsize=12,
    )
axes.set(
    yscale="log", xlim=(0, SHOWN), ylim=(0.3, 1e12), xticks=[1, 10, 20, 30]
)
heights = ["1", "thousand", "million", "10⁹", "10¹²"]
axes.set_yticks([1, 1e3, 1e6, 1e9, 1e12], heights)
axes.minorticks_off()
axes.set_xlabel("steps of training")
axes.set_title("Length of the gradient", loc="left", color="grey")
plt.show()

# %% [markdown]
# - **5. Clipping** saves all runs, and {{ exploding[clip][accuracy][median]:.0% }} are read right.
#   The growth from the last hidden layer to the first is the same as before,
#   {{ grows[clip][median]:.0f }} times. Clipping shortens the step and leaves the cause.
# - **6. A smaller learning rate** saves them too, and makes every step small:
#   {{ exploding[slow][accuracy][median]:.0% }}.
# - **7. Better first weights** take the cause away, and the large learning rate works:
#   {{ exploding[he][accuracy][median]:.0% }}. With clipping as well it is
#   {{ exploding[both][accuracy][median]:.0% }}, a difference that cannot be told from chance.
#
# ## Dead ReLU
#
# Two hidden layers, and two ways to kill their units. First, large steps from large weights: a
# learning rate of {{ LARGE:.2f }} and weights with a standard deviation of 1.

# %%
LARGE, SMALL, LOW_BIAS = 0.15, 0.03, -1.0
DEAD = {
    "relu": ("ReLU", {}),
    "leaky": ("8. leaky ReLU", {"activation": "leaky_relu"}),
    "elu": ("8. ELU", {"activation": "elu"}),
    "slow": (f"9. learning rate {SMALL}", {"rate": SMALL}),
}
dead_relu = {"activation": "relu", "depth": 2, "rate": LARGE}


def dead_table(results):
    return Table(
        {
            "Network": result["name"],
            "Dead at the start": percent(result["dead at first"]),
            "Dead at the end": percent(result["dead"]),
            "Test images read right": percent(result["accuracy"]),
        }
        for result in results.values()
    )


better = {"he": ("10. He weights", {"scheme": "he"})}
# "naive" is 1
large_steps = measure_all(DEAD | better, **dead_relu, scheme="naive")
large_steps_table = dead_table(large_steps)
large_steps_table

# %% [markdown]
# Second, He's weights, but all hidden biases start at {{ LOW_BIAS:.0f }}, so that most units are
# dead from the beginning:

# %%
better = {"he": ("10. biases start at 0", {"bias": 0.0})}
low_biases = measure_all(
    DEAD | better, **dead_relu, scheme="he", bias=LOW_BIAS
)
low_biases_table = dead_table(low_biases)
low_biases_table

# %%
for results in (large_steps, low_biases):
    assert all(result["diverged"] == 0 for result in results.values())
    assert (
        results["leaky"]["dead"]["top"]
        == results["elu"]["dead"]["median"]
        == 0
    )
    assert (
        results["he"]["dead"]["high"] < 0.15
        and results["he"]["accuracy"]["low"] > 0.85
    )
assert (
    large_steps["relu"]["dead"]["low"]
    > 0.1
    > large_steps["slow"]["dead"]["high"]
)
# each helps after large steps, and He more
for key in ("leaky", "elu", "slow"):
    helped = large_steps[key]["accuracy"]["median"]
    assert helped > large_steps["relu"]["accuracy"]["median"] + 0.05
    assert helped < large_steps["he"]["accuracy"]["low"]
for key in ("relu", "leaky", "slow"):  # alive or dead, these guess
    assert low_biases[key]["accuracy"]["high"] < 0.15
assert min(low_biases[key]["dead"]["low"] for key in ("relu", "slow")) > 0.6
assert low_biases["elu"]["accuracy"]["low"] > 0.85
overlap = (
    large_steps["leaky"]["accuracy"]["low"]
    < large_steps["relu"]["accuracy"]["high"]
)
assert overlap and large_steps["elu"]["accuracy"]["low"] > 0.7

causes = {
    "Large steps from large weights": large_steps,
    "Biases that start at −1": low_biases,
}
outcomes = [
    f"{cause}, {result['name']}: {result['accuracy']['median']:.0%} right, "
    f"{result['dead']['median']:.0%} dead."
    for cause, results in causes.items()
    for result in results.values()
]
TITLE = "To be alive is not yet to learn"
DESCRIPTION = (
    "Two panels with two bars for each network, medians: the share of the "
    "test images that are read right, and the share of the units that are "
    "dead at the end. "
) + " ".join(outcomes)
figure, panels = plt.subplots(
    2, 1, figsize=(4.6, 4.6), layout="constrained", sharex=True
)
for axes, (cause, results) in zip(panels, causes.items()):
    accuracy = [result["accuracy"]["median"] for result in results.values()]
    dead = [result["dead"]["median"] for result in results.values()]
    y = np.arange(len(results))
    axes.barh(y - 0.2, accuracy, 0.34, color="C0")
    axes.barh(y + 0.2, dead, 0.34, fc="white", ec="C1", ls="--")
    axes.set_yticks(y, [result["name"] for result in results.values()])
    axes.set(xlim=(0, 1), ylim=(len(results) - 0.5, -0.5))
    axes.set_title(cause, loc="right", color="grey")
    if results is large_steps:  # the bars are named once
        label = {"va": "center", "fontsize": 12}
        axes.text(
            accuracy[0] + 0.02,
            -0.2,
            "read right",
            color="C0",
            **label,
        )
        axes.text(
            dead[0] + 0.02,
            0.2,
            "dead units",
            color="C1",
            **label,
        )
axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
plt.show()

# %% [markdown]
# - **8. Leaky ReLU or ELU.** With both, {{ large_steps[elu][dead][median]:.0% }} of the units are
#   dead at the end. After large steps ELU helps more, {{ large_steps[elu][accuracy][median]:.0% }}
#   instead of {{ large_steps[relu][accuracy][median]:.0% }}. Leaky ReLU helps less,
#   {{ large_steps[leaky][accuracy][median]:.0% }}, and its quartiles overlap with those of ReLU.
#   With the low biases ELU reads {{ low_biases[elu][accuracy][median]:.0% }} right, and
#   {{ low_biases[elu][share][median]:.1f }} of the gradient at the second layer reaches the first.
#   Leaky ReLU reads {{ low_biases[leaky][accuracy][median]:.0% }} right, which is guessing. Its
#   slope of a hundredth lets {{ low_biases[leaky][share][median]:.3f }} of the gradient through:
#   its units are alive in name only.
# - **9. A lower learning rate** prevents deaths by large steps:
#   {{ large_steps[slow][dead][median]:.0% }} of the units are dead at the end instead of
#   {{ large_steps[relu][dead][median]:.0% }}. It wakes nobody: with the low biases
#   {{ low_biases[slow][dead][median]:.0% }} stay dead.
# - **10. Better first weights and biases** are at the top both times, with
#   {{ large_steps[he][accuracy][median]:.0% }} and {{ low_biases[he][accuracy][median]:.0% }}.
#
# ## Turn a knob
#
# Download this lab, change the first line below, and look. Do skip connections help tanh more than
# they helped the sigmoid? What does ReLU do at this depth? How many `STEPS` does the sigmoid need?

# %%
last = [
    run(seed, activation="tanh", depth=12)["looks"][-1] for seed in range(3)
]
last_table = Table(
    {
        "Seed": str(seed),
        "Test images read right": f"{look['accuracy']:.0%}",
        "Loss on them": f"{look['loss']:.1f}",
    }
    for seed, look in enumerate(last)
)
last_table

# %% [markdown]
# ## Remember
#
# - A measurement on one network is one draw. Repeat it over seeds, and a published number can be
#   compared: all six of Nielsen's ratios lie within the middle nine tenths of ours.
# - With sigmoids and his first weights, each layer further back learns about {{ typical:.0f }}
#   times more slowly. The mean squared slope predicts it.
# - On the digits, tanh, ReLU and batch normalisation cure a vanishing gradient, and read
#   {{ right[tanh][median]:.0% }}, {{ right[relu][median]:.0% }} and {{ right[norm][median]:.0% }}.
#   Skip connections and large weights bring the gradient back too, but help the sigmoids little in
#   this budget, to {{ right[skip][median]:.0% }} and {{ right[large][median]:.0% }}.
# - Clipping and a small learning rate keep an exploding network from diverging:
#   {{ reads[clip][median]:.0% }} and {{ reads[slow][median]:.0% }}. Better first weights take it
#   further, to {{ reads[he][median]:.0% }}.
# - To be alive is not yet to learn: leaky ReLU keeps all its units and still guesses where the
#   biases are too low, with {{ low_biases[leaky][accuracy][median]:.0% }}.
#
# Copy it: [challenges.py](../snippets/challenges.py) has the network, and `run` above has the
# knobs.
