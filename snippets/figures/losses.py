"""Each loss next to its gradient, and what a sigmoid output makes of two of them."""

import numpy as np
from matplotlib.figure import Figure

from snippets import losses
from snippets.figures import BACKWARD, DASHES, FORWARD, GRID, MUTED, SMALL, THIRD, WIDTH, number

y_hat = np.linspace(0.01, 0.99, 197)  # 0.5 is among them
z = np.linspace(-8, 8, 321)  # scores, for a target of 1


def _one_by_one(function, predictions, y):
    """The loss or its gradient for each prediction alone, a batch of one."""
    return np.array([np.ravel(function(np.array([[p]]), np.array([[y]])))[0] for p in predictions])


def _classes(function, first):
    """The same for three classes, the first one right; what the others get does not count."""
    y = np.array([[1, 0, 0]])
    return np.array([np.ravel(function(np.full((1, 3), p), y)) for p in first])


LOSSES = {
    "MSE": {y: _one_by_one(losses.mse, y_hat, y) for y in (1, 0)},
    "binary cross-entropy": {y: _one_by_one(losses.binary_cross_entropy, y_hat, y) for y in (1, 0)},
    "categorical cross-entropy": {1: _classes(losses.categorical_cross_entropy, y_hat)[:, 0]},
}
_class_gradients = _classes(losses.categorical_cross_entropy_gradient, y_hat)
GRADIENTS = {
    "MSE": {y: _one_by_one(losses.mse_gradient, y_hat, y) for y in (1, 0)},
    "binary cross-entropy": {
        y: _one_by_one(losses.binary_cross_entropy_gradient, y_hat, y) for y in (1, 0)
    },
    "categorical cross-entropy": {1: _class_gradients[:, 0], 0: _class_gradients[:, 1]},
}

# Through the sigmoid, dL/dz = dL/dy_hat * slope of the sigmoid.
_sigmoid = losses.sigmoid(z)
BY_SCORE = {
    "MSE": _one_by_one(losses.mse_gradient, _sigmoid, 1) * _sigmoid * (1 - _sigmoid),
    "binary cross-entropy": _one_by_one(losses.sigmoid_cross_entropy_gradient, z, 1),
}
WRONG = -6.0  # a score that is confidently wrong
mse_wrong, cross_entropy_wrong = (
    float(np.interp(WRONG, z, gradient)) for gradient in BY_SCORE.values()
)

TITLE = "Three losses, their gradients, and what a sigmoid makes of them"
DESCRIPTION = (
    "Three rows of two panels against the prediction ŷ: the loss on the left, its gradient on the "
    f"right, in the same scales. MSE: the loss is never above {LOSSES['MSE'][1].max():.0f}, its "
    f"gradient never beyond {abs(losses.mse_gradient(np.zeros(1), np.ones(1)).item()):.0f}. Binary "
    "cross-entropy: for the target 1 both grow without limit as ŷ comes near 0, and for the "
    "target 0 as it comes near 1. Categorical cross-entropy: the probability of the right class "
    "counts as in the binary case, the gradient by the others is 0. The last panel shows the "
    "gradient by the score z of a sigmoid output whose target is 1. With binary cross-entropy it "
    f"is ŷ − y: at z = {number(WRONG, 0)}, confidently wrong, it is {number(cross_entropy_wrong)}. "
    f"With MSE it is only {number(mse_wrong, 4)} there: the gradient is nearly gone where it is "
    "needed most."
)


def draw():
    figure = Figure(figsize=(WIDTH, 7.7), layout="constrained")
    figure.get_layout_engine().set(h_pad=0.07)
    grid = figure.add_gridspec(4, 2, height_ratios=(1, 1, 1, 1.4))
    rows = [(figure.add_subplot(grid[i, 0]), figure.add_subplot(grid[i, 1])) for i in range(3)]
    for (left, right), name in zip(rows, LOSSES):
        _by_prediction(left, name, LOSSES, FORWARD)
        _by_prediction(right, name, GRADIENTS, BACKWARD, ls=DASHES)
        left.set_title(name, loc="left", fontsize=10, weight="bold", color=FORWARD)
        right.set_title("gradient ∂L/∂ŷ", loc="right", fontsize=10, color=BACKWARD)
        left.set(ylim=(-0.3, 5), yticks=(0, 2, 4))
        right.set(ylim=(-9, 9), yticks=(-8, 0, 8), yticklabels=("−8", "0", "8"))
    for axes in rows[-1]:
        axes.set_xlabel("prediction ŷ")
    for axes, y, place in _labels(rows):
        axes.text(*place, y, color=MUTED, fontsize=SMALL, ha="center", va="center")
    _by_score(figure.add_subplot(grid[3, :]))
    return figure


def _labels(rows):
    """Each curve's target, next to it."""
    (mse, mse_slope), (binary, binary_slope), (categorical, categorical_slope) = rows
    return [
        (mse, "y = 1", (0.14, 1.5)),
        (mse, "y = 0", (0.86, 1.5)),
        (mse_slope, "y = 1", (0.8, -3.2)),
        (mse_slope, "y = 0", (0.2, 3.4)),
        (binary, "y = 1", (0.27, 3.3)),
        (binary, "y = 0", (0.73, 3.3)),
        (binary_slope, "y = 1", (0.4, -6.0)),
        (binary_slope, "y = 0", (0.6, 6.0)),
        (categorical, "the right class", (0.45, 3.3)),
        (categorical_slope, "the right class", (0.6, -6.0)),
        (categorical_slope, "each other class", (0.5, 3.0)),
    ]


def _by_prediction(axes, name, panels, colour, **options):
    axes.axhline(0, color=GRID, lw=0.8)
    axes.set(xlim=(0, 1), xticks=(0, 0.5, 1), xticklabels=("0", "0.5", "1"))
    for y, values in panels[name].items():
        axes.plot(y_hat, values, color=colour, lw=2.0 if y else 1.2, label=f"{name} {y}", **options)


def _by_score(axes):
    axes.axhline(0, color=GRID, lw=0.8)
    axes.set_title(
        "∂L/∂z through a sigmoid, y = 1", loc="left", fontsize=10, weight="bold", color=BACKWARD
    )
    styles = {"MSE": (THIRD, (0, (1, 1))), "binary cross-entropy": (BACKWARD, DASHES)}
    notes = {
        "MSE": ("MSE: {}, almost none", 13),
        "binary cross-entropy": ("binary cross-entropy: ŷ − y = {}", -13),
    }
    wrong = dict(zip(BY_SCORE, (mse_wrong, cross_entropy_wrong)))
    for name, (colour, dashes) in styles.items():
        axes.plot(z, BY_SCORE[name], color=colour, lw=2, ls=dashes, label=f"{name} by z")
        axes.plot(WRONG, wrong[name], "o", color=colour, ms=6)
        note, up = notes[name]
        axes.annotate(
            note.format(number(wrong[name], 3)),
            (WRONG, wrong[name]),
            (-10, up),
            color=colour,
            textcoords="offset points",
            ha="left",
            va="center",
            fontsize=SMALL,
        )
    axes.set(
        xticks=(-8, -4, 0, 4, 8),
        yticks=(-1, -0.5, 0),
        yticklabels=("−1", "−0.5", "0"),
        ylim=(-1.3, 0.3),
    )
    axes.set_xlabel("score z  (far left: confidently wrong)")
