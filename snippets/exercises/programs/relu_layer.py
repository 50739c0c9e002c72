"""To write: a layer with ReLU, forward and backward, with lists.

Test it with `python -m doctest relu_layer.py`: no output means that all is
well.
"""


def forward(W, b, x):
    """The lists `z` and `a` of a layer: `z = W x + b`, `a = max(0, z)`.

    `W` has a list for each unit, with a weight for each input.

    >>> forward([[1.0, 2.0], [3.0, -4.0]], [0.5, 0.0], [1.0, 1.0])
    ([3.5, -1.0], [3.5, 0.0])
    """
    z = [sum(w * value for w, value in zip(row, x)) for row in W]
    z = [value + bias for value, bias in zip(z, b)]
    return z, [max(0.0, value) for value in z]


def backward(W, x, z, dL_da):
    """The gradients `dL_dW, dL_db, dL_dx`, from that of `a`.

    >>> W, x, z = [[1.0, 2.0], [3.0, -4.0]], [1.0, 1.0], [3.5, -1.0]
    >>> dL_dW, dL_db, dL_dx = backward(W, x, z, [10.0, 100.0])
    >>> dL_dW, dL_db, dL_dx
    ([[10.0, 10.0], [0.0, 0.0]], [10.0, 0.0], [10.0, 20.0])
    >>> backward([[2.0], [3.0]], [5.0], [1.0, 1.0], [1.0, 1.0])[2]
    [5.0]
    """
    dL_dz = [slope if value > 0 else 0.0 for slope, value in zip(dL_da, z)]
    dL_dW = [[slope * value for value in x] for slope in dL_dz]
    columns = zip(*W)
    dL_dx = [sum(w * s for w, s in zip(column, dL_dz)) for column in columns]
    return dL_dW, dL_dz, dL_dx
