"""The network with TensorFlow. Needs TensorFlow (`pip install tensorflow-cpu`)."""

import numpy as np
import tensorflow as tf

rng = np.random.default_rng(1)
sizes = {"0.weight": (3, 2), "0.bias": 3, "2.weight": (1, 3), "2.bias": 1}
weights = {name: rng.uniform(-1, 1, size) for name, size in sizes.items()}
x, y = np.array([[2.0, 3.0]]), np.array([[1.0]])

variables = {name: tf.Variable(w) for name, w in weights.items()}

with tf.GradientTape() as tape:
    z1 = x @ tf.transpose(variables["0.weight"]) + variables["0.bias"]
    a1 = tf.nn.relu(z1)
    z2 = a1 @ tf.transpose(variables["2.weight"]) + variables["2.bias"]
    y_pred = tf.sigmoid(z2)
    loss = tf.reduce_mean((y_pred - y) ** 2)

gradients = tape.gradient(loss, variables)

for name in weights:
    print(f"{name}: {gradients[name].numpy()}")
