"""Every slip run as it is printed and as it is mended, both against a check that knows nothing of
either.
"""

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from snippets import errata, matrix_form
from snippets import worked_example as example
from snippets.gradient_checking import central_difference, numerical_gradient, relative_error
from snippets.tables import magnitude, n, number

TOLERANCE = 1e-6  # central differences reach about 1e-9 here; a slip shows as 1e-1
OVERVIEW = []


def verdict(passes):
    return "**passes**" if passes else "**fails**"


def pair(slip, anchor, check, printed, mended):
    """Two rows, each a result and whether it passes the check; what is printed has to fail, what is
    mended to pass.
    """
    assert not printed[1] and mended[1], (slip, printed, mended)
    OVERVIEW.append(
        {
            "Slip": f"[{slip}](#{anchor})",
            "Caught by": check,
            "As printed": printed[0],
            "Mended": mended[0],
        }
    )
    return [
        {"Line": name, check: result, "Verdict": verdict(passes)}
        for name, (result, passes) in (("as printed", printed), ("mended", mended))
    ]


def compared(gradient, nudged):
    """The relative error of a gradient, and whether it is small enough."""
    error = relative_error(np.asarray(gradient, dtype=float), np.asarray(nudged, dtype=float))
    return f"error {magnitude(error)}", error < TOLERANCE


def spread(values):
    """Median and, where it varies, smallest and largest value."""
    low, median, high = (f"{value:.2f}" for value in np.percentile(values, [0, 50, 100]))
    return median if low == high else f"{median} ({low} to {high})"


# Rounded too early: the exact prediction, from forty digits, and the numbers rounded for print at
# the very end
ARTICLE = {"loss": "0.0645", "dL_da2": "-0.508"}
exact_a2 = 1 / (1 + (-Decimal("1.08")).exp())
EXACT = dict(zip(ARTICLE, ((exact_a2 - 1) ** 2, 2 * (exact_a2 - 1))))
_early, _late = (
    dict(zip(ARTICLE, f(example.a2, example.y))) for f in (errata.error_of_rounded, errata.error)
)


def printed_as(value, name):
    return Decimal(value).quantize(Decimal(ARTICLE[name]), ROUND_HALF_UP)


def rounded(value, name):
    shown = printed_as(value, name)
    return f"{n(value, 10)}, printed as {n(shown)}", shown == printed_as(EXACT[name], name)


assert all(printed_as(_early[name], name) == Decimal(article) for name, article in ARTICLE.items())
ROUNDING = [
    {"Quantity": f"`{name}`"} | row
    for name in ARTICLE
    for row in pair(
        f"`{name}` rounded too early",
        "rounded-too-early",
        "Forty digits, rounded at the end",
        rounded(_early[name], name),
        rounded(_late[name], name),
    )
]
exact_loss, exact_slope = map(float, EXACT.values())

# A sensitivity is no share: three hidden units feed one output; what does the loss do when one of
# them moves?
_a1, _w2, _bias, _target = np.array([0.9, 1.4, 1.2]), np.array([0.3, 0.6, -0.8]), 0.1, 1.0


def _loss():
    return (matrix_form.sigmoid(_w2 @ _a1 + _bias) - _target) ** 2


_a2 = matrix_form.sigmoid(_w2 @ _a1 + _bias)
output_blame = float(2 * (_a2 - _target) * _a2 * (1 - _a2))
[_nudged] = numerical_gradient(_loss, [_a1])
_readings = {
    "cut up": errata.blame_cut_up(output_blame, _w2),
    "handed back": errata.blame_handed_back(output_blame, _w2),
    "central differences": _nudged,
}
SHARES = [
    {"Reading": name}
    | {f"unit {k + 1}": n(value, 3) for k, value in enumerate(values)}
    | {"sum": n(values.sum(), 3)}
    for name, values in _readings.items()
]
handed_back_sum = float(_nudged.sum())
pair(
    "A gradient read as a share",
    "a-gradient-read-as-a-share",
    "Central differences",
    *(compared(_readings[name], _nudged) for name in ("cut up", "handed back")),
)
# the shares add up, the sensitivities do not
assert math.isclose(_readings["cut up"].sum(), output_blame)
assert abs(handed_back_sum) < abs(output_blame) / 5

# Several units a layer: from one hidden value over two units to the output, all of them sigmoids
_w_in, _w_out, _start = np.array([1.5, -2.0]), np.array([2.0, 1.0]), 0.5


def _over_two(a1):
    between = matrix_form.sigmoid(_w_in * a1)
    return between, float(matrix_form.sigmoid(_w_out @ between))


_between, _end = _over_two(_start)
_da2_da1, _da3_da2 = _between * (1 - _between) * _w_in, _end * (1 - _end) * _w_out
_measured = central_difference(lambda a1: _over_two(a1)[1], _start)
_slopes = [f(_da3_da2, _da2_da1) for f in (errata.slope_of_one_path, errata.slope_of_all_paths)]
PATHS = [
    {"$\\partial a_3 / \\partial a_1$": name, "value": n(value, 4)}
    for name, value in zip(
        ("one product, over the first unit", "both products, added", "central differences"),
        [*_slopes, _measured],
    )
]
pair(
    "One product for several units",
    "one-product-for-several-units",
    "Central differences",
    *(compared(slope, _measured) for slope in _slopes),
)

# The output's gradient, entry by entry of Z2
rng = np.random.default_rng(0)
Z2, Y = rng.normal(size=(5, 3)), rng.integers(0, 2, size=(5, 3)).astype(float)
_A2 = matrix_form.sigmoid(Z2)
[_nudged] = numerical_gradient(
    lambda: matrix_form.mean_squared_error(matrix_form.sigmoid(Z2), Y), [Z2]
)
OUTPUT = pair(
    "A gradient of another loss",
    "a-gradient-of-another-loss",
    "Central differences",
    *(
        compared(f(_A2, Y), _nudged)
        for f in (errata.output_gradient_of_cross_entropy, errata.output_gradient_of_mse)
    ),
)

# A chain of sigmoids: where the weight is missing, and where the slope is
CHAIN = 10


def chain(w, b, x=0.5):
    """The slopes of a chain of neurons, and the gradient through it by central differences."""

    def run(a):
        slopes = []
        for _ in range(CHAIN):
            a = matrix_form.sigmoid(w * a + b)
            slopes.append(a * (1 - a))
        return a, slopes

    return run(x)[1], central_difference(lambda x: run(x)[0], x)


CHAINS = []
RULES = errata.product_of_slopes, errata.product_of_weights, errata.product_of_both
# weight 4 and bias -2 keep a at 1/2, where the slope is exactly a quarter
for _slip, _rule, _name, _case in (
    ("A quarter a layer, without the weight", 0, "weight 4, bias −2", (4.0, -2.0)),
    ("Two a layer, without the slope", 1, "weight 2, bias 0", (2.0, 0.0)),
):
    _slopes, _gradient = chain(*_case)
    _found = [rule(_case[0], _slopes) for rule in RULES]
    _passes = [abs(found / _gradient - 1) < TOLERANCE for found in _found]
    assert _passes == [False, False, True], _passes
    CHAINS.append(
        {
            f"{CHAIN} sigmoids": _name,
            "slopes only": number(_found[0]),
            "weights only": number(_found[1]),
            "both": number(_found[2]),
            "central differences": number(_gradient),
        }
    )
    pair(
        _slip,
        "a-quarter-a-layer-and-two-a-layer",
        "Central differences",
        (number(_found[_rule]), _passes[_rule]),
        (number(_found[2]), _passes[2]),
    )
assert _gradient < 1e-5  # every weight is 2, and the gradient vanishes


# Random numbers: does a second run give the same?
SEED = pair(
    "A program without a seed",
    "a-program-without-a-seed",
    "A second run",
    *(
        ("the same weights" if same else "other weights", same)
        for same in (
            bool((errata.first_weights_unseeded() == errata.first_weights_unseeded()).all()),
            bool((errata.first_weights(0) == errata.first_weights(0)).all()),
        )
    ),
)

# The bias of a batch: five examples, one output
z2, y = rng.normal(size=(1, 5)), rng.integers(0, 2, size=(1, 5)).astype(float)
a2 = matrix_form.sigmoid(z2)
_blame = 2 * (a2 - y) * a2 * (1 - a2)
_b2 = np.zeros((1, 1))
[_nudged] = numerical_gradient(lambda: ((matrix_form.sigmoid(z2 + _b2) - y) ** 2).sum(), [_b2])


def bias_checked(gradient):
    if gradient.shape != _nudged.shape:
        return f"shape `{gradient.shape}`, the bias has `{_nudged.shape}`", False
    error, small = compared(gradient, _nudged)
    return f"shape `{gradient.shape}`, {error}", small


BIAS = pair(
    "The bias of a batch",
    "the-bias-of-a-batch",
    "The shape, then central differences",
    bias_checked(errata.bias_gradient_of_one(_blame)),
    bias_checked(errata.bias_gradient(_blame)),
)
_one = _blame[:, :1]
# right for one example
assert np.array_equal(errata.bias_gradient_of_one(_one), errata.bias_gradient(_one))

# Blocks that are labelled as Python: every such line of the article, and a line of Python that says
# the same
LINES = [
    ("relu'(-1) = 0", "relu_slope_at(-1) == 0"),
    ("relu'(0)  = 0", "relu_slope_at(0) == 0"),
    ("relu'(1)  = 1", "relu_slope_at(1) == 1"),
    ("dL/dz = a - y", "dL_dz = a - y"),
    ("dL/dŷ = 2(ŷ - y)", "dL_da2 = 2 * (a2 - y)"),
    ("dL/dŷ = -(y/ŷ) + (1-y)/(1-ŷ)", "dL_da2 = -(y / a2) + (1 - y) / (1 - a2)"),
    ("dL/dŷᵢ = -yᵢ/ŷᵢ", "dL_da = -y / a"),
]
for _, _line in LINES:  # the mended lines also run
    _names = {"relu_slope_at": errata.relu_slope_at, **dict.fromkeys(("a", "a2", "y"), 0.7)}
    exec(_line, _names)
    assert "==" not in _line or eval(_line, _names) is True
PYTHON = [
    {
        "As printed": f"`{printed}`",
        "Python says": "" if errata.is_python(printed) else "`SyntaxError`",
        "Mended": f"`{mended}`",
    }
    for printed, mended in LINES
]
pair(
    "Blocks that are not Python",
    "blocks-that-are-not-python",
    "`ast.parse`",
    *(
        (
            f"{sum(map(errata.is_python, lines))} of {len(lines)} lines read",
            all(map(errata.is_python, lines)),
        )
        for lines in zip(*LINES)
    ),
)
assert not any(errata.is_python(printed) for printed, _ in LINES)

# ReLU and dropout, in the shape of the tutorial: 784 pixels, 100 hidden units, 10 labels, its first
# weights
SEEDS = 50
PIXELS, HIDDEN, LABELS = 784, 100, 10
VERSIONS = {
    "as printed": (errata.relu_slope_or_one, errata.dropout_backward_halved),
    "only the factor mended": (errata.relu_slope_or_one, errata.dropout_backward),
    "only the slope mended": (errata.relu_slope, errata.dropout_backward_halved),
    "both mended": (errata.relu_slope, errata.dropout_backward),
}


def image(seed):
    """A random image with ink on a fifth of it, a label, weights as the tutorial draws them, and a
    dropout mask.
    """
    rng = np.random.default_rng(seed)
    x = rng.random(PIXELS) * (rng.random(PIXELS) < 0.2)
    y = np.eye(LABELS)[rng.integers(LABELS)]
    W1, W2 = (0.2 * rng.random(shape).T - 0.1 for shape in ((PIXELS, HIDDEN), (HIDDEN, LABELS)))
    return x, y, W1, W2, rng.integers(0, 2, size=HIDDEN)


def tutorial(seed):
    """For each version the relative error and the cosine of dL_dW1 against central differences.

    dL_dW1 is an outer product: the column of the brightest pixel has the error of the whole.
    """
    x, y, W1, W2, kept = image(seed)
    i = int(x.argmax())

    def loss():
        a2 = errata.with_dropout(x, W1, W2, kept)[1]
        return ((a2 - y) ** 2).sum() / 2

    [nudged] = numerical_gradient(loss, [W1[:, i]])
    rows = [
        errata.first_gradient(x, y, W1, W2, kept, *version)[:, i] for version in VERSIONS.values()
    ]
    cosines = [np.dot(row, nudged) / np.linalg.norm(row) / np.linalg.norm(nudged) for row in rows]
    return [relative_error(row, nudged) for row in rows], cosines


_errors, _cosines = (np.array(values) for values in zip(*map(tutorial, range(SEEDS))))
tutorial_errors = dict(zip(VERSIONS, _errors.T))
tutorial_cosines = dict(zip(VERSIONS, _cosines.T))
TUTORIAL = [
    {
        "Version": name,
        "Relative error": magnitude(errors.max()) if name == "both mended" else spread(errors),
        "Cosine": spread(tutorial_cosines[name]),
        "Verdict": verdict(errors.max() < TOLERANCE),
    }
    for name, errors in tutorial_errors.items()
]
for _slip, _half in (
    ("A slope that is 1 everywhere", "only the factor mended"),
    ("A factor left behind", "only the slope mended"),
):
    _rows = [row for row in TUTORIAL if row["Version"] in (_half, "both mended")]
    pair(
        _slip,
        "a-slope-and-a-factor",
        "Central differences",
        *((f"error {row['Relative error']}", "passes" in row["Verdict"]) for row in _rows),
    )
assert all(errors.min() > 0.2 for name, errors in tutorial_errors.items() if name != "both mended")
# half the gradient, in the right direction
assert np.allclose(tutorial_errors["only the slope mended"], 1 / 3)

# The kink of ReLU, at the number that is printed and at the one that is meant
STEP = 1e-5
KINK, _nonzero = [], []
for _name, _text in (("as printed", "-1e6"), ("mended", "-1e-6")):
    _x = float(_text)
    _slope = central_difference(matrix_form.relu, _x, STEP)
    KINK.append(
        {
            "Line": _name,
            "x": f"`{_text}`",
            "slope of ReLU": n(errata.relu_slope_at(_x)),
            "central difference": n(_slope),
            "kink crossed": "yes" if errata.crosses_kink(_x, STEP) else "no",
        }
    )
    _nonzero.append((f"central difference {n(_slope)}", _slope != 0))
pair("A kink a million away", "a-kink-a-million-away", "Running it", *_nonzero)
assert [row["kink crossed"] for row in KINK] == ["no", "yes"] and all(
    row["slope of ReLU"] == "0" for row in KINK
)

# W2 updated before the blame has passed through it
_arguments = example.W2, example.dL_dz2, example.a1, example.learning_rate
_nudged = central_difference(
    lambda a1: (matrix_form.sigmoid(example.W2 * a1 + example.b2) - example.y) ** 2, example.a1
)
(_W2_late, _late), (_W2, _right) = (
    errata.hidden_gradient_after_update(*_arguments),
    errata.hidden_gradient(*_arguments),
)
assert _W2_late == _W2 == example.W2_new
ORDER = [
    {"Line": row.pop("Line"), "`dL_dW1`": n(value * example.da1_dz1 * example.x)} | row
    for value, row in zip(
        (_late, _right),
        pair(
            "W2 updated too early",
            "w2-updated-too-early",
            "Central differences",
            compared(_late, _nudged),
            compared(_right, _nudged),
        ),
    )
]

# How close can a check come? Right gradients of cross-entropy with one sigmoid output, nudged in
# five ways
CHECKS, THRESHOLD = 100, 1e-7
FLOAT32_STEPS = [0.1, 0.03, 0.01, 0.003, 0.001, 0.0001]


def case(seed):
    """A vector of parameters, the right gradient, and a function from such a vector to Z2, with its
    targets.
    """
    rng = np.random.default_rng(seed)
    X, Y, vector = (
        rng.normal(size=(3, 4)),
        rng.integers(0, 2, size=(3, 1)),
        rng.normal(size=31),  # W1, b1, W2 and b2 in a row
    )
    inputs = {values.dtype: values for values in (X, X.astype(np.float32))}

    def outputs(vector):
        W1, b1, W2, b2 = vector[:20].reshape(5, 4), vector[20:25], vector[None, 25:30], vector[30:]
        A1 = matrix_form.relu(inputs[vector.dtype] @ W1.T + b1)
        return A1, A1 @ W2.T + b2, W2

    A1, Z2, W2 = outputs(vector)
    sign = 1 - 2 * Y
    # A2 - Y, without the difference that loses digits
    dL_dZ2 = sign * matrix_form.sigmoid(sign * Z2) / len(Y)
    dL_dZ1 = dL_dZ2 @ W2 * (A1 > 0)
    parts = dL_dZ1.T @ X, dL_dZ1.sum(axis=0), dL_dZ2.T @ A1, dL_dZ2.sum(axis=0)
    return (
        vector,
        np.concatenate([part.ravel() for part in parts]),
        lambda vector: outputs(vector)[1],
        Y,
    )


def check_errors(differences, h, loss, dtype=np.float64):
    """The relative error that a check reports for a right gradient, in each of the networks."""
    found = [
        differences(lambda v, Z2=Z2, Y=Y: loss(Z2(v), Y), vector.astype(dtype), h)
        for vector, _, Z2, Y in _networks
    ]
    return np.array(
        [relative_error(nudged, gradient) for nudged, (_, gradient, *_) in zip(found, _networks)]
    )


_networks = [case(seed) for seed in range(CHECKS)]
_float32 = {
    h: check_errors(errata.differences_to_both_sides, h, errata.cross_entropy_of_scores, np.float32)
    for h in FLOAT32_STEPS
}
best_step = min(_float32, key=lambda h: np.median(_float32[h]))
PRINTED, MENDED = "`1e-7` to both sides", "`1e-5` to both sides, loss from `Z2`"
SINGLE = f"the same in float32, `{best_step}`"
checks = {
    "`1e-7` to one side": check_errors(
        errata.differences_to_one_side, 1e-7, errata.cross_entropy_of_prediction
    ),
    PRINTED: check_errors(
        errata.differences_to_both_sides, 1e-7, errata.cross_entropy_of_prediction
    ),
    "`1e-5` to both sides": check_errors(
        errata.differences_to_both_sides, 1e-5, errata.cross_entropy_of_prediction
    ),
    MENDED: check_errors(errata.differences_to_both_sides, 1e-5, errata.cross_entropy_of_scores),
    SINGLE: _float32[best_step],
}
wrongly = {name: int((values > THRESHOLD).sum()) for name, values in checks.items()}
REACH = [
    {
        "Nudge": name,
        "Median error": number(np.median(values), 1),
        "Largest error": number(values.max(), 1),
        "Right gradients called wrong": f"{wrongly[name]} of {CHECKS}",
    }
    for name, values in checks.items()
]
pair(
    "A check lost in rounding",
    "a-check-lost-in-rounding",
    "Right gradients",
    *(
        (f"{wrongly[name]} of {CHECKS} called wrong", wrongly[name] == 0)
        for name in (PRINTED, MENDED)
    ),
)
steps, printed_wrong, single_wrong = len(FLOAT32_STEPS), wrongly[PRINTED], wrongly[SINGLE]
reach, printed_reach, single_reach = (
    float(np.median(checks[name])) for name in (MENDED, PRINTED, SINGLE)
)
reach_worst = float(checks[MENDED].max())
assert single_wrong == CHECKS and reach_worst < THRESHOLD / 100 and printed_reach > 10 * reach
