"""The worked example with two hidden units: two paths lead back to x.

>>> print(f"{path_a:.4f} + {path_b:.4f} = {dL_dx:.4f}")
-0.0600 + 0.0450 = -0.0150
>>> print(f"loss {loss:.4f} -> {loss_new:.4f}")
loss 0.1131 -> 0.0976
"""

import math

x, y = 2.0, 1.0  # input and target
W1a, b1a = 0.5, 0.1  # layer 1, unit a: ReLU
W1b, b1b = 0.75, -0.5  # layer 1, unit b: ReLU
W2a, W2b, b2 = 0.8, -0.4, 0.2  # layer 2: one neuron, sigmoid
learning_rate = 0.1  # called α


def forward_two(W1a, b1a, W1b, b1b, W2a, W2b, b2):
    """Forward pass and loss: seven floats, the loss last.

    >>> round(forward_two(W1a, b1a, W1b, b1b, W2a, W2b, b2)[-1], 6)
    0.113072
    """
    z1a = W1a * x + b1a
    z1b = W1b * x + b1b
    a1a = max(0.0, z1a)
    a1b = max(0.0, z1b)
    z2 = W2a * a1a + W2b * a1b + b2
    a2 = 1 / (1 + math.exp(-z2))
    loss = (a2 - y) ** 2
    return z1a, z1b, a1a, a1b, z2, a2, loss


z1a, z1b, a1a, a1b, z2, a2, loss = forward_two(
    W1a, b1a, W1b, b1b, W2a, W2b, b2
)

# Output layer: both units fed z2
dL_da2 = 2 * (a2 - y)
da2_dz2 = a2 * (1 - a2)
dL_dz2 = dL_da2 * da2_dz2
dL_dW2a = dL_dz2 * a1a
dL_dW2b = dL_dz2 * a1b
dL_db2 = dL_dz2

# Hidden layer, unit by unit
dL_da1a = W2a * dL_dz2
dL_da1b = W2b * dL_dz2
da1a_dz1a = 1.0 if z1a > 0 else 0.0
da1b_dz1b = 1.0 if z1b > 0 else 0.0
dL_dz1a = dL_da1a * da1a_dz1a
dL_dz1b = dL_da1b * da1b_dz1b
dL_dW1a = dL_dz1a * x
dL_db1a = dL_dz1a
dL_dW1b = dL_dz1b * x
dL_db1b = dL_dz1b

# Input: x fed both units, so both paths are added
path_a = W1a * dL_dz1a
path_b = W1b * dL_dz1b
dL_dx = path_a + path_b

# Update
W1a_new = W1a - learning_rate * dL_dW1a
b1a_new = b1a - learning_rate * dL_db1a
W1b_new = W1b - learning_rate * dL_dW1b
b1b_new = b1b - learning_rate * dL_db1b
W2a_new = W2a - learning_rate * dL_dW2a
W2b_new = W2b - learning_rate * dL_dW2b
b2_new = b2 - learning_rate * dL_db2

*_, loss_new = forward_two(
    W1a_new, b1a_new, W1b_new, b1b_new, W2a_new, W2b_new, b2_new
)
