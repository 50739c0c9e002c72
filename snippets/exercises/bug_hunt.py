"""The bugs to hunt: each is right code with one line changed."""

import inspect

import numpy as np

from snippets import matrix_form, network, worked_example
from snippets.exercises._hunt import Code, body, bug, compiled, statements

PROCESS = "[Step 2](process.md#step-2-output-layer-gradient)"
BACK = "[Step 3: Propagate backward](process.md#step-3-propagate-backward)"
UPDATE = "[Step 4: Update weights](process.md#step-4-update-weights)"
MATRIX = "[Backward pass](matrix-form.md#backward-pass)"
ANOTHER = "[Which line is wrong?](matrix-form.md#which-line-is-wrong)"
RELU = "[ReLU](activations.md#relu)"
SIGMOID = "[Sigmoid](activations.md#sigmoid)"
TRANSPOSE = "[Making the shapes fit](deeper/transpose.md#making-the-shapes-fit-is-not-enough)"
CLASSES = "[Categorical cross-entropy](losses.md#categorical-cross-entropy)"
SLIPS = "[A slope and a factor](errata.md#a-slope-and-a-factor)"
STEP = "[How large a step?](deeper/gradient-checking.md#how-large-a-step)"
FRAMEWORKS = "[PyTorch example](frameworks.md#the-same-by-hand)"

# One example, two neurons: the lines of the worked example

ARTICLE = {
    name: np.array(getattr(worked_example, name)) for name in ("x", "y", "W1", "b1", "W2", "b2")
}

FORWARD_OF_EXAMPLE = compiled("\n".join(body(worked_example.forward_example)))


def forward_of_example(v):
    scope = {"math": worked_example.math} | v
    exec(FORWARD_OF_EXAMPLE, scope)
    return {name: np.array(scope[name]) for name in ("z1", "a1", "z2", "a2", "loss")}


def loss_of_example(v):
    return forward_of_example(v)["loss"]


example = Code(
    statements(inspect.getsource(worked_example), "dL_da2", "dL_db1"),
    ARTICLE,
    ["W1", "b1", "W2", "b2"],
    forward_of_example,
    loss_of_example,
    [(name, ()) for name in ("W1", "b1", "W2", "b2")],
    slips={
        "The prediction and the target have changed places.": "dL_da2 = 2 * (y - a2)",
        "The factor 2 of the square is missing.": "dL_da2 = a2 - y",
        "The slope of the sigmoid is missing.": "dL_dz2 = dL_da2",
        "The slope of the sigmoid is made of its input.": "da2_dz2 = z2 * (1 - z2)",
        "It takes the input of the network instead of that of its own layer.": "dL_dW2 = "
        "dL_dz2 * x",
        "The weight on the way back is missing.": "dL_da1 = dL_dz2",
        "The slope of the ReLU is taken for 1 everywhere.": "da1_dz1 = 1.0",
    },
)
ON_EXAMPLE = ("x = 2, as in the worked example", {})
NEGATIVE = ("x = −1", {"x": np.array(-1.0)})

turned_round = bug(
    example,
    "It climbs",
    1,
    "loss",
    PROCESS,
    "The prediction and the target have changed places.",
    "The slope of $(a - y)^2$ is $2(a - y)$. Turned round, every gradient has the wrong sign.",
    ["dL_da2 = y - a2", "dL_da2 = a2 - y"],
    ON_EXAMPLE,
)
without_the_two = bug(
    example,
    "All of them half",
    1,
    "loss",
    PROCESS,
    "The factor 2 of the square is missing.",
    "It trains all the same, with half the learning rate, and so nobody notices.",
    ["dL_da2 = (a2 - y) / 2", "dL_da2 = 2 * (y - a2)"],
    ON_EXAMPLE,
)
without_the_slope = bug(
    example,
    "Five times too large",
    1,
    "chain rule",
    SIGMOID,
    "The slope of the sigmoid is missing.",
    "Between $a_2$ and $z_2$ lies the sigmoid, and every link of the chain has its slope.",
    ["dL_dz2 = dL_da2 * a2", "dL_dz2 = dL_da2 * z2"],
    ON_EXAMPLE,
)
slope_at_z = bug(
    example,
    "One sign is wrong",
    1,
    "activation",
    SIGMOID,
    "The slope of the sigmoid is made of its input.",
    "The rule $a(1 - a)$ takes what the sigmoid put *out*.",
    ["da2_dz2 = a2 * (1 - z2)", "da2_dz2 = 1 - a2"],
    ON_EXAMPLE,
)
input_for_activation = bug(
    example,
    "Only one is wrong",
    1,
    "chain rule",
    BACK,
    "It takes the input of the network instead of that of its own layer.",
    "A weight's gradient has what came in through this weight: here $a_1$. As `W1` is right, the "
    "way back to it is, too: the fault lies after it has branched off, on the side way to `W2`.",
    ["dL_dW2 = dL_dz2 * z2", "dL_dW2 = dL_da2 * a1"],
    ON_EXAMPLE,
)
without_the_weight = bug(
    example,
    "The first layer is off",
    2,
    "chain rule",
    BACK,
    "The weight on the way back is missing.",
    "What flowed through $W_2$ flows back through $W_2$. As `W2` is right and `W1` is not, the "
    "fault "
    "lies between them.",
    ["dL_da1 = W1 * dL_dz2", "dL_da1 = W2 * dL_da2"],
    ON_EXAMPLE,
)
always_active = bug(
    example,
    "Right until it rains",
    2,
    "ReLU",
    RELU,
    "The slope of the ReLU is taken for 1 everywhere.",
    "A test has to visit both branches: with $x = 2$ this unit is active, and 1 happens to be "
    "right.",
    ["da1_dz1 = z1", "da1_dz1 = 1.0 if a1 >= 0 else 0.0"],
    NEGATIVE,
    blind=ON_EXAMPLE,
)

# A batch in rows: the lines of the matrix form. Square matrices: shapes do not tell

rng = np.random.default_rng(5)
SQUARE = {name: rng.normal(size=(2, 2)) for name in ("W1", "W2")}
BATCH = SQUARE | {"b1": np.array([0.3, -0.2]), "b2": np.array([0.1, 0.2])}
BATCH |= {"X": rng.normal(size=(4, 2)), "Y": np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]])}
PARAMETERS = ["W1", "b1", "W2", "b2"]
ENTRIES = [("W1", (0, 0)), ("W1", (1, 1)), ("b1", (0,)), ("b1", (1,))]
ENTRIES += [("W2", (0, 0)), ("W2", (0, 1)), ("W2", (1, 0)), ("b2", (0,))]


FORWARD_OF_BATCH = compiled("\n".join(body(matrix_form.forward_batch)))


def forward_of_batch(v):
    values = matrix_form.forward_batch(*(v[name] for name in ("X", *PARAMETERS)))
    return dict(zip(("Z1", "A1", "Z2", "A2"), values))


def loss_of_batch(v):
    return np.mean((forward_anyhow(v)["A2"] - v["Y"]) ** 2)


def forward_anyhow(v):
    """The forward pass as NumPy runs it: also with a bias that a wrong gradient has stretched."""
    scope = {"relu": matrix_form.relu, "sigmoid": matrix_form.sigmoid} | v
    exec(FORWARD_OF_BATCH, scope)
    return {name: scope[name] for name in ("Z1", "A1", "Z2", "A2")}


BACKWARD = body(matrix_form.backward_batch)
batch = Code(
    BACKWARD,
    BATCH,
    PARAMETERS,
    forward_anyhow,
    loss_of_batch,
    ENTRIES,
    slips={
        "The slope of the ReLU is missing.": "dL_dZ1 = dL_dA1",
        "The examples are not added up.": "dL_db2 = dL_dZ2",
        "The mean over the examples is taken twice.": "dL_dA2 = 2 / A2.size * (A2 - Y) / len(X)",
        "It adds up the gradient of another layer.": "dL_db1 = dL_dZ2.sum(axis=0)",
        "The way back goes around the sigmoid.": "dL_dA1 = dL_dA2 @ W2",
        "The weights are read by row instead of by column.": "dL_dA1 = dL_dZ2 @ W2.T",
        "The sign is looked for where there is none.": "dL_dZ1 = dL_dA1 * (A1 >= 0)",
        "It is the gradient of another loss, cross-entropy.": "dL_dZ2 = (A2 - Y) / len(X)",
    },
    rate=2.0,
)
ON_BATCH = ("four examples", {})
SYMMETRIC = ("a symmetric W2", {"W2": np.array([[0.7, 0.4], [0.4, -0.5]])})
ALL_ACTIVE = ("biases so high that all units are active", {"b1": np.array([9.0, 9.0])})
ONE = ("a single example", {"X": BATCH["X"][:1], "Y": BATCH["Y"][:1]})

no_mask = bug(
    batch,
    "Nothing is stopped",
    1,
    "ReLU",
    RELU,
    "The slope of the ReLU is missing.",
    "Where a unit was off, nothing goes back. With all units on it would not show.",
    ["dL_dZ1 = dL_dA1 * Z1", "dL_dZ1 = dL_dA1 * (Z2 > 0)"],
    ON_BATCH,
    blind=ALL_ACTIVE,
)
no_sum = bug(
    batch,
    "A bias for everybody",
    1,
    "sum over the batch",
    MATRIX,
    "The examples are not added up.",
    "All examples share the bias, so their gradients add up. NumPy says nothing: the bias "
    "grows into "
    "one for each example, and the loss falls even lower, because each is learned by heart.",
    ["dL_db2 = dL_dZ2.sum(axis=1)", "dL_db2 = dL_dZ2.mean(axis=0)"],
    ON_BATCH,
)
mean_twice = bug(
    batch,
    "A quarter of everything",
    2,
    "mean",
    MATRIX,
    "The mean over the examples is taken twice.",
    "`A2.size` has the number of examples in it. With a single example it would not show.",
    ["dL_dA2 = 2 * (A2 - Y) / len(X)", "dL_dA2 = (A2 - Y) / len(X) / 2 / len(X)"],
    ON_BATCH,
    blind=ONE,
)
bias_of_the_other_layer = bug(
    batch,
    "A copied line",
    2,
    "chain rule",
    MATRIX,
    "It adds up the gradient of another layer.",
    "A copied line of which only the left side was changed. H and K are both 2, so the shape fits.",
    ["dL_db1 = dL_dA1.sum(axis=0)", "dL_db1 = dL_dZ1.sum(axis=1)[:2]"],
    ON_BATCH,
)
around_the_sigmoid = bug(
    batch,
    "Half of the way is right",
    2,
    "chain rule",
    MATRIX,
    "The way back goes around the sigmoid.",
    "`W2` feeds the sum before the sigmoid: what goes back through it is `dL_dZ2`. The "
    "gradients of layer 2 are right, so the fault comes after them.",
    ["dL_dA1 = dL_dA2 @ W2.T", "dL_dA1 = dL_dZ2 @ W1"],
    ON_BATCH,
)
transposed = bug(
    batch,
    "A question of symmetry",
    3,
    "transpose",
    TRANSPOSE,
    "The weights are read by row instead of by column.",
    "Forward takes `W2.T`, so backward takes `W2`. In a square layer both run, and for a symmetric "
    "`W2` they are the same.",
    ["dL_dA1 = (W2 @ dL_dZ2.T).T", "dL_dA1 = dL_dZ2 @ W1.T"],
    ON_BATCH,
    blind=SYMMETRIC,
)
at_least_zero = bug(
    batch,
    "Never negative",
    3,
    "ReLU",
    SLIPS,
    "The sign is looked for where there is none.",
    "After the ReLU nothing is negative, so `>=` is true everywhere. This slip was published in a "
    "well-known tutorial.",
    ["dL_dZ1 = dL_dA1 * (Z1 >= -9)", "dL_dZ1 = dL_dA1 * A1"],
    ON_BATCH,
    blind=ALL_ACTIVE,
)

# The same lines with one thing more


SCALED = {
    "The mean is taken over the examples alone.": "dL_dA2 = 2 / len(X) * (A2 - Y)",
    "The factor 2 of the square is missing.": "dL_dA2 = (A2 - Y) / A2.size",
    "One bias has the mean of the examples instead of their sum.": "dL_db2 = dL_dZ2.mean(axis=0)",
}


def with_lines(lines, slips, loss=loss_of_batch, forward=forward_anyhow, **given):
    """A code like `batch` with other lines."""
    slips, given = SCALED | slips, BATCH | given
    return Code(lines, given, PARAMETERS, forward, loss, ENTRIES, slips, rate=2.0)


HAND_ON = next(line for line in BACKWARD if line.startswith("dL_dA1"))
at_hand_on = BACKWARD.index(HAND_ON)
in_place = with_lines(
    [
        *BACKWARD[:at_hand_on],
        "W2_before = W2.copy()",
        "W2 -= 2.0 * dL_dW2",
        HAND_ON.replace("W2", "W2_before"),
        *BACKWARD[at_hand_on + 1 :],
    ],
    {"It is a second name for the same array, and no copy.": "W2_before = W2"},
)
updated_first = bug(
    in_place,
    "Two names",
    3,
    "update",
    UPDATE,
    "It is a second name for the same array, and no copy.",
    "`W2 -= …` changes the array in place, and so both names. The way back goes through "
    "weights that "
    "had no part in the prediction. The error is small, and a loose check lets it pass.",
    ["W2_before = W2[:]", "W2_before = W2.view()"],
    ON_BATCH,
)

KEPT = np.array([1.0, 0.0])
_Z1, _A1, *_rest = body(matrix_form.forward_batch)
FORWARD_WITH_DROPOUT = compiled("\n".join([_Z1, _A1, "A1 = A1 * kept * 2", *_rest]))


def forward_with_dropout(v):
    scope = {"relu": matrix_form.relu, "sigmoid": matrix_form.sigmoid} | v
    exec(FORWARD_WITH_DROPOUT, scope)
    return {name: scope[name] for name in ("Z1", "A1", "Z2", "A2")}


dropout = with_lines(
    [
        *BACKWARD[:at_hand_on],
        HAND_ON.replace("dL_dA1", "dL_dD1"),
        "dL_dA1 = dL_dD1 * kept * 2",
        *BACKWARD[at_hand_on + 1 :],
    ],
    {
        "The way back lacks the factor that the way forward has.": "dL_dA1 = dL_dD1 * kept",
        "The dropped units are let through.": "dL_dA1 = dL_dD1 * 2",
    },
    lambda v: np.mean((forward_with_dropout(v)["A2"] - v["Y"]) ** 2),
    forward_with_dropout,
    kept=KEPT,
)
half_of_dropout = bug(
    dropout,
    "Half of what was dropped",
    3,
    "dropout",
    SLIPS,
    "The way back lacks the factor that the way forward has.",
    "The forward pass doubled the units that it kept: `A1 * kept * 2`. The slope of that is "
    "`kept * 2`. This slip was published in a well-known tutorial.",
    ["dL_dA1 = dL_dD1 * (1 - kept) * 2", "dL_dA1 = dL_dD1 * kept / 2"],
    ("one unit kept, one dropped", {}),
)

FORWARD_CALL = "Z1, A1, Z2, A2 = forward_batch(X, W1, b1, W2, b2)"
EARLIER = forward_of_batch(BATCH | {"W2": BATCH["W2"] * 0.98, "b1": BATCH["b1"] + 0.02})
cached = with_lines(
    [FORWARD_CALL, *BACKWARD],
    {
        "The values come from an earlier step, with other weights.": "Z1, A1, Z2, A2 = cache or "
        "forward_batch(X, W1, b1, W2, b2)",
    },
    forward=lambda v: {},
    cache=tuple(EARLIER.values()),
    forward_batch=lambda X, W1, b1, W2, b2: forward_anyhow(
        {"X": X, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    ).values(),
)
from_the_cache = bug(
    cached,
    "Almost right",
    3,
    "forward pass",
    BACK,
    "The values come from an earlier step, with other weights.",
    "The backward pass needs the values of *this* forward pass. A cache that outlives a step "
    "is off by "
    "as much as the weights have moved: by little at first, and more with a larger learning rate.",
    [
        "Z1, A1, Z2, A2 = cache",
        "Z1, A1, Z2, A2 = cache or forward_batch(X, W1, b1, W2.T, b2)",
    ],
    ("four examples, a few steps later", {}),
)

NEW = "new = [dL_dW1, dL_db1, dL_dW2, dL_db2]"
UNPACK = "dL_dW1, dL_db1, dL_dW2, dL_db2 = gradients"
added_up = with_lines(
    [*BACKWARD, NEW, "gradients = new", UNPACK],
    {
        "What the pass before left is added.": "gradients = [old + one for old, one in "
        "zip(gradients, new)]",
    },
    gradients=list(batch.gradients(BACKWARD, BATCH).values()),
)
never_zeroed = bug(
    added_up,
    "The second time",
    2,
    "accumulation",
    FRAMEWORKS,
    "What the pass before left is added.",
    "Frameworks do this on purpose, for batches that do not fit into memory. Whoever does not "
    "want it "
    "sets the gradients to zero before each pass.",
    ["gradients = gradients + new", "gradients = [2 * one for one in new]"],
    ("four examples, the second time", {}),
)

# Softmax with cross-entropy, one layer

SOFTMAX = {"X": BATCH["X"], "Y": BATCH["Y"], "W": SQUARE["W1"], "b": BATCH["b1"]}


def loss_of_softmax(v):
    return network.softmax_loss(v["X"] @ v["W"].T + v["b"], v["Y"])[0]


def forward_of_softmax(v):
    powers = np.exp(v["X"] @ v["W"].T + v["b"])
    return {"Y_hat": powers / powers.sum(axis=1, keepdims=True)}


softmax = Code(
    ["dL_dZ = (Y_hat - Y) / len(Y)", "dL_dW = dL_dZ.T @ X", "dL_db = dL_dZ.sum(axis=0)"],
    SOFTMAX,
    ["W", "b"],
    forward_of_softmax,
    loss_of_softmax,
    [("W", (0, 0)), ("W", (0, 1)), ("W", (1, 0)), ("W", (1, 1)), ("b", (0,)), ("b", (1,))],
    slips={
        "The scores of the other classes get no gradient.": "dL_dZ = (Y_hat - Y) * Y / len(Y)",
        "The mean is taken over the entries instead of the rows.": "dL_dZ = (Y_hat - Y) / Y.size",
        "The prediction and the target have changed places.": "dL_dZ = (Y - Y_hat) / len(Y)",
    },
)
only_the_label = bug(
    softmax,
    "Only one class is told",
    2,
    "cross-entropy",
    CLASSES,
    "The scores of the other classes get no gradient.",
    "They feed the sum below softmax: where they are too high, they have to fall.",
    ["dL_dZ = -Y / Y_hat / len(Y)", "dL_dZ = (Y_hat - Y) * (1 - Y) / len(Y)"],
    ON_BATCH,
)
mean_over_entries = bug(
    softmax,
    "Half, once more",
    2,
    "mean",
    CLASSES,
    "The mean is taken over the entries instead of the rows.",
    "This loss is a mean over the examples. The K scores of one example belong to one term of it.",
    ["dL_dZ = Y_hat - Y", "dL_dZ = (Y_hat - Y) / len(Y) ** 2"],
    ON_BATCH,
)

# A bug in the check: what it measures is not the slope

P = np.array([float(ARTICLE[name]) for name in PARAMETERS])


def loss_at(p):
    return float(loss_of_example(ARTICLE | dict(zip(PARAMETERS, p))))


checking = Code(
    [
        "h = 1e-5",
        "above = np.array([loss(p + h * one) for one in np.eye(4)])",
        "below = np.array([loss(p - h * one) for one in np.eye(4)])",
        "dL_dp = (above - below) / (2 * h)",
    ],
    {"p": P, "loss": loss_at},
    ["p"],
    lambda v: {},
    lambda v: loss_at(v["p"]),
    [("p", (i,)) for i in range(4)],
    slips={
        "It divides by one nudge instead of two.": "dL_dp = (above - below) / h",
        "The nudge is so small that it is lost in rounding.": "h = 1e-20",
        "The two losses are subtracted the wrong way round.": "dL_dp = (below - above) / (2 * h)",
        "Only one loss is nudged.": "above = np.array([loss(p) for one in np.eye(4)])",
    },
    rate=0.5,
)
h_for_two_h = bug(
    checking,
    "The judge sees double",
    2,
    "gradient check",
    STEP,
    "It divides by one nudge instead of two.",
    "The two points are $2h$ apart. The gradient is right, the check is wrong: that happens, too.",
    ["dL_dp = (above - below) / 2", "dL_dp = (above + below) / (2 * h)"],
    ("the worked example, p = (W1, b1, W2, b2)", {}),
)
h_too_small = bug(
    checking,
    "The judge is asleep",
    2,
    "gradient check",
    STEP,
    "The nudge is so small that it is lost in rounding.",
    "A float64 has about sixteen digits: `p + h` is `p` again, and both losses are the same. A "
    "step that is a little too small is worse: it leaves a few digits, which are noise.",
    ["h = 1e-18", "h = 10"],
    ("the worked example, p = (W1, b1, W2, b2)", {}),
)

# And the article's own

article_line = bug(
    batch,
    "In print",
    3,
    "loss",
    ANOTHER,
    "It is the gradient of another loss, cross-entropy.",
    "For the loss `((A2 - Y)**2).mean()` it has to be the slope of the square times that of the "
    "sigmoid. This is the line that the article prints. It is a right gradient, only of something "
    "else, and too large here by another factor in each entry: no learning rate makes up for it.",
    ["dL_dZ2 = 2 * (A2 - Y) / A2.size", "dL_dZ2 = (A2 - Y) * A2 * (1 - A2) / len(X) / 2"],
    ON_BATCH,
)
