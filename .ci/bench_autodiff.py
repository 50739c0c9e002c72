"""Seconds of one gradient by snippets/autodiff.py and by micrograd, on the same small network.

Two inputs, two hidden layers of 16 ReLUs and one output, as in micrograd's own demonstration; a
hinge loss over ten examples and a penalty on the weights. Both engines build the graph and walk
back in turns, in an order drawn anew; what counts is the time of the processor.
"""

import gc
import random
import statistics
import sys
import time
from pathlib import Path

from micrograd.engine import Value

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from snippets.autodiff import Node, gradients_of  # noqa: E402

SIZES = [2, 16, 16, 1]
EXAMPLES = 10


def draw(rng):
    """Weights, biases and examples, as plain numbers."""
    layers = [
        [([rng.uniform(-1, 1) for _ in range(n_in)], rng.uniform(-1, 1)) for _ in range(n_out)]
        for n_in, n_out in zip(SIZES, SIZES[1:])
    ]
    X = [[rng.uniform(-1, 1) for _ in range(SIZES[0])] for _ in range(EXAMPLES)]
    return layers, X, [rng.choice([-1, 1]) for _ in X]


def loss_of(engine, layers, X, y):
    """The loss, and the parameters, as numbers of an engine."""
    layers = [[(list(map(engine, w)), engine(b)) for w, b in layer] for layer in layers]
    parameters = [p for layer in layers for w, b in layer for p in (*w, b)]
    losses = []
    for x, target in zip(X, y):
        activations = list(map(engine, x))
        for i, layer in enumerate(layers):
            scores = [sum((w * a for w, a in zip(ws, activations)), b) for ws, b in layer]
            activations = [z.relu() for z in scores] if i < len(layers) - 1 else scores
        losses.append((1 + -target * activations[0]).relu())
    penalty = 1e-4 * sum(p * p for p in parameters)
    return sum(losses) * (1 / EXAMPLES) + penalty, parameters


def by_autodiff(*network):
    loss, parameters = loss_of(Node, *network)
    dL_d = gradients_of(loss)
    return [dL_d[p] for p in parameters]


def by_micrograd(*network):
    loss, parameters = loss_of(Value, *network)
    loss.backward()
    return [p.grad for p in parameters]


def main(rounds):
    rng = random.Random(0)
    network, engines = draw(rng), {"autodiff.py": by_autodiff, "micrograd": by_micrograd}
    times, found = {name: [] for name in engines}, {}
    for _ in range(rounds):
        for name in rng.sample(list(engines), len(engines)):
            gc.collect()  # nobody pays for the garbage of the other
            start = time.process_time()
            found[name] = engines[name](*network)
            times[name].append(time.process_time() - start)
    ours, theirs = found.values()
    assert max(abs(a - b) for a, b in zip(ours, theirs)) < 1e-12
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, seconds in medians.items():
        print(f"    {name:12}{1e3 * seconds:8.2f} ms{seconds / medians['micrograd']:8.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
