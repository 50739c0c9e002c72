"""What makes gradients vanish, explode and die, and what each of the ten remedies does about it,
over many seeds.

All experiments share one task and one way to count: the median of several networks that differ in
nothing but the seed of their first weights, and the quartiles, between which half of these networks
lie.
"""

import numpy as np

from snippets import challenges
from snippets.tables._challenges import (
    ACTIVATIONS,
    INPUTS,
    chain,
    first,
    make_data,
    passes,
    train,
)
from snippets.tables._results import spread

WIDTH, DEPTH = 16, 8  # the deep network: units a layer, hidden layers
GAPS = DEPTH - 1  # from the last hidden layer to the first one
NETWORKS, STEPS = 10, 20  # of each kind; steps of training
RATE = 0.02  # learning rate of the deep network

_X, _Y = make_data()
_SIZES = [INPUTS, *[WIDTH] * DEPTH, 1]


def number(value):
    """A positive number with two significant digits, as a table cell has it.

    >>> values = 0.0841, 3.61e-5, 0.9996, 12.1, 1024.0, 66400.0
    >>> tuple(map(number, values))
    ('0.084', '3.6 × 10<sup>−5</sup>', '1.0', '12', '1024', '6.6 × 10<sup>4</sup>')
    """
    digits, power = f"{value:.1e}".split("e")
    if -3 <= int(power) <= 3:
        return f"{value:.{max(0, 1 - int(power))}f}"
    return f"{digits} × 10<sup>{int(power)}</sup>".replace("-", "−")


# The factor of one layer: |w| times the slope. A chain of single neurons, each with the weight w
# and the bias b.

CHAIN = 10


def slope_of_chain(activation, w, b=0.0, x=0.5):
    """Slope dy/dx of the chain: by the backward pass, as the product of |w| times slope, and by
    central difference.
    """
    parameters = chain(w, b, CHAIN)

    def output(x):
        return challenges.deep_forward(np.array([[x]]), parameters, ACTIVATIONS[activation])

    _, caches = output(x)
    _, dL_dA = challenges.deep_backward(np.ones((1, 1)), parameters, caches)
    slopes = [dA_dZ.item() for _, _, dA_dZ, _ in caches[:-1]]
    h = 1e-5
    above, below = output(x + h)[0].item(), output(x - h)[0].item()
    result = {
        "measured": dL_dA[0].item(),
        "product": float(np.prod(np.abs(w) * np.array(slopes))),
        "factor": float(abs(w) * np.mean(slopes)),
    }
    assert np.isclose(result["measured"], result["product"], rtol=1e-12)
    assert np.isclose(result["measured"], (above - below) / (2 * h), rtol=1e-6)
    return result


QUARTERS = 0.25**CHAIN  # the article: 0.25 × 0.25 × ...
TWOS = 2.0**CHAIN  # the article: 2 × 2 × ...

chains = {
    "one": slope_of_chain("sigmoid", 1.0),
    # the bias puts every neuron where the sigmoid is steepest: z = 0
    "four": slope_of_chain("sigmoid", 4.0, -2.0),
    "six": slope_of_chain("sigmoid", 6.0, -3.0),
    "two": slope_of_chain("sigmoid", 2.0),
    "linear": slope_of_chain("linear", 2.0),
}
CHAINS = [
    {
        "Ten neurons in a row": f"{kind}, $w = {w}$" + (f", $b = {b}$" if b else ""),
        "Rule of thumb": f"${rule}$ = {number(value)}",
        "Mean of $\\lvert w \\rvert\\,\\sigma'(z)$": number(chains[key]["factor"]),
        "Measured $\\partial y / \\partial x$": number(chains[key]["measured"]),
    }
    for key, kind, w, b, rule, value in (
        ("one", "sigmoid", 1, 0, "0.25^{10}", QUARTERS),
        ("four", "sigmoid", 4, -2, "0.25^{10}", QUARTERS),
        ("six", "sigmoid", 6, -3, "0.25^{10}", QUARTERS),
        ("two", "sigmoid", 2, 0, "2^{10}", TWOS),
        ("linear", "no activation", 2, 0, "2^{10}", TWOS),
    )
]
assert chains["one"]["measured"] < QUARTERS  # a quarter is the best case of the slope
assert np.isclose(chains["four"]["measured"], 1.0)  # every slope is a quarter, and nothing vanishes
assert chains["six"]["measured"] > 50  # through sigmoids, and it explodes
assert chains["two"]["measured"] < 1e-3 < TWOS  # every weight is above 1, and it vanishes
assert np.isclose(chains["linear"]["measured"], TWOS)


# Deep networks before the first step: how much of the gradient at the last hidden layer is left at
# the first one?


def at_start(activation, scheme, norm=False, residual=False, scale=None):
    """Over NETWORKS seeds: |dL_dA| at layer 1 over that at layer DEPTH, the factor of one layer,
    and the prediction.
    """
    ratios, predictions = [], []
    for seed in range(NETWORKS):
        parameters = first(_SIZES, scheme, seed, norm)
        if scale:  # instead: weights evenly spread between -scale and scale
            rng = np.random.default_rng(seed)
            parameters[::2] = [rng.uniform(-scale, scale, W.shape) for W in parameters[::2]]
        _, _, dL_dA, caches = passes(parameters, _X, _Y, activation, residual)
        ratios.append(np.linalg.norm(dL_dA[1]) / np.linalg.norm(dL_dA[DEPTH]))
        slope2 = np.mean([np.mean(cache[2] ** 2) for cache in caches[1:DEPTH]])
        hidden = challenges.layers_of(parameters)[1:DEPTH]
        weight2 = np.mean([np.mean(W**2) for W, *_ in hidden])
        predictions.append(np.sqrt(WIDTH * weight2 * slope2))
    ratio = spread(ratios)
    return {
        "ratio": ratio,
        "factor": ratio["median"] ** (1 / GAPS),
        "predicted": float(np.median(predictions)),
    }


def trained(activation, scheme, rate=RATE, norm=False, residual=False, max_norm=np.inf):
    """Over NETWORKS seeds: the loss after STEPS steps, and how many runs diverged."""
    found, diverged = [], 0
    for seed in range(NETWORKS):
        parameters = first(_SIZES, scheme, seed, norm)
        steps = STEPS + 1  # the last one only looks at the loss
        _, losses = train(parameters, _X, _Y, activation, rate, steps, residual, max_norm)
        found.append(losses[-1])
        diverged += len(losses) < steps
    return {"loss": spread(found), "diverged": diverged}


def deep(activation, scheme, **options):
    return at_start(activation, scheme, **options) | trained(activation, scheme, **options)


deeps = {
    "sigmoid": deep("sigmoid", "glorot"),
    "relu": deep("relu", "he"),
    "norm": deep("sigmoid", "glorot", norm=True),
    "skip": deep("sigmoid", "glorot", residual=True),
    "tanh_tiny": deep("tanh", "tiny"),
    "tanh": deep("tanh", "glorot"),
}
assert deeps["sigmoid"]["ratio"]["high"] < 1e-4 and deeps["sigmoid"]["loss"]["low"] > 0.99
for _key in ("relu", "tanh", "norm", "skip"):
    assert deeps[_key]["ratio"]["low"] > 0.2 and deeps[_key]["loss"]["median"] < 0.6
assert deeps["tanh_tiny"]["ratio"]["high"] < 1e-6 and deeps["tanh_tiny"]["loss"]["low"] > 0.99


# Exploding: ReLU, weights with a standard deviation of 0.5 instead of He's

CLIP, SLOW = 10.0, 0.0005
deeps["wide"] = deep("relu", "wide")
deeps["clip"] = deeps["wide"] | trained("relu", "wide", max_norm=CLIP)
deeps["slow"] = deeps["wide"] | trained("relu", "wide", SLOW)
BELOW_ONE = 0.9  # evenly spread weights between -0.9 and 0.9: not one reaches 1
below_one = {name: at_start(name, "he", scale=BELOW_ONE) for name in ("relu", "sigmoid")}
assert below_one["relu"]["ratio"]["low"] > 5 and below_one["sigmoid"]["ratio"]["high"] < 0.01
for _key in ("sigmoid", "relu", "tanh_tiny", "tanh", "wide"):  # with neither norm nor skip
    assert np.isclose(deeps[_key]["factor"], deeps[_key]["predicted"], rtol=0.12), _key

assert deeps["wide"]["diverged"] >= 0.8 * NETWORKS and deeps["wide"]["ratio"]["low"] > 5
assert max(deeps[_key]["diverged"] for _key in ("clip", "slow", "relu")) <= 0.1 * NETWORKS
assert deeps["clip"]["loss"]["low"] < deeps["relu"]["loss"]["high"]  # the two overlap
assert (
    max(deeps[_key]["loss"]["median"] for _key in ("clip", "relu"))
    < deeps["slow"]["loss"]["median"]
)


# Dead ReLU: two hidden layers of 8 units

SMALL_WIDTH = 8
LARGE_STEP, SMALL_STEP = 0.1, 0.01
LOW_BIAS = -1.5


def units(activation, scheme, rate=LARGE_STEP, bias=0.0):
    """Over NETWORKS seeds: the loss after STEPS steps, dead units then, diverged runs."""
    dead, found, diverged = [], [], 0
    for seed in range(NETWORKS):
        parameters = first([INPUTS, SMALL_WIDTH, SMALL_WIDTH, 1], scheme, seed, bias=bias)
        parameters, losses = train(parameters, _X, _Y, activation, rate, STEPS)
        loss, _, _, caches = passes(parameters, _X, _Y, activation)
        dead.append(challenges.dead_fraction(caches))
        found.append(loss)
        diverged += len(losses) < STEPS
    return {"dead": float(np.mean(dead)), "loss": spread(found), "diverged": diverged}


dead = {
    "large_step": units("relu", "naive"),
    "slow": units("relu", "naive", SMALL_STEP),
    "he": units("relu", "he"),
    "low_bias": units("relu", "he", bias=LOW_BIAS),
    "leaky": units("leaky_relu", "he", bias=LOW_BIAS),
    "elu": units("elu", "he", bias=LOW_BIAS),
}
assert dead["large_step"]["dead"] > 4 * max(dead["slow"]["dead"], dead["he"]["dead"])
assert dead["low_bias"]["dead"] > 0.4 and dead["leaky"]["dead"] == dead["elu"]["dead"] == 0
assert dead["leaky"]["loss"]["median"] > 0.9  # alive, and no further
assert dead["elu"]["loss"]["high"] < 0.5
for _key in ("slow", "he"):
    assert dead[_key]["loss"]["median"] < dead["large_step"]["loss"]["median"]
    assert dead[_key]["diverged"] <= 0.05 * NETWORKS


# The ten remedies


def loss_of(result):
    """The median, or that most runs diverge."""
    most = 2 * result["diverged"] > NETWORKS
    return "diverges" if most else number(result["loss"]["median"])


def symptom(result):
    """What a story is about: the gradient at layer 1 over that at the last, or the dead units."""
    if "dead" in result:
        return f"{100 * result['dead']:.0f}% dead"
    return number(result["ratio"]["median"])


def remedy(name, tried_on, without, with_it):
    symptoms = f"{symptom(without)} → {symptom(with_it)}"
    return {
        "Remedy": name,
        "Tried on": tried_on,
        "Gradient left, or units dead": symptoms,
        f"Loss after {STEPS} steps": f"{loss_of(without)} → {loss_of(with_it)}",
    }


REMEDIES = [
    remedy(name, tried_on, results[without], results[with_it])
    for results, name, tried_on, without, with_it in (
        (deeps, "1. ReLU", "sigmoid", "sigmoid", "relu"),
        (deeps, "2. Batch normalisation", "sigmoid", "sigmoid", "norm"),
        (deeps, "3. Residual connections", "sigmoid", "sigmoid", "skip"),
        (deeps, "4. Careful weights: Glorot", "tanh, weights of 0.01", "tanh_tiny", "tanh"),
        (deeps, f"5. Clipping to {CLIP:.0f}", "ReLU, weights of 0.5", "wide", "clip"),
        (deeps, f"6. Learning rate {SLOW}", "ReLU, weights of 0.5", "wide", "slow"),
        (deeps, "7. Better weights: He", "ReLU, weights of 0.5", "wide", "relu"),
        (dead, "8. Leaky ReLU", f"ReLU, biases of −{-LOW_BIAS}", "low_bias", "leaky"),
        (dead, "8. ELU", f"ReLU, biases of −{-LOW_BIAS}", "low_bias", "elu"),
        (dead, f"9. Learning rate {SMALL_STEP}", "ReLU, weights of 1", "large_step", "slow"),
        (dead, "10. Better weights: He", "ReLU, weights of 1", "large_step", "he"),
    )
]
