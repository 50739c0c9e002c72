"""What a gradient costs, measured: seconds and bytes, with the machine and the versions. Run:
`python -m snippets.recorded cost`.

Times are CPU time of one thread. What is compared runs in turn, round by round, after a warm-up and
with the garbage collector off. A page shows medians over the rounds; the record has every round.
"""

import gc
import itertools
import os
import platform
import time
import tracemalloc

import numpy as np
import sklearn
import torch
from sklearn.datasets import load_digits

from snippets import cost, matrix_form
from snippets.gradient_checking import nudged_loss

N = 32  # examples in the batch of the networks that grow
WIDTHS = [7, 22, 70, 223, 707, 2235]  # inputs, hidden units and outputs: 10² to 10⁷ parameters
BATCHES = [10, 128]  # of the digits
RATE = 0.5


# How to measure


def side_by_side(candidates, rounds, least):
    """CPU seconds of one call, by candidate and round; each measurement repeats the call until it
    takes `least` seconds.
    """
    calls = {name: enough(call, least) for name, call in candidates.items()}
    seconds = {name: [] for name in candidates}
    gc.disable()
    for _ in range(rounds):
        for name, call in candidates.items():
            seconds[name].append(float(f"{cpu_time(call, calls[name]) / calls[name]:.4g}"))
    gc.enable()
    return seconds


def cpu_time(call, times):
    start = time.process_time()
    for _ in range(times):
        call()
    return time.process_time() - start


def enough(call, least):
    """How many calls take at least so many seconds; they are the warm-up too."""
    times = 1
    while cpu_time(call, times) < least:
        times *= 2
    return times


def peak(call):
    """The most bytes that a call held at a time, beyond what was there before."""
    call()
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


# A network that grows: one step of each way to a gradient


def network(width, rng):
    """`X, Y` and the parameters `W1, b1, W2, b2` of a network with so many inputs, hidden units and
    outputs.
    """
    X, Y = rng.normal(size=(N, width)), rng.uniform(size=(N, width))
    W1, W2 = rng.normal(size=(2, width, width)) / np.sqrt(width)
    return X, Y, [W1, np.zeros(width), W2, np.zeros(width)]


def ways(X, Y, parameters):
    """What is measured, by name; forward mode and finite differences give one number of the
    gradient a call.
    """
    Z1, A1, Z2, A2 = matrix_form.forward_batch(X, *parameters)
    by_forward_mode = itertools.chain.from_iterable(
        cost.forward_mode(X, Y, parameters) for _ in itertools.count()
    )

    def difference(h=1e-5):
        above, below = (
            nudged_loss(lambda: cost.batch_loss(X, Y, parameters), parameters[0], (0, 0), step)
            for step in (h, -h)
        )
        return (above - below) / (2 * h)

    return {
        "forward": lambda: matrix_form.mean_squared_error(
            matrix_form.forward_batch(X, *parameters)[3], Y
        ),
        "backward": lambda: matrix_form.backward_batch(X, Y, Z1, A1, A2, parameters[2]),
        "forward mode": lambda: next(by_forward_mode),
        "finite differences": difference,
    }


def pytorch_passes(X, Y, parameters):
    """Both passes in PyTorch, with the same parameters."""
    model = pytorch_model(parameters, torch.float64)
    x, y = torch.tensor(X), torch.tensor(Y)

    def passes():
        model.zero_grad()
        ((model(x) - y) ** 2).mean().backward()

    return passes


def count(X, Y, parameters):
    """Multiplications of each of the `ways`, counted in a run."""
    Z1, A1, Z2, A2 = matrix_form.forward_batch(X, *parameters)
    W2, M = parameters[2], cost.count_multiplications
    forward = M(matrix_form.forward_batch, X, *parameters)
    return {
        "forward": forward,
        "backward": M(matrix_form.backward_batch, X, Y, Z1, A1, A2, W2),
        "forward mode": M(
            lambda X, Y, *both: cost.directional_derivative(X, Y, both[:4], both[4:]),
            X,
            Y,
            *parameters,
            *parameters,
        ),
        "finite differences": 2
        * M(lambda X, Y, *parameters: cost.batch_loss(X, Y, parameters), X, Y, *parameters),
    }


def growth(width, rounds, least):
    X, Y, parameters = network(width, np.random.default_rng(0))
    activations = matrix_form.forward_batch(X, *parameters)
    candidates = ways(X, Y, parameters)
    return {
        "width": width,
        "parameters": sum(W.size for W in parameters),
        "multiplications": count(X, Y, parameters),
        "seconds": side_by_side(
            candidates | {"PyTorch, both passes": pytorch_passes(X, Y, parameters)}, rounds, least
        ),
        "bytes": {
            "parameters": sum(W.nbytes for W in parameters),
            "activations": sum(A.nbytes for A in activations),
        },
        "peak": {
            name: peak(call)
            for name, call in (
                candidates | {"forward mode": one_direction(X, Y, parameters)}
            ).items()
        },
    }


def one_direction(X, Y, parameters):
    """The first step of forward mode, for its memory: the directions included."""
    return lambda: next(cost.forward_mode(X, Y, parameters))


# An epoch of the digits: the batch form, a loop over the examples, PyTorch


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def relu(z):
    return np.maximum(0.0, z)


def relu_prime(z):
    return (z > 0).astype(float)


SIGMOIDS = [(sigmoid, sigmoid_prime), (sigmoid, sigmoid_prime)]
ARTICLE = [(relu, relu_prime), (sigmoid, sigmoid_prime)]


def backprop(x, y, weights, biases, units):
    """Gradients for one example, columns `x` and `y`, layer by layer: in the style of `network.py`
    of Nielsen's book.
    """
    nabla_w, nabla_b = [np.zeros(w.shape) for w in weights], [np.zeros(b.shape) for b in biases]
    activations, zs = [x], []
    for w, b, (function, _) in zip(weights, biases, units):
        zs.append(np.dot(w, activations[-1]) + b)
        activations.append(function(zs[-1]))
    dL_da = 2 / len(y) * (activations[-1] - y)
    for layer in range(len(weights) - 1, -1, -1):
        delta = dL_da * units[layer][1](zs[layer])
        nabla_w[layer], nabla_b[layer] = np.dot(delta, activations[layer].T), delta
        if layer > 0:
            dL_da = np.dot(weights[layer].T, delta)
    return nabla_w, nabla_b


def update_by_examples(mini_batch, weights, biases, units):
    """One step of gradient descent: a backward pass for each example, the gradients added up."""
    nabla_w, nabla_b = [np.zeros(w.shape) for w in weights], [np.zeros(b.shape) for b in biases]
    for x, y in mini_batch:
        of_w, of_b = backprop(x, y, weights, biases, units)
        nabla_w = [total + new for total, new in zip(nabla_w, of_w)]
        nabla_b = [total + new for total, new in zip(nabla_b, of_b)]
    weights[:] = [w - RATE / len(mini_batch) * nabla for w, nabla in zip(weights, nabla_w)]
    biases[:] = [b - RATE / len(mini_batch) * nabla for b, nabla in zip(biases, nabla_b)]


def by_examples(X, Y, batch, parameters, units):
    """An epoch by a loop over the examples, and a look at the parameters."""
    W1, b1, W2, b2 = parameters
    weights, biases = [W1, W2], [b1[:, None], b2[:, None]]
    pairs = [(x[:, None], y[:, None]) for x, y in zip(X, Y)]

    def epoch():
        for mini_batch in [pairs[k : k + batch] for k in range(0, len(pairs), batch)]:
            update_by_examples(mini_batch, weights, biases, units)

    return epoch, lambda: [weights[0], biases[0][:, 0], weights[1], biases[1][:, 0]]


def by_batches(X, Y, batch, parameters):
    """An epoch by `matrix_form`, and a look at the parameters."""
    W1, b1, W2, b2 = parameters = [W.copy() for W in parameters]

    def epoch():
        for k in range(0, len(X), batch):
            x, y = X[k : k + batch], Y[k : k + batch]
            Z1, A1, Z2, A2 = matrix_form.forward_batch(x, W1, b1, W2, b2)
            for W, dL_dW in zip(parameters, matrix_form.backward_batch(x, y, Z1, A1, A2, W2)):
                W -= RATE * dL_dW

    return epoch, lambda: parameters


def pytorch_model(parameters, dtype):
    K, H = parameters[2].shape
    D = parameters[0].shape[1]
    model = torch.nn.Sequential(
        torch.nn.Linear(D, H), torch.nn.ReLU(), torch.nn.Linear(H, K), torch.nn.Sigmoid()
    ).to(dtype)
    with torch.no_grad():
        for ours, theirs in zip(parameters, model.parameters()):
            theirs.copy_(torch.tensor(ours))
    return model


def by_pytorch(X, Y, batch, parameters, dtype):
    """An epoch in PyTorch's eager mode, and a look at the parameters."""
    model = pytorch_model(parameters, dtype)
    optimiser = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs, targets = torch.tensor(X, dtype=dtype), torch.tensor(Y, dtype=dtype)

    def epoch():
        for k in range(0, len(inputs), batch):
            optimiser.zero_grad()
            ((model(inputs[k : k + batch]) - targets[k : k + batch]) ** 2).mean().backward()
            optimiser.step()

    return epoch, lambda: [W.detach().double().numpy() for W in model.parameters()]


def epochs(batch, examples, rounds, least):
    """Seconds of an epoch each way, and how far the parameters are apart after the first one from
    those of the batch form.
    """
    digits, rng = load_digits(), np.random.default_rng(0)
    X, Y = digits.data[:examples] / 16, np.eye(10)[digits.target[:examples]]
    parameters = [
        rng.normal(size=(30, 64)) / 8,
        np.zeros(30),
        rng.normal(size=(10, 30)) / np.sqrt(30),
        np.zeros(10),
    ]
    made = {
        "batch form": by_batches(X, Y, batch, parameters),
        "loop, the same units": by_examples(X, Y, batch, parameters, ARTICLE),
        "loop, sigmoids": by_examples(X, Y, batch, parameters, SIGMOIDS),
        "PyTorch, float64": by_pytorch(X, Y, batch, parameters, torch.float64),
        "PyTorch, float32": by_pytorch(X, Y, batch, parameters, torch.float32),
    }
    for epoch, _ in made.values():
        epoch()
    ours = made["batch form"][1]()
    return {
        "batch": batch,
        "examples": len(X),
        "apart": {
            name: max(float(abs(a - b).max()) for a, b in zip(ours, look()))
            for name, (_, look) in made.items()
        },
        "seconds": side_by_side({name: epoch for name, (epoch, _) in made.items()}, rounds, least),
    }


# The record


def processor():
    """The model of the processor, where the system names it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(
                line.split(":")[1].strip() for line in file if line.startswith("model name")
            )
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def surroundings():
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "machine": {
            "Processor": processor(),
            "Cores": str(os.cpu_count()),
            "System": f"{platform.system()} {platform.machine()}",
        },
        "versions": {
            "torch": torch.__version__.split("+")[0],
            "Python": platform.python_version(),
            "NumPy": np.__version__,
            "BLAS": f"{blas['name']} {blas['version']}",
            "scikit-learn": sklearn.__version__,
        },
    }


def record_cost(quick=False):
    """Measure all, which takes two minutes; or quickly, to see that it works."""
    torch.set_num_threads(1)
    widths, rounds, examples, least = ([2, 3], 2, 40, 0.0) if quick else (WIDTHS, 25, None, 0.05)
    return surroundings() | {
        "N": N,
        "growth": [growth(width, rounds, least) for width in widths],
        "epochs": [epochs(batch, examples, rounds, least) for batch in BATCHES],
    }
