"""Gradient descent, momentum and Adam: three ways from gradient to step.

Parameters and gradients are flat lists of float arrays, one entry for each
parameter, in the same order. An optimiser holds its settings and nothing
else. What it remembers between steps is its state, which goes in and comes
out of `step`. No array is changed in place; float32 stays float32.
"""

import numpy as np


class GradientDescent:
    """Each step goes against the gradient of the moment, without memory.

    >>> optimiser = GradientDescent(learning_rate=0.1)
    >>> parameters = [np.array([1.0, 2.0])]
    >>> gradients = [np.array([5.0, 0.0])]
    >>> state = optimiser.start(parameters)
    >>> parameters, state = optimiser.step(parameters, gradients, state)
    >>> parameters
    [array([0.5, 2. ])]
    """

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def start(self, parameters):
        _check_arrays(parameters)
        return []

    def step(self, parameters, gradients, state):
        _check_one_for_each(parameters, gradients)
        pairs = zip(parameters, gradients)
        return [p - self.learning_rate * dL_dp for p, dL_dp in pairs], state


class Momentum:
    """Each step goes along a velocity: the sum of all gradients so far.

    Each of them has faded by `momentum` at every step since. The state is
    the velocity, a list like the parameters. Source: Polyak (1964), in the
    form of PyTorch's SGD.

    >>> optimiser = Momentum(learning_rate=0.1, momentum=0.5)
    >>> parameters, gradients = [np.array([1.0])], [np.array([2.0])]
    >>> state = optimiser.start(parameters)
    >>> for _ in range(3):
    ...     parameters, state = optimiser.step(parameters, gradients, state)
    ...     print(parameters[0].round(4), state[0])
    [0.8] [2.]
    [0.5] [3.]
    [0.15] [3.5]
    """

    def __init__(self, learning_rate, momentum=0.9):
        self.learning_rate, self.momentum = learning_rate, momentum

    def start(self, parameters):
        _check_arrays(parameters)
        return [np.zeros_like(p) for p in parameters]

    def step(self, parameters, gradients, state):
        _check_one_for_each(parameters, gradients, state)
        pairs = zip(state, gradients)
        velocity = [self.momentum * v + dL_dp for v, dL_dp in pairs]
        pairs = zip(parameters, velocity)
        return [p - self.learning_rate * v for p, v in pairs], velocity


class Adam:
    """Each entry moves by its mean gradient, scaled to a common size.

    It is divided by the root of the mean squared gradient, so that a step
    is about `learning_rate`. Both means fade, by `beta1` and `beta2`. They
    start at 0, which is too low, and are divided by the share of the weight
    that has come together by now. The state is `(t, mean, square)`: the
    number of steps, and two lists like the parameters. Source: Kingma and
    Ba (2015), algorithm 1.

    >>> optimiser = Adam(learning_rate=0.1)
    >>> parameters = [np.array([1.0, 1.0])]
    >>> gradients = [np.array([2.0, -0.002])]
    >>> state = optimiser.start(parameters)
    >>> for _ in range(2):
    ...     parameters, state = optimiser.step(parameters, gradients, state)
    ...     print(parameters[0].round(4))
    [0.9 1.1]
    [0.8 1.2]
    """

    def __init__(self, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.learning_rate = learning_rate
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    def start(self, parameters):
        _check_arrays(parameters)
        zeros = [np.zeros_like(p) for p in parameters]
        return 0, zeros, zeros

    def step(self, parameters, gradients, state):
        _check_one_for_each(parameters, gradients, *state[1:])
        t, mean, square, moved = state[0] + 1, [], [], []
        for p, dL_dp, m, s in zip(parameters, gradients, *state[1:]):
            m = self.beta1 * m + (1 - self.beta1) * dL_dp
            s = self.beta2 * s + (1 - self.beta2) * dL_dp**2
            m_hat = m / (1 - self.beta1**t)
            s_hat = s / (1 - self.beta2**t)
            root = np.sqrt(s_hat) + self.epsilon
            moved.append(p - self.learning_rate * m_hat / root)
            mean.append(m)
            square.append(s)
        return moved, (t, mean, square)


def descend(optimiser, parameters, gradients_at, steps):
    """The parameters before the first step and after each.

    Returns a list of `steps + 1` lists. `gradients_at(parameters)` returns
    their gradients, of the whole loss or of a batch. Gradients of other
    shapes than the parameters raise ValueError.

    >>> def gradients_at(parameters):  # of the loss p²
    ...     return [2.0 * parameters[0]]
    >>> optimiser, first = GradientDescent(0.25), [np.array([8.0])]
    >>> path = descend(optimiser, first, gradients_at, steps=3)
    >>> [parameters[0].item() for parameters in path]
    [8.0, 4.0, 2.0, 1.0]
    """
    path, state = [parameters], optimiser.start(parameters)
    for _ in range(steps):
        gradients = gradients_at(parameters)
        parameters, state = optimiser.step(parameters, gradients, state)
        path.append(parameters)
    return path


def _check_arrays(parameters):
    """Raise for anything but a flat list of float arrays."""
    for p in parameters:
        if np.asarray(p).dtype.kind != "f":
            raise TypeError(
                f"a parameter is {p!r:.60}: expected a flat list of float "
                "arrays, such as [W1, b1, W2, b2]"
            )


def _check_one_for_each(parameters, gradients, *state):
    """Raise where NumPy would broadcast, or `zip` leave something out."""
    wanted = [np.shape(p) for p in parameters]
    named = [("gradients", gradients), *(("state", s) for s in state)]
    for name, arrays in named:
        found = [np.shape(array) for array in arrays]
        if wanted != found:
            raise ValueError(
                f"{name} of the shapes {found}: expected {wanted}, "
                "those of the parameters"
            )
