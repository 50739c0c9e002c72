"""What makes gradients vanish, explode and die, and what each of the ten remedies does about it,
over many seeds.

All experiments share one task and one way to count: the median of several networks that differ in
nothing but the seed of their first weights, and the quartiles, between which half of these networks
lie. The claims asserted here were also tried once with five times a hundred other seeds; those that
hung on the choice of seeds were dropped.
"""

import numpy as np

from snippets import challenges

WIDTH, DEPTH = 16, 8  # the deep network: units a layer, hidden layers
GAPS = DEPTH - 1  # from the last hidden layer to the first one
# networks that are looked at; networks that are trained; for how many steps
NETWORKS, RUNS, STEPS = 20, 10, 20
RATE = 0.02  # learning rate of the deep network
DIVERGED = 1e6  # a loss above this is no loss any more
EXAMPLES, INPUTS = 32, 4

_X, _Y = challenges.make_data(np.random.default_rng(0), EXAMPLES)
_WIDTHS = [INPUTS, *[WIDTH] * DEPTH, 1]


def spread(values):
    """Median and quartiles."""
    low, median, high = np.percentile(values, [25, 50, 75])
    return {"median": float(median), "low": float(low), "high": float(high)}


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


def cell(values):
    """Median and, in brackets, the quartiles."""
    if values["median"] > DIVERGED:
        return "–"
    high = "diverged" if values["high"] > DIVERGED else number(values["high"])
    return f"{number(values['median'])} ({number(values['low'])} to {high})"


def percent(values):
    median, low, high = (f"{100 * values[key]:.0f}" for key in ("median", "low", "high"))
    return f"{median}% ({low} to {high})"


# The factor of one layer: |w| times the slope. A chain of single neurons, each with the weight w
# and the bias b.

CHAIN = 10


def chain(activation, w, b=0.0, x=0.5):
    """Slope dy/dx of the chain: by the backward pass, as the product of |w| times slope, and by
    central difference.
    """
    layers = [{"W": np.array([[w]]), "b": np.array([b])}] * CHAIN + [
        {"W": np.ones((1, 1)), "b": np.zeros(1)}
    ]
    _, caches = challenges.forward(layers, np.array([[x]]), activation)
    _, dL_dA = challenges.backward(layers, caches, np.ones((1, 1)))
    slopes = [dA_dZ.item() for _, _, dA_dZ, _ in caches[:-1]]
    h = 1e-5
    above, below = (
        challenges.forward(layers, np.array([[x + d]]), activation)[0].item() for d in (h, -h)
    )
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
    "one": chain("sigmoid", 1.0),
    # the bias puts every neuron where the sigmoid is steepest: z = 0
    "four": chain("sigmoid", 4.0, -2.0),
    "six": chain("sigmoid", 6.0, -3.0),
    "two": chain("sigmoid", 2.0),
    "linear": chain("linear", 2.0),
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
    ratios, predictions, norms = [], [], []
    for seed in range(NETWORKS):
        rng = np.random.default_rng(seed)
        layers = challenges.init_network(_WIDTHS, scheme, rng, norm)
        if scale:  # instead: weights evenly spread between -scale and scale
            layers = [
                {**layer, "W": rng.uniform(-scale, scale, layer["W"].shape)} for layer in layers
            ]
        Y_hat, caches = challenges.forward(layers, _X, activation, residual)
        gradients, dL_dA = challenges.backward(layers, caches, challenges.mse(Y_hat, _Y)[1])
        ratios.append(np.linalg.norm(dL_dA[1]) / np.linalg.norm(dL_dA[DEPTH]))
        slope2 = np.mean([np.mean(cache[2] ** 2) for cache in caches[1:DEPTH]])
        weight2 = np.mean([np.mean(layer["W"] ** 2) for layer in layers[1:DEPTH]])
        predictions.append(np.sqrt(WIDTH * weight2 * slope2))
        norms.append(challenges.global_norm(gradients))
    ratio = spread(ratios)
    return {
        "ratio": ratio,
        "factor": ratio["median"] ** (1 / GAPS),
        "predicted": float(np.median(predictions)),
        "norm": spread(norms),
    }


def trained(activation, scheme, rate=RATE, norm=False, residual=False, max_norm=None):
    """Over RUNS seeds: the loss after STEPS steps, and how many runs diverged."""
    losses, diverged = [], 0
    for seed in range(RUNS):
        layers = challenges.init_network(_WIDTHS, scheme, np.random.default_rng(seed), norm)
        layers, history = challenges.train(
            layers, _X, _Y, activation, rate, STEPS, residual, max_norm
        )
        losses.append(
            challenges.mse(challenges.forward(layers, _X, activation, residual)[0], _Y)[0]
        )
        diverged += len(history) < STEPS
    return {"loss": spread(losses), "diverged": diverged}


def deep(activation, scheme, **options):
    return at_start(activation, scheme, **options) | trained(activation, scheme, **options)


vanishing = {
    "sigmoid": deep("sigmoid", "glorot"),
    "relu": deep("relu", "he"),
    "tanh": deep("tanh", "glorot"),
    "norm": deep("sigmoid", "glorot", norm=True),
    "skip": deep("sigmoid", "glorot", residual=True),
    "relu_skip": deep("relu", "he", residual=True),
}
both = at_start("relu", "he", norm=True, residual=True)
VANISHING = [
    {
        "Network": name,
        "Gradient at layer 1 over layer 8": cell(vanishing[key]["ratio"]),
        f"Loss after {STEPS} steps": cell(vanishing[key]["loss"])
        if not vanishing[key]["diverged"]
        else f"{vanishing[key]['diverged']} of {RUNS} runs diverge",
    }
    for key, name in {
        "sigmoid": "sigmoid, Glorot weights",
        "relu": "1. ReLU, He weights",
        "tanh": "1. tanh, Glorot weights",
        "norm": "2. sigmoid with batch normalisation",
        "skip": "3. sigmoid with skip connections",
        "relu_skip": "3. ReLU, He weights, with skip connections",
    }.items()
]
assert vanishing["sigmoid"]["ratio"]["high"] < 1e-4 and vanishing["sigmoid"]["loss"]["low"] > 0.99
for _key in ("relu", "tanh", "norm", "skip"):
    assert vanishing[_key]["ratio"]["low"] > 0.2 and vanishing[_key]["loss"]["median"] < 0.6
# tanh was not the trouble here
assert vanishing["tanh"]["loss"]["high"] < vanishing["relu"]["loss"]["low"]
assert vanishing["relu_skip"]["ratio"]["low"] > 5 and vanishing["relu_skip"]["diverged"] == RUNS
assert both["ratio"]["high"] < 5 < vanishing["relu_skip"]["ratio"]["low"]

weights = {
    "tanh_tiny": deep("tanh", "tiny"),
    "tanh_glorot": vanishing["tanh"],
    "relu_glorot": deep("relu", "glorot"),
    "relu_he": vanishing["relu"],
    "sigmoid_glorot": vanishing["sigmoid"],
    "sigmoid_naive": deep("sigmoid", "naive"),
}
_SCHEMES = {
    scheme: challenges.weight_std(scheme, WIDTH, WIDTH)
    for scheme in ("tiny", "glorot", "he", "wide", "naive")
}
GLOROT, HE = float(_SCHEMES["glorot"]), float(_SCHEMES["he"])
_NAMES = {"glorot": " (Glorot)", "he": " (He)"}
WEIGHTS = [
    {
        "Activation": {"relu": "ReLU"}.get(activation, activation),
        "Standard deviation of the weights": number(_SCHEMES[scheme]) + _NAMES.get(scheme, ""),
        "Factor of a layer, predicted": f"{weights[f'{activation}_{scheme}']['predicted']:.2f}",
        "Measured": f"{weights[f'{activation}_{scheme}']['factor']:.2f}",
        f"Loss after {STEPS} steps": cell(weights[f"{activation}_{scheme}"]["loss"]),
    }
    for activation, scheme in (key.split("_") for key in weights)
]
assert weights["tanh_tiny"]["loss"]["low"] > 0.99
assert weights["relu_he"]["loss"]["high"] < weights["relu_glorot"]["loss"]["low"]
assert (
    500 < weights["sigmoid_naive"]["ratio"]["median"] / weights["sigmoid_glorot"]["ratio"]["median"]
)
# a thousand times the gradient, and still no progress
assert weights["sigmoid_naive"]["loss"]["low"] > 0.9


# Exploding: ReLU, weights with a standard deviation of 0.5 or of 1 instead of He's

CLIP, SLOW = 10.0, 0.0005

growth = {
    "wide": at_start("relu", "wide"),
    "naive": at_start("relu", "naive"),
    "he": vanishing["relu"],
}
BELOW_ONE = 0.9  # evenly spread weights between -0.9 and 0.9: not one reaches 1
below_one = {name: at_start(name, "he", scale=BELOW_ONE) for name in ("relu", "linear", "sigmoid")}
assert below_one["relu"]["ratio"]["low"] > 5 and below_one["linear"]["ratio"]["low"] > 50
assert below_one["sigmoid"]["ratio"]["high"] < 0.01
for _start in (*weights.values(), *growth.values(), *below_one.values()):
    assert np.isclose(_start["factor"], _start["predicted"], rtol=0.12), _start

exploding = {
    "plain": trained("relu", "wide"),
    "clip": trained("relu", "wide", max_norm=CLIP),
    "slow": trained("relu", "wide", SLOW),
    "he": vanishing["relu"],
    "naive": trained("relu", "naive"),
    "naive_clip": trained("relu", "naive", max_norm=CLIP),
    "naive_slow": trained("relu", "naive", SLOW),
}
EXPLODING = [
    {
        "First weights": start,
        "Training": name,
        "Runs that diverge": f"{exploding[key]['diverged']} of {RUNS}",
        f"Loss after {STEPS} steps": cell(exploding[key]["loss"]),
    }
    for key, start, name in (
        ("plain", "0.5", f"learning rate {RATE}"),
        ("clip", "0.5", f"5. clipped to a norm of {CLIP:.0f}"),
        ("slow", "0.5", f"6. learning rate {SLOW}"),
        ("he", f"{HE:.2f} (He)", f"7. learning rate {RATE}"),
        ("naive", "1", f"learning rate {RATE}"),
        ("naive_clip", "1", f"5. clipped to a norm of {CLIP:.0f}"),
        ("naive_slow", "1", f"6. learning rate {SLOW}"),
    )
]
assert exploding["plain"]["diverged"] >= 0.8 * RUNS and exploding["naive"]["diverged"] == RUNS
assert exploding["naive_slow"]["diverged"] == RUNS and exploding["naive_clip"]["loss"]["low"] > 1000
assert max(exploding[_key]["diverged"] for _key in ("clip", "slow", "he")) <= 0.1 * RUNS
assert exploding["clip"]["loss"]["low"] < exploding["he"]["loss"]["high"]  # the two overlap
assert (
    max(exploding[_key]["loss"]["median"] for _key in ("clip", "he"))
    < exploding["slow"]["loss"]["median"]
)


# Dead ReLU: two hidden layers of 8 units

SMALL_WIDTH = 8
LARGE_STEP, SMALL_STEP = 0.1, 0.01
LOW_BIAS = -1.5


def units(activation, scheme, rate=LARGE_STEP, bias=0.0):
    """Over NETWORKS seeds: dead units before and after training, units on the flat side only, loss,
    diverged runs.
    """
    before, after, flat, losses, diverged = [], [], [], [], 0
    for seed in range(NETWORKS):
        rng = np.random.default_rng(seed)
        layers = challenges.init_network(
            [INPUTS, SMALL_WIDTH, SMALL_WIDTH, 1], scheme, rng, bias=bias
        )
        before.append(challenges.dead_fraction(challenges.forward(layers, _X, activation)[1]))
        layers, history = challenges.train(layers, _X, _Y, activation, rate, STEPS)
        Y_hat, caches = challenges.forward(layers, _X, activation)
        after.append(challenges.dead_fraction(caches))
        flat.append(challenges.dead_fraction(caches, flat=0.01))
        losses.append(challenges.mse(Y_hat, _Y)[0])
        diverged += len(history) < STEPS
    return {
        "before": spread(before),
        "after": spread(after),
        "mean": float(np.mean(after)),
        "flat": spread(flat),
        "loss": spread(losses),
        "diverged": diverged,
    }


def dead_table(results, names):
    return [
        {
            "Network": names[key],
            "Dead at the start": percent(result["before"]),
            "Dead at the end": percent(result["after"]),
            f"Loss after {STEPS} steps": cell(result["loss"]),
            "Diverged": f"{result['diverged']} of {NETWORKS}",
        }
        for key, result in results.items()
    ]


large_step = {
    "relu": units("relu", "naive"),
    "leaky": units("leaky_relu", "naive"),
    "elu": units("elu", "naive"),
    "slow": units("relu", "naive", SMALL_STEP),
    "he": units("relu", "he"),
}
LARGE_STEPS = dead_table(
    large_step,
    {
        "relu": "ReLU",
        "leaky": "8. leaky ReLU",
        "elu": "8. ELU",
        "slow": f"9. ReLU, learning rate {SMALL_STEP}",
        "he": "10. ReLU, He weights",
    },
)

low_bias = {
    "relu": units("relu", "he", bias=LOW_BIAS),
    "leaky": units("leaky_relu", "he", bias=LOW_BIAS),
    "elu": units("elu", "he", bias=LOW_BIAS),
    "slow": units("relu", "he", SMALL_STEP, bias=LOW_BIAS),
    "he": large_step["he"],
}
LOW_BIASES = dead_table(
    low_bias,
    {
        "relu": "ReLU",
        "leaky": "8. leaky ReLU",
        "elu": "8. ELU",
        "slow": f"9. ReLU, learning rate {SMALL_STEP}",
        "he": "10. ReLU, biases start at 0",
    },
)

assert large_step["relu"]["after"]["low"] > 0.2 and large_step["relu"]["before"]["median"] == 0
assert all(
    large_step[_key]["mean"] < large_step["relu"]["mean"] / 4 for _key in ("elu", "slow", "he")
)
assert large_step["leaky"]["mean"] == 0
assert all(
    large_step[_key]["loss"]["median"] < large_step["relu"]["loss"]["median"]
    for _key in ("slow", "he")
)
assert max(large_step[_key]["diverged"] for _key in ("slow", "he")) <= 0.05 * NETWORKS
assert (
    2 * large_step["relu"]["diverged"]
    < large_step["leaky"]["diverged"]
    < large_step["elu"]["diverged"]
)
# too late for smaller steps
assert low_bias["slow"]["after"]["median"] == low_bias["relu"]["after"]["median"] > 0.4
# alive, and no further
assert low_bias["leaky"]["after"]["high"] == 0 and low_bias["leaky"]["loss"]["median"] > 0.9
assert low_bias["leaky"]["flat"]["median"] > 0.4
ELU_SLOPE = challenges.elu(np.array(LOW_BIAS))[1].item()
assert low_bias["elu"]["after"]["high"] == 0 and low_bias["elu"]["loss"]["high"] < 0.5
assert low_bias["he"]["after"]["median"] == 0 and low_bias["he"]["loss"]["high"] < 0.5
