"""What the stepper shows of the worked example, with one hidden unit and with two."""

from snippets import two_units, worked_example
from snippets.tables._stepper import SCRIPTS, Program, Step

FORWARD, OUTPUT, HIDDEN = "Forward pass", "Output layer", "Hidden layer"
UPDATE, AGAIN = "Update weights", "Forward pass again"

RELU = {
    "+": "{z} is positive, so ReLU lets it through.",
    "0": "{z} is not positive, so ReLU makes it 0: the unit is off.",
}
RELU_SLOPE = {
    "+": "{z} is positive: ReLU has slope 1 there, so the slope of the loss passes unchanged.",
    "0": "{z} is not positive: ReLU has slope 0 there, and no blame gets through.",
}
BLAME = {
    "-": "Minus: raising the prediction would lower the loss.",
    "0": "The prediction is the target: the loss is flat there.",
    "+": "Plus: lowering the prediction would lower the loss.",
}
AFTER = {
    "-": "The loss fell: the step kept what the gradient promised.",
    "0": "The loss stayed: with gradients that are 0, or nearly, nothing moves.",
    "+": "The loss rose: the step went farther than a tangent can be trusted.",
}
CHANGE = "0 if 0.000001 ** 4 > (loss_new - loss) ** 2 else loss_new - loss"  # tiny is none
FIRST = [
    ("a2", "Sigmoid squeezes z2 between 0 and 1: this is the prediction.", "order 0.5"),
    ("loss", "The distance from the target, squared: how wrong the prediction is."),
]
SEED = [Step("Seed", "dL_dL", "The way back starts at the loss, with its slope by itself: 1.")]


def for_unit(says, z):
    return {sign: sentence.format(z=z) for sign, sentence in says.items()}


def steps(phase, *rows):
    return [Step(phase, *row) for row in rows]


ONE_UNIT = [
    *steps(
        FORWARD,
        ("z1", "The input times its weight, and a bias that shifts it."),
        ("a1", for_unit(RELU, "z1")),
        ("z2", "The second layer does the same with what the first gave."),
        *FIRST,
    ),
    *SEED,
    *steps(
        OUTPUT,
        ("dL_da2", BLAME, "sign"),
        ("da2_dz2", "The slope of sigmoid, from its own output: a quarter at most."),
        (
            "dL_dz2",
            "Slope times slope, the chain rule: the blame of the output unit.",
            "size dL_da2",
        ),
        ("dL_dW2", "A weight gets the blame of its unit times what came in through it."),
        ("dL_db2", "A bias goes in as it is, so it gets the blame as it is."),
    ),
    *steps(
        HIDDEN,
        ("dL_da1", "Back through the weight: a1 moves z2 by W2 times as much.", "sign"),
        ("da1_dz1", for_unit(RELU_SLOPE, "z1"), "zero"),
        ("dL_dz1", "Slope times slope: the blame of the hidden unit.", "zero"),
        ("dL_dW1", "As for W2: the blame of the unit times its input."),
        ("dL_db1", "As for b2: the blame as it is."),
    ),
    *steps(
        UPDATE,
        ("W1_new", "Against its gradient; the larger α, the longer the step.", "order W1"),
        ("b1_new", "The same for the bias.", "order b1"),
        ("W2_new", "W2 moves only now: the way back still needed the old one."),
        ("b2_new", "All gradients were there before anything moved."),
    ),
    Step(AGAIN, "loss_new", AFTER, "order loss", CHANGE),
]

TWO_UNITS = [
    *steps(
        FORWARD,
        ("z1a", "Unit a: the input times its weight, plus its bias."),
        ("z1b", "Unit b gets the same input, by a weight of its own."),
        ("a1a", for_unit(RELU, "z1a")),
        ("a1b", for_unit(RELU, "z1b")),
        ("z2", "The output unit adds up what both units send."),
        *FIRST,
    ),
    *SEED,
    *steps(
        OUTPUT,
        ("dL_da2", BLAME, "sign"),
        ("da2_dz2", "The slope of sigmoid, from its own output: a quarter at most."),
        (
            "dL_dz2",
            "Slope times slope, the chain rule: the blame of the output unit.",
            "size dL_da2",
        ),
        ("dL_dW2a", "The blame times what came in from unit a."),
        ("dL_dW2b", "The same blame times what came in from unit b."),
        ("dL_db2", "The bias gets the blame as it is."),
    ),
    *steps(
        HIDDEN,
        ("dL_da1a", "Back through the weight of unit a.", "sign"),
        ("dL_da1b", "Back through the weight of unit b: the same blame, another weight.", "sign"),
        ("da1a_dz1a", for_unit(RELU_SLOPE, "z1a"), "zero"),
        ("da1b_dz1b", for_unit(RELU_SLOPE, "z1b"), "zero"),
        ("dL_dz1a", "Slope times slope: the blame of unit a.", "zero"),
        ("dL_dz1b", "Slope times slope: the blame of unit b.", "zero"),
        ("dL_dW1a", "The blame of unit a times its input."),
        ("dL_db1a", "The bias of unit a gets its blame as it is."),
        ("dL_dW1b", "The blame of unit b times the same input."),
        ("dL_db1b", "The bias of unit b gets its blame as it is."),
    ),
    *steps(
        "Input",
        ("path_a", "The part of the slope by way of unit a."),
        ("path_b", "And the part by way of unit b."),
        ("dL_dx", "x was used twice, so its two paths are added.", "sign"),
    ),
    *steps(
        UPDATE,
        ("W1a_new", "Against its gradient; the larger α, the longer the step.", "order W1a"),
        ("b1a_new", "The same for the bias.", "order b1a"),
        ("W1b_new", "And for unit b.", "order W1b"),
        ("b1b_new", "And its bias.", "order b1b"),
        ("W2a_new", "The weights of the output move only now.", "order W2a"),
        ("W2b_new", "The way back still needed the old ones.", "order W2b"),
        ("b2_new", "All gradients were there before anything moved."),
    ),
    Step(AGAIN, "loss_new", AFTER, "order loss", CHANGE),
]

SQUASHED = "The slope of {name}, from its own output: {most} at most."


def choices(units):
    """What another activation or loss changes: formula and sentence by name."""
    sigmoid, tanh = {}, {}
    for unit in units:
        z, a = f"z1{unit}", f"a1{unit}"
        slope = f"d{a}_d{z}"
        sigmoid[a] = f"1 / (1 + math.exp(-{z}))", f"Sigmoid squeezes {z} between 0 and 1."
        sigmoid[slope] = f"{a} * (1 - {a})", SQUASHED.format(name="sigmoid", most="a quarter")
        tanh[a] = f"math.tanh({z})", f"Tanh squeezes {z} between −1 and 1."
        tanh[slope] = f"1 - {a} ** 2", SQUASHED.format(name="tanh", most="1")
    cross_entropy = {
        "loss": (
            "-(y * math.log(a2) + (1 - y) * math.log(1 - a2))",
            "Minus the logarithm of the probability that the target was given.",
        ),
        "dL_da2": ("(a2 - y) / (a2 * (1 - a2))", BLAME),
    }
    return {
        "activation": {"ReLU": {}, "sigmoid": sigmoid, "tanh": tanh},
        "cost": {"squared error": {}, "cross-entropy": cross_entropy},
    }


MISSIONS = [
    (
        "survivor",
        "Set x to −1 and go to the end of the way back. Which parameter still gets a gradient?",
        "Only b2: dL_db2 is {dL_db2}. The ReLU is off, and its output 0 stops dL_dW2, too.",
    ),
    (
        "died",
        "Set y to 0 and α to 1, and take a step. What happened to the ReLU?",
        "It died in one step: z1 is {z1} now, and its slope {da1_dz1}.",
    ),
    (
        "right",
        "Make every gradient vanish: give the network nothing to be blamed for.",
        "y is the prediction, {a2}, so the blame is 0 where it starts.",
    ),
    (
        "flat",
        "Make every gradient vanish though the prediction is wrong by more than a half.",
        "The sigmoid is flat there, or nearly: its slope is {da2_dz2}. Next to no blame gets past.",
    ),
    (
        "rises",
        "Set y to 0.7 and find a learning rate at which a step makes the loss rise.",
        "α = {learning_rate}: the loss goes from {loss} to {loss_new}: too far.",
    ),
]
MORE = (
    '<p class="more"><a href="worked-example.html#one">Change the numbers, nudge them, predict, '
    "take steps</a></p>"
)

one_unit = Program.of(worked_example, "one", ONE_UNIT, choices([""]))
two_units_ = Program.of(two_units, "two", TWO_UNITS, choices(["a", "b"]))

one_opening, one, small = (
    one_unit.opening(),
    one_unit.closing(MISSIONS),
    one_unit.closing(small=MORE),
)
two_opening, two = two_units_.opening(), two_units_.closing()
scripts = f'<div class="scripts">{SCRIPTS}</div>'  # once a page, below the last
