"""The example of the chapter on the transpose, for the tables and for the figure."""

import numpy as np

# One example: three units feed two.
W2 = np.array([[0.5, -1.0, 2.0], [1.5, 1.0, -0.5]])
a1, y = np.array([2.0, 1.0, 0.5]), np.array([0.0, 2.25])
K, H = W2.shape
