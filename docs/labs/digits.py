# ---
# title: "Lab: train on real digits"
# description: >-
#   A network of 64 inputs, 30 hidden units and 10 outputs learns handwritten digits; against four
#   other methods and the same run in PyTorch, over ten seeds.
# ---

# %% [markdown]
# # Train on real digits
#
# !!! goal "After this lab"
#
#     You have trained a network on real images, with the backward pass that you know and nothing
#     else. You know how good it is beside other methods, and which images it misreads.
#
# Can the backward pass of these chapters learn something real? The images are those of
# scikit-learn's `load_digits`: {{ images }} handwritten digits, each shrunk to {{ side }} ×
# {{ side }} grey values (Alpaydin and Kaynak, 1998). One image is one row of {{ inputs }} numbers,
# from 0 for paper to 1 for ink.

# %%
# pip install numpy matplotlib scikit-learn
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

X, y = load_digits(return_X_y=True)
X = X / 16  # (N, 64), from 0 to 1
Y = np.eye(10)[y]  # (N, 10), one-hot: a 1 in the column of the digit
images, inputs = X.shape
side = 8

# %%
figure, axes = plt.subplots(
    1, 10, figsize=(4.6, 0.85), layout="constrained"
)
for digit, cell in enumerate(axes):
    cell.imshow(X[y == digit][0].reshape(8, 8), cmap="gray_r")
    cell.set(xticks=[], yticks=[])
    cell.spines[:].set(visible=True, color="lightgrey")
    cell.set_title(digit, fontsize=12)
TITLE = "The first image of each digit"
DESCRIPTION = (
    "Ten small pictures in a row, the first image of each digit from 0 to "
    f"9. Each is a square of {side} by {side} grey cells, coarse but "
    "readable for a person."
)
plt.show()

# %% [markdown]
# ## The network
#
# Forward and backward pass are those of [the chapter on the matrix form](../matrix-form.md), with a
# loop over the layers around them. There are {{ inputs }} inputs, {{ HIDDEN }} hidden units with
# ReLU and 10 scores, one for each digit. Softmax and its cross-entropy make a loss of them; the
# largest score is the network's answer. There are {{ size:, }} parameters.

# %%
from snippets.network import (
    backward,
    batches,
    fit,
    forward,
    init,
    softmax_loss,
)

HIDDEN = 30
SIZES = [inputs, HIDDEN, 10]
parameters = init(SIZES, np.random.default_rng(0))
size = sum(p.size for p in parameters)

# %% [markdown]
# Before the first step, [check the gradient](../deeper/gradient-checking.md): nudge each of the
# {{ size:, }} parameters up and down, and look at the loss of {{ CHECKED }} images. The report has
# the worst entry of each array.

# %%
from snippets.gradient_checking import check_gradient

CHECKED = 20


def loss():
    return softmax_loss(forward(X[:CHECKED], parameters)[-1], Y[:CHECKED])[
        0
    ]


activations = forward(X[:CHECKED], parameters)
_, dL_dZ = softmax_loss(activations[-1], Y[:CHECKED])
gradients = backward(dL_dZ, activations, parameters)
report = check_gradient(loss, parameters, gradients)
assert report.verdict == "right"
print(report)

# %% [markdown]
# ## Training
#
# The recipe is the plainest there is: gradient descent with batches of {{ BATCH }} images and a
# constant learning rate of {{ RATE:.1f }}.
#
# One run proves little. The split of the images alone moves the result: the quartiles of one method
# lie up to {{ spread:.1% }} of the images apart, and the gain over logistic regression is
# {{ above_logistic:.1% }}, as we shall see. So everything is repeated for {{ SEEDS }} seeds. Each
# seed draws other first weights, another order of the images, and another fifth of the images to
# test with. No test image is ever trained on.

# %%
RATE, EPOCHS, BATCH, SEEDS = 0.5, 30, 16, 10


def split(seed):
    return train_test_split(
        np.arange(images), test_size=0.2, stratify=y, random_state=seed
    )


def answers(parameters, rows):
    """What the network reads on these images."""
    return forward(X[rows], parameters)[-1].argmax(axis=1)


def accuracy(parameters, rows):
    return float((answers(parameters, rows) == y[rows]).mean())


def train(seed):
    """The trained parameters, and the accuracy after each epoch.

    Two numbers: the one on the training images, the one on the test images.
    """
    rows, test = split(seed)
    rng = np.random.default_rng(seed)
    parameters, curve = init(SIZES, rng), []
    for _ in range(EPOCHS):
        epoch = batches(X[rows], Y[rows], BATCH, 1, rng)
        parameters, _ = fit(parameters, epoch, softmax_loss, RATE)
        curve.append(
            [accuracy(parameters, rows), accuracy(parameters, test)]
        )
    return parameters, curve


runs = [train(seed) for seed in range(SEEDS)]
curves = np.array([curve for _, curve in runs])  # (SEEDS, EPOCHS, 2)
# each (EPOCHS, 2)
low, median, high = np.percentile(curves, [25, 50, 75], axis=0)
first, last = float(median[0, 1]), float(median[-1, 1])
last_training = float(median[-1, 0])
assert last >= 0.975 and first < 0.95 and last_training > last

# %%
figure, axes = plt.subplots(figsize=(4.6, 3), layout="constrained")
epochs = np.arange(1, EPOCHS + 1)
for part, colour, style, name in (
    (0, "grey", "--", "training images"),
    (1, "C0", "-", "test images"),
):
    axes.fill_between(
        epochs, low[:, part], high[:, part], color=colour, alpha=0.2, lw=0
    )
    axes.plot(
        epochs, median[:, part], color=colour, ls=style, lw=2, label=name
    )
axes.set(
    xlabel="epoch",
    ylim=(0.7, 1.005),
    xlim=(1, EPOCHS),
    yticks=[0.7, 0.8, 0.9, 1],
    yticklabels=["70%", "80%", "90%", "100%"],
)
axes.set_title("Images read correctly", loc="left", color="grey")
axes.legend(loc="lower right")
TITLE = f"Learning curves: median and quartiles of {SEEDS} runs"
DESCRIPTION = (
    f"The share of images that are read correctly, over {EPOCHS} epochs; "
    f"median and quartiles of {SEEDS} runs. On the test images it rises "
    f"steeply, from {first:.0%} after the first epoch to "
    f"{median[4, 1]:.0%} after five, then slowly to {last:.1%}. The dashed "
    "curve of the training images runs a little above and ends at "
    f"{last_training:.1%}."
)
plt.show()

# %% [markdown]
# After one epoch the network reads {{ first:.0% }} of the test images, after {{ EPOCHS }} it reads
# {{ last:.1% }}. On the images that it was trained on it is better, {{ last_training:.1% }}: the
# gap is what it learnt by heart.
#
# ## Which digits it takes for which
#
# All {{ SEEDS }} runs together read {{ read:, }} test images and misread {{ misread_count }} of
# them. The confusion matrix sorts them by what is written and what was read.

# %%
# row: what is written; column: what was read
confusion = np.zeros((10, 10), int)
for seed, (trained, _) in enumerate(runs):
    test = split(seed)[1]
    confusion += confusion_matrix(y[test], answers(trained, test))
read = int(confusion.sum())
wrong = confusion - np.diag(np.diag(confusion))
misread_count = int(wrong.sum())
hardest = int((wrong.sum(axis=1) / confusion.sum(axis=1)).argmax())
hardest_share = float(wrong[hardest].sum() / confusion[hardest].sum())
written, taken_for = (
    int(i) for i in np.unravel_index(wrong.argmax(), wrong.shape)
)
often = int(wrong.max())

# %%
figure, axes = plt.subplots(figsize=(4.6, 4.2), layout="constrained")
for row in range(10):
    for column in range(10):
        count = int(confusion[row, column])
        colour = "C0" if row == column else "C1"
        strength = 0.25 if row == column else 0.1 + 0.4 * count / often
        if count:
            axes.add_patch(
                plt.Rectangle(
                    (column - 0.46, row - 0.46),
                    0.92,
                    0.92,
                    facecolor=colour,
                    alpha=strength,
                    lw=0,
                )
            )
            axes.text(
                column, row, count, ha="center", va="center", fontsize=12
            )
axes.set(
    xlim=(-0.5, 9.5),
    ylim=(9.5, -0.5),
    xticks=range(10),
    yticks=range(10),
    xlabel="read as",
    ylabel="written",
)
axes.spines[:].set_visible(False)
axes.tick_params(length=0)
TITLE = f"What is written, and what was read: {SEEDS} runs together"
DESCRIPTION = (
    "A table of ten rows, the digit that is written, and ten columns, the "
    f"digit that was read, with the number of test images in {SEEDS} runs. "
    "Nearly all stand on the diagonal. Of the others, the most frequent "
    f"is {written} read as {taken_for}, {often} times. The digit that is "
    f"misread most often is the {hardest}."
)
plt.show()

# %% [markdown]
# The hardest digit is the {{ hardest }}: {{ hardest_share:.1% }} of them are misread. The most
# frequent slip, found {{ often }} times, is to read {{ written }} as {{ taken_for }}.
#
# Here are the images that one run misreads, the run whose accuracy is closest to the median. Look
# at them before you blame the network.

# %%
typical = int(np.abs(curves[:, -1, 1] - last).argmin())
test = split(typical)[1]
found = answers(runs[typical][0], test)
misread = test[found != y[test]]
shown = len(misread)
pairs = [(int(y[i]), int(found[test == i][0])) for i in misread]

figure, axes = plt.subplots(
    -(-shown // 5),
    5,
    figsize=(4.6, 1.1 * -(-shown // 5)),
    layout="constrained",
    squeeze=False,
)
figure.get_layout_engine().set(h_pad=0.08)
for cell in axes.flat[shown:]:
    cell.set_axis_off()
for cell, image, (is_a, answer) in zip(axes.flat, misread, pairs):
    cell.imshow(X[image].reshape(8, 8), cmap="gray_r")
    cell.set(xticks=[], yticks=[])
    cell.spines[:].set(visible=True, color="lightgrey")
    cell.set_title(f"{is_a} → {answer}", fontsize=12)
TITLE = f"All {shown} images that a typical run misreads"
DESCRIPTION = (
    f"{shown} small grey pictures of handwritten digits, each with what is "
    "written and what the network read: "
    + ", ".join(f"{is_a} as {answer}" for is_a, answer in pairs)
    + "."
)
plt.show()

# %% [markdown]
# ## Against other methods
#
# Every method gets the same {{ SEEDS }} splits, with scikit-learn's settings where none is named:
#
# - **Logistic regression** is, roughly, the network without its hidden layer; its loss and its
#   training differ too.
# - **A support vector classifier** (SVC) is not a network and has no backward pass.
# - **`MLPClassifier`** is scikit-learn's network of the same size, with the optimiser Adam, for as
#   many epochs.
# - **PyTorch, the same run**: the same first weights, batches, loss and rate, with PyTorch's
#   gradients. It was recorded with PyTorch {{ tables.digits.pytorch_version }}.
# - **PyTorch, the usual way**: Adam with a rate of {{ ADAM_RATE:.2f }} as for
#   `MLPClassifier`, and PyTorch's own first weights; recorded as well.

# %%
from snippets.tables._results import Table
from snippets.tables.digits import pytorch_same_run, pytorch_usual_run

ADAM_RATE = 0.01


def score(method):
    """Test accuracy of a scikit-learn classifier for each seed."""
    scores = []
    for seed in range(SEEDS):
        rows, test = split(seed)
        model = method(seed)
        if isinstance(model, MLPClassifier):
            for _ in range(EPOCHS):
                # one epoch
                model.partial_fit(X[rows], y[rows], classes=range(10))
        else:
            model.fit(X[rows], y[rows])
        scores.append(model.score(X[test], y[test]))
    return scores


methods = {
    "Logistic regression": score(
        lambda seed: LogisticRegression(max_iter=1000)
    ),
    "PyTorch, the usual way": [
        correct / len(test) for correct in pytorch_usual_run
    ],
    "MLPClassifier": score(
        lambda seed: MLPClassifier(
            (HIDDEN,),
            batch_size=BATCH,
            learning_rate_init=ADAM_RATE,
            random_state=seed,
        )
    ),
    "This network, in NumPy": curves[:, -1, 1].tolist(),
    "PyTorch, the same run": [
        correct[-1] / len(test) for correct in pytorch_same_run
    ],
    "SVC": score(lambda seed: SVC(random_state=seed)),
}
quartiles = {
    name: np.percentile(scores, [25, 50, 75]).tolist()
    for name, scores in methods.items()
}
comparison = Table(
    {
        "Method": name,
        "Median accuracy": f"{middle:.1%}",
        "Quartiles": f"{lower:.1%} to {upper:.1%}",
    }
    for name, (lower, middle, upper) in quartiles.items()
)
comparison

# %% [markdown]
# After each of the {{ EPOCHS }} epochs, for each of the {{ SEEDS }} seeds, the same run in PyTorch
# reads as many test images as the run in NumPy, give or take {{ LEEWAY }} where another processor
# rounds the last bits otherwise: over {{ steps:, }} steps, with two independent backward passes.

# %%
# an image on the border may be read either way where the last bits differ
LEEWAY = 1
apart = np.abs(
    np.array(pytorch_same_run) - curves[:, :, 1] * len(test)
).max()
assert round(float(apart)) <= LEEWAY
counts = SEEDS * EPOCHS
steps = counts * -(-len(split(0)[0]) // BATCH)

above_logistic = float(
    np.median(
        np.array(methods["This network, in NumPy"])
        - methods["Logistic regression"]
    )
)
below_svc = float(
    np.median(np.array(methods["SVC"]) - methods["This network, in NumPy"])
)
logistic, svc = quartiles["Logistic regression"][1], quartiles["SVC"][1]
assert above_logistic > 0 and below_svc > 0 and svc > 0.98

spread = max(upper - lower for lower, _, upper in quartiles.values())
assert spread > above_logistic
ours = quartiles["This network, in NumPy"]
assert all(
    ours[0] <= quartiles[name][2] and quartiles[name][0] <= ours[2]
    for name in ("MLPClassifier", "PyTorch, the usual way")
)

# %% [markdown]
# On the same split, the network reads {{ above_logistic:.1% }} more of the images than logistic
# regression, and the SVC {{ below_svc:.1% }} more than the network. These are medians of the
# differences on each split, not differences of the medians. Plain gradient descent, written by
# hand, is in the same range as both libraries' networks: their quartiles overlap.
#
# ## Remember
#
# - The backward pass that you know learns from real data as it is. Only the shapes grow.
# - Check the gradient before you train, not when training fails.
# - Compare medians over seeds. Here the quartiles of one method lie up to {{ spread:.1% }} of the
#   images apart.
# - Compare with a method that has no hidden layer before you praise one that has.
#
# Copy it: [network.py](../snippets/network.py) has the network, and needs NumPy and nothing else.
