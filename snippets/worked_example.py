"""One training step with numbers: one ReLU neuron, one sigmoid neuron.

There is one input, and the loss is the squared error.

>>> print(f"loss {loss:.4f} -> {loss_new:.4f}")
loss 0.0643 -> 0.0594
>>> print(f"dL_dW1 {dL_dW1:.6f}  dL_dW2 {dL_dW2:.6f}")
dL_dW1 -0.153516  dL_dW2 -0.105542
"""

import math

x, y = 2.0, 1.0  # input and target
W1, b1 = 0.5, 0.1  # layer 1: one neuron, ReLU
W2, b2 = 0.8, 0.2  # layer 2: one neuron, sigmoid
learning_rate = 0.1  # called α


def forward_example(W1, b1, W2, b2):
    """Forward pass and loss: the floats `z1, a1, z2, a2, loss`.

    >>> [round(value, 6) for value in forward_example(W1, b1, W2, b2)]
    [1.1, 1.1, 1.08, 0.746494, 0.064265]
    """
    z1 = W1 * x + b1
    a1 = max(0.0, z1)  # ReLU
    z2 = W2 * a1 + b2
    a2 = 1 / (1 + math.exp(-z2))  # sigmoid
    loss = (a2 - y) ** 2  # squared error
    return z1, a1, z2, a2, loss


z1, a1, z2, a2, loss = forward_example(W1, b1, W2, b2)

# Output layer
dL_da2 = 2 * (a2 - y)
da2_dz2 = a2 * (1 - a2)
dL_dz2 = dL_da2 * da2_dz2
dL_dW2 = dL_dz2 * a1
dL_db2 = dL_dz2

# Hidden layer
dL_da1 = W2 * dL_dz2
da1_dz1 = 1.0 if z1 > 0 else 0.0
dL_dz1 = dL_da1 * da1_dz1
dL_dW1 = dL_dz1 * x
dL_db1 = dL_dz1

# Update: every gradient is computed before any parameter changes
W1_new = W1 - learning_rate * dL_dW1
b1_new = b1 - learning_rate * dL_db1
W2_new = W2 - learning_rate * dL_dW2
b2_new = b2 - learning_rate * dL_db2

*_, a2_new, loss_new = forward_example(W1_new, b1_new, W2_new, b2_new)
