"""The network with JAX. Needs JAX (`pip install jax`)."""

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)  # the default is float32

rng = np.random.default_rng(1)
sizes = {"0.weight": (3, 2), "0.bias": 3, "2.weight": (1, 3), "2.bias": 1}
weights = {name: rng.uniform(-1, 1, size) for name, size in sizes.items()}
x, y = np.array([[2.0, 3.0]]), np.array([[1.0]])


def loss(weights):
    a1 = jax.nn.relu(x @ weights["0.weight"].T + weights["0.bias"])
    y_pred = jax.nn.sigmoid(a1 @ weights["2.weight"].T + weights["2.bias"])
    return jnp.mean((y_pred - y) ** 2)


gradients = jax.grad(loss)(weights)

for name in weights:
    print(f"{name}: {gradients[name]}")
