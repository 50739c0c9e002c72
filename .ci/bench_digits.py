"""An epoch of the digits, [64, 30, 10] in batches of 32, on one thread: `network.py` and
`matrix_form.py` against a loop over the examples, scikit-learn and PyTorch.

Who is compared takes turns; printed are medians of the CPU time, and their ratios.
"""

import os
import statistics
import sys
from pathlib import Path

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402

from snippets import network  # noqa: E402
from snippets.recorded import cost  # noqa: E402

BATCH, RATE = 32, 0.5
AT_LEAST = {  # times as fast as
    "network.py": {"loop": 12, "partial_fit": 3, "PyTorch": 4},
    "matrix_form.py": {"loop": 15, "partial_fit": 4, "PyTorch": 5},
}


def pytorch_epoch(X, classes, parameters):
    """In eager mode, with the loss, the batches and the order of `network.py`."""
    D, H, K = parameters[0].shape[1], *map(len, parameters[1::2])
    layers = torch.nn.Linear(D, H), torch.nn.ReLU(), torch.nn.Linear(H, K)
    model = torch.nn.Sequential(*layers).double()
    optimiser = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs, targets, rng = torch.tensor(X), torch.tensor(classes), np.random.default_rng(0)

    def epoch():
        order = torch.tensor(rng.permutation(len(X)))
        for start in range(0, len(X), BATCH):
            rows = order[start : start + BATCH]
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(model(inputs[rows]), targets[rows]).backward()
            optimiser.step()

    return epoch


def candidates():
    X, classes = load_digits(return_X_y=True)
    X, Y, rng = X / 16, np.eye(10)[classes], np.random.default_rng(0)
    parameters = network.init([64, 30, 10], rng)
    theirs = MLPClassifier(
        (30,), solver="sgd", momentum=0, learning_rate_init=RATE, batch_size=BATCH
    )

    def network_epoch():
        data = network.batches(X, Y, BATCH, 1, rng)
        network.fit(parameters, data, network.softmax_loss, RATE)

    return {
        "network.py": network_epoch,
        "matrix_form.py": cost.by_batches(X, Y, BATCH, parameters)[0],
        "loop": cost.by_examples(X, Y, BATCH, parameters, cost.SIGMOIDS)[0],
        "partial_fit": lambda: theirs.partial_fit(X, classes, classes=range(10)),
        "PyTorch": pytorch_epoch(X, classes, parameters),
    }


def main(rounds=15):
    torch.set_num_threads(1)
    measured = cost.side_by_side(candidates(), rounds, least=0.05)
    seconds = {name: statistics.median(values) for name, values in measured.items()}
    missed = []
    for ours, others in AT_LEAST.items():
        print(f"{ours:16}{1000 * seconds[ours]:6.2f} ms an epoch")
        for name, least in others.items():
            ratio = seconds[name] / seconds[ours]
            print(
                f"    {name:12}{1000 * seconds[name]:6.2f} ms{ratio:7.1f} times, at least {least}"
            )
            if ratio < least:
                missed.append(f"{ours} is only {ratio:.1f} times as fast as {name}")
    return "\n".join(missed) or None


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
