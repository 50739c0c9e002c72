"""The digits lab with PyTorch. Needs PyTorch and scikit-learn
(`pip install numpy torch scikit-learn`).
"""

import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)
HIDDEN, RATE, EPOCHS, BATCH, SEEDS = 30, 0.5, 30, 16, 10
X, y = load_digits(return_X_y=True)
X, targets = torch.tensor(X / 16), torch.tensor(y)


def network():
    return nn.Sequential(nn.Linear(64, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10)).double()


def train(seed, model, optimiser, rng):
    """Train on four fifths of the images; how many of the others are read correctly after each
    epoch.
    """
    rows, test_rows = train_test_split(
        np.arange(len(y)), test_size=0.2, stratify=y, random_state=seed
    )
    correct = []
    for _ in range(EPOCHS):
        order = rng.permutation(len(rows))
        for start in range(0, len(rows), BATCH):
            batch = rows[order[start : start + BATCH]]
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(X[batch]), targets[batch]).backward()
            optimiser.step()
        correct.append(int((model(X[test_rows]).argmax(1).numpy() == y[test_rows]).sum()))
    return correct


def same_run(seed):
    """The lab's run: its first weights, its batches, its loss and its rate."""
    rng = np.random.default_rng(seed)
    W1 = rng.normal(0, np.sqrt(2 / 64), (HIDDEN, 64))
    W2 = rng.normal(0, np.sqrt(2 / HIDDEN), (10, HIDDEN))
    model = network()
    start = {"0.weight": W1, "0.bias": np.zeros(HIDDEN), "2.weight": W2, "2.bias": np.zeros(10)}
    model.load_state_dict({name: torch.tensor(value) for name, value in start.items()})
    optimiser = torch.optim.SGD(model.parameters(), RATE)
    return train(seed, model, optimiser, rng)


def usual_run(seed):
    """The network as it is usually trained: Adam, and PyTorch's own first weights."""
    torch.manual_seed(seed)
    model = network()
    optimiser = torch.optim.Adam(model.parameters(), 0.01)
    return train(seed, model, optimiser, np.random.default_rng(seed))


record = {
    "same_run": [same_run(seed) for seed in range(SEEDS)],
    "usual_run": [usual_run(seed) for seed in range(SEEDS)],
}
