"""What a gradient costs, from the record of `python -m snippets.recorded cost`: medians, ratios of
medians, and counts checked anew.
"""

import json
from pathlib import Path
from statistics import median, quantiles

from snippets.tables import n, spaced

_path = Path(__file__).parents[1] / "recorded" / "cost.json"
record = json.loads(_path.read_text(encoding="utf-8"))
N, networks, epochs = record["N"], record["growth"], record["epochs"]
PER_NUMBER = ["forward mode", "finite differences"]  # a call gives one number of the gradient
UNITS = {"days": 86400.0, "h": 3600.0, "min": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6}
BYTES = {"MB": 1e6, "kB": 1e3, "bytes": 1.0}


def in_units(value, units):
    """The value in the largest unit that is not larger; a digit behind the point below ten."""
    unit, size = next((unit, size) for unit, size in units.items() if value >= size)
    return f"{value / size:.{1 if value < 10 * size else 0}f}\u00a0{unit}"


def ratio(seconds, name, base):
    """How many times as long as `base`: the ratio of the medians."""
    return median(seconds[name]) / median(seconds[base])


def with_spread(seconds, name, base):
    """The ratio, and the quartiles of the ratios round by round."""
    low, _, high = quantiles([a / b for a, b in zip(seconds[name], seconds[base])], n=4)
    return f"{ratio(seconds, name, base):#.3g} [{low:#.3g}–{high:#.3g}]"


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
TIMES, IN_PASSES, MEMORY = [], [], []
for i, network in enumerate(networks):
    seconds, count = network["seconds"], network["multiplications"]
    parameters = {"Parameters": spaced(network["parameters"])}
    ways = "forward", "backward", *PER_NUMBER
    TIMES.append(parameters | {way.capitalize(): in_units(SECONDS[way][i], UNITS) for way in ways})
    both = SECONDS["forward"][i] + SECONDS["backward"][i]
    IN_PASSES.append(
        parameters
        | {
            "Backward, counted": n(count["backward"] / count["forward"], 2),
            "Backward, measured": with_spread(seconds, "backward", "forward"),
            "Forward mode, a number": with_spread(seconds, "forward mode", "forward"),
            "Finite differences, a number": with_spread(seconds, "finite differences", "forward"),
            "PyTorch by NumPy, both passes": n(SECONDS["PyTorch, both passes"][i] / both, 2),
        }
    )
    MEMORY.append(
        parameters
        | {f"Bytes of the {what}": in_units(size, BYTES) for what, size in network["bytes"].items()}
        | {f"Peak: {way}": in_units(size, BYTES) for way, size in network["peak"].items()}
    )

    w, product, peak = network["width"], N * network["width"] ** 2, network["peak"]
    assert network["parameters"] == 2 * w * w + 2 * w
    assert network["bytes"] == {"parameters": 16 * w * (w + 1), "activations": 8 * 4 * N * w}
    assert [count[way] / product for way in ways] == [2, 3, 5, 4]
    # a gradient, a direction
    assert min(peak["backward"], peak["forward mode"]) > network["bytes"]["parameters"]
    assert peak["finite differences"] == min(peak.values())

largest = {way: in_units(seconds[-1], UNITS) for way, seconds in SECONDS.items()}
backward_ratios = [ratio(network["seconds"], "backward", "forward") for network in networks]
backward_low, backward_high = min(backward_ratios), max(backward_ratios)
worst_parameters = spaced(PARAMETERS[backward_ratios.index(backward_high)])
number_ratios = [
    ratio(network["seconds"], way, "forward") for network in networks for way in PER_NUMBER
]
number_low, number_high = min(number_ratios), max(number_ratios)
small_pytorch, *_, large_pytorch = (row["PyTorch by NumPy, both passes"] for row in IN_PASSES)
share = [network["bytes"]["activations"] / network["bytes"]["parameters"] for network in networks]
assert 0.5 < backward_low < 1.5 < backward_high < 5 and 1.3 < number_low < 2 < number_high < 3
assert share[0] > share[1] > 1 and share[-1] < 0.05
assert float(small_pytorch) > 3 > float(large_pytorch)

# Epochs of the digits

EPOCHS = []
for way in epochs[0]["seconds"]:
    row = {"An epoch of the digits": way}
    for epoch in epochs:
        row[f"Batches of {epoch['batch']}"] = in_units(median(epoch["seconds"][way]), UNITS)
    for epoch in epochs:
        row[f"Ratio, batches of {epoch['batch']}"] = (
            "1" if way == "batch form" else with_spread(epoch["seconds"], way, "batch form")
        )
    EPOCHS.append(row)
loop, same_loop, pytorch, pytorch_float32 = (
    {f"of_{epoch['batch']}": ratio(epoch["seconds"], way, "batch form") for epoch in epochs}
    for way in ("loop, sigmoids", "loop, the same units", "PyTorch, float64", "PyTorch, float32")
)
digits, rounds = epochs[0]["examples"], len(epochs[0]["seconds"]["batch form"])
SURROUNDINGS = [
    record["machine"]
    | {{"torch": "PyTorch"}.get(name, name): v for name, v in record["versions"].items()}
]

for epoch in epochs:  # the same network, the same steps: only the way differs
    assert max(epoch["apart"][way] for way in ("loop, the same units", "PyTorch, float64")) < 1e-12
assert min(*loop.values(), *same_loop.values(), *pytorch.values(), *pytorch_float32.values()) > 3
