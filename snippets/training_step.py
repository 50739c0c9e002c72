"""One training step, line by line: two inputs, two hidden units, one output.

There is one example, in a column. The functions of `process.py` do the same
for any number of units.

>>> print(f"loss {loss.item():.6f} -> {loss_new.item():.6f}")
loss 0.193852 -> 0.187669
>>> print(dL_dW1.round(4))
[[-0.3472 -0.5208]
 [ 0.1736  0.2604]]
"""

import numpy as np


def relu(z):
    """`max(0, z)`, entry by entry."""
    return np.maximum(z, 0)


def sigmoid(z):
    """`1 / (1 + exp(-z))`, entry by entry, without overflow."""
    return np.exp(-np.logaddexp(0, -z))


X = np.array([[2.0], [3.0]])  # (2, 1), the inputs
y = np.array([[1.0]])  # (1, 1), the target
W1 = np.array([[0.5, -0.2], [0.3, 0.1]])  # (2, 2), a row for each unit
b1 = np.array([[0.1], [0.0]])  # (2, 1)
W2 = np.array([[0.8, -0.4]])  # (1, 2)
b2 = np.array([[0.2]])  # (1, 1)

# Step 1: forward pass, saving values for the way back
z1 = W1 @ X + b1  # (2, 1)
a1 = relu(z1)  # (2, 1)
z2 = W2 @ a1 + b2  # (1, 1)
a2 = sigmoid(z2)  # (1, 1), the prediction
loss = (a2 - y) ** 2

# Step 2: gradient at the output
dL_da2 = 2 * (a2 - y)
da2_dz2 = a2 * (1 - a2)  # slope of the sigmoid
dL_dz2 = dL_da2 * da2_dz2  # (1, 1), chain rule

# Step 3: propagate backward
dL_dW2 = dL_dz2 @ a1.T  # (1, 2)
dL_db2 = dL_dz2  # (1, 1)
dL_da1 = W2.T @ dL_dz2  # (2, 1)
da1_dz1 = (z1 > 0).astype(float)  # slope of ReLU
dL_dz1 = dL_da1 * da1_dz1  # (2, 1)
dL_dW1 = dL_dz1 @ X.T  # (2, 2)
dL_db1 = dL_dz1  # (2, 1)

# Step 4: update weights
learning_rate = 0.01
W1 -= learning_rate * dL_dW1
b1 -= learning_rate * dL_db1
W2 -= learning_rate * dL_dW2
b2 -= learning_rate * dL_db2

# Did it help? The forward pass again
loss_new = (sigmoid(W2 @ relu(W1 @ X + b1) + b2) - y) ** 2
