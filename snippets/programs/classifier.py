"""A classifier: three spiral arms, told apart by a network."""

import numpy as np
from activations import softmax
from network import batches, fit, forward, init, softmax_loss
from optimisers import Adam

# 600 points of the plane, and the arm of each: 0, 1 or 2
rng = np.random.default_rng(0)
arm = rng.integers(3, size=600)
radius = rng.uniform(0.1, 1, size=600)
angle = 4 * radius + 2 * np.pi / 3 * arm + rng.normal(0, 0.4, size=600)
X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
Y = np.eye(3)[arm]  # (600, 3): a 1 in the column of the arm

# Train on 450 of them
data = batches(X[:450], Y[:450], size=32, epochs=60, rng=rng)
first = init([2, 32, 32, 3], rng)
parameters, losses = fit(first, data, softmax_loss, optimiser=Adam(0.01))
print(f"loss of the first epoch {np.mean(losses[:15]):.2f}")
print(f"loss of the last epoch {np.mean(losses[-15:]):.2f}")

# Try it on the others
Y_hat = softmax(forward(X[450:], parameters)[-1])  # (150, 3)
right = np.mean(Y_hat.argmax(axis=1) == arm[450:])
print(f"{right:.1%} of the other points are told right")
unsure = Y_hat.max(axis=1).argmin()
print("least sure:", Y_hat[unsure].round(3), "for arm", arm[450 + unsure])
