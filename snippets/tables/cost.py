"""What a gradient costs, from the record of `python -m snippets.recorded cost`: medians, ratios of
medians, and counts checked anew.
"""

import json
from pathlib import Path
from statistics import median, quantiles

from snippets.tables import n, spaced

record = json.loads(
    (Path(__file__).parents[1] / "recorded" / "cost.json").read_text(encoding="utf-8")
)
N, networks, epochs = record["N"], record["growth"], {of["batch"]: of for of in record["epochs"]}
machine, versions = record["machine"], record["versions"]
processor = machine["Processor"]
PER_NUMBER = ["forward mode", "finite differences"]  # a call gives one number of the gradient
UNITS = {"days": 86400.0, "h": 3600.0, "min": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6}
BYTES = {"MB": 1e6, "kB": 1e3, "bytes": 1.0}


def in_units(value, units):
    """The value in the largest unit that is not larger; a digit behind the point below ten."""
    unit, size = next((unit, size) for unit, size in units.items() if value >= size)
    return f"{value / size:.{1 if value < 10 * size else 0}f}\u00a0{unit}"


def ratio(seconds, name, base):
    """How many times as long as `base`: the ratio of the medians, and the quartiles of the ratios
    round by round.
    """
    low, _, high = quantiles([a / b for a, b in zip(seconds[name], seconds[base])], n=4)
    return {"median": median(seconds[name]) / median(seconds[base]), "low": low, "high": high}


def with_spread(ratio):
    return "{median:#.3g} [{low:#.3g}–{high:#.3g}]".format(**ratio)


# Networks that grow

WIDTHS, PARAMETERS, MULTIPLICATIONS = (
    [network[key] for network in networks] for key in ("width", "parameters", "multiplications")
)
SECONDS = {
    way: [
        median(network["seconds"][way]) * (network["parameters"] if way in PER_NUMBER else 1)
        for network in networks
    ]
    for way in networks[0]["seconds"]
}  # of the whole gradient; for those in PER_NUMBER multiplied up from one number of it
backward_ratios = [ratio(network["seconds"], "backward", "forward") for network in networks]
number_ratios = {
    way: [ratio(network["seconds"], way, "forward") for network in networks] for way in PER_NUMBER
}
TIMES = [
    {"Parameters": spaced(count)}
    | {
        way.capitalize(): in_units(SECONDS[way][i], UNITS)
        for way in ("forward", "backward", *PER_NUMBER)
    }
    for i, count in enumerate(PARAMETERS)
]
IN_PASSES = [
    {
        "Parameters": spaced(network["parameters"]),
        "Backward, counted": n(
            network["multiplications"]["backward"] / network["multiplications"]["forward"], 2
        ),
        "Backward, measured": with_spread(backward_ratios[i]),
        "Forward mode, a number": with_spread(number_ratios["forward mode"][i]),
        "Finite differences, a number": with_spread(number_ratios["finite differences"][i]),
        "PyTorch by NumPy, both passes": n(
            SECONDS["PyTorch, both passes"][i] / (SECONDS["forward"][i] + SECONDS["backward"][i]), 2
        ),
    }
    for i, network in enumerate(networks)
]
MEMORY = [
    {"Parameters": spaced(network["parameters"])}
    | {f"Bytes of the {what}": in_units(count, BYTES) for what, count in network["bytes"].items()}
    | {f"Peak: {way}": in_units(count, BYTES) for way, count in network["peak"].items()}
    for network in networks
]

for network in networks:
    w = network["width"]
    product = N * w * w
    assert network["parameters"] == 2 * w * w + 2 * w
    assert network["bytes"] == {
        "parameters": 8 * network["parameters"],
        "activations": 8 * 4 * N * w,
    }
    assert network["multiplications"] == {
        "forward": 2 * product,
        "backward": 3 * product,
        "forward mode": 5 * product,
        "finite differences": 4 * product,
    }
    # a gradient, a direction
    assert (
        min(network["peak"][way] for way in ("backward", "forward mode"))
        > network["bytes"]["parameters"]
    )
    assert network["peak"]["finite differences"] == min(network["peak"].values())
largest = {way: in_units(SECONDS[way][-1], UNITS) for way in SECONDS}
backward_low, backward_high = (
    pick(each["median"] for each in backward_ratios) for pick in (min, max)
)
small_pytorch = IN_PASSES[0]["PyTorch by NumPy, both passes"]
worst_parameters = spaced(
    PARAMETERS[max(range(len(networks)), key=lambda i: backward_ratios[i]["median"])]
)
number_low, number_high = (
    pick(each["median"] for of in number_ratios.values() for each in of) for pick in (min, max)
)
share = [network["bytes"]["activations"] / network["bytes"]["parameters"] for network in networks]
large_pytorch = IN_PASSES[-1]["PyTorch by NumPy, both passes"]
assert 0.5 < backward_low < 1.5 < backward_high < 5 and 1.3 < number_low < 2 < number_high < 3
assert share[0] > share[1] > 1 and share[-1] < 0.05
assert float(small_pytorch) > 3 > float(large_pytorch)

# Epochs of the digits

WAYS = [way for way in record["epochs"][0]["seconds"] if way != "batch form"]
times_as_long = {
    way: {f"of_{batch}": ratio(of["seconds"], way, "batch form") for batch, of in epochs.items()}
    for way in WAYS
}
EPOCHS = [
    {"An epoch of the digits": way}
    | {
        f"Batches of {batch}": in_units(median(of["seconds"][way]), UNITS)
        for batch, of in epochs.items()
    }
    | {
        f"Ratio, batches of {batch}": with_spread(ratio(of["seconds"], way, "batch form"))
        if way in WAYS
        else "1"
        for batch, of in epochs.items()
    }
    for way in record["epochs"][0]["seconds"]
]
loop, same_loop, pytorch, pytorch_float32 = (
    {batch: each["median"] for batch, each in times_as_long[way].items()}
    for way in ("loop, sigmoids", "loop, the same units", "PyTorch, float64", "PyTorch, float32")
)
apart = max(
    of["apart"][way]
    for of in epochs.values()
    for way in ("loop, the same units", "PyTorch, float64")
)
digits = record["epochs"][0]["examples"]
rounds = len(record["epochs"][0]["seconds"]["batch form"])
SURROUNDINGS = [
    machine
    | {"PyTorch" if name == "torch" else name: version for name, version in versions.items()}
]

assert apart < 1e-12  # the same network, the same steps: only the way differs
assert min(*loop.values(), *same_loop.values(), *pytorch.values(), *pytorch_float32.values()) > 3
