"""The network with autograd. Needs autograd (`pip install autograd`)."""

import autograd.numpy as np
from autograd import grad

rng = np.random.default_rng(1)
sizes = {"0.weight": (3, 2), "0.bias": 3, "2.weight": (1, 3), "2.bias": 1}
weights = {name: rng.uniform(-1, 1, size) for name, size in sizes.items()}
x, y = np.array([[2.0, 3.0]]), np.array([[1.0]])


def loss(weights):
    a1 = np.maximum(0, x @ weights["0.weight"].T + weights["0.bias"])
    z2 = a1 @ weights["2.weight"].T + weights["2.bias"]
    y_pred = 1 / (1 + np.exp(-z2))
    return np.mean((y_pred - y) ** 2)


gradients = grad(loss)(weights)

for name in weights:
    print(f"{name}: {gradients[name]}")
