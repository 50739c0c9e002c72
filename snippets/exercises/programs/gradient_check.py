"""To write: slopes by nudging, the judge of every backward pass.

Test it with `python -m doctest gradient_check.py`: no output means that all
is well.
"""


def numerical_gradient(loss, w, h=1e-5):
    """The slope of `loss` with respect to each entry of the list `w`.

    `loss` takes such a list and returns a float. Each slope is
    `(loss at w + h - loss at w - h) / 2h`. Afterwards `w` is as it was.

    >>> w = [1.0, -2.0]
    >>> def loss(w): return w[0] ** 2 + 3 * w[0] * w[1]
    >>> [round(slope, 6) for slope in numerical_gradient(loss, w)]
    [-4.0, 3.0]
    >>> w
    [1.0, -2.0]
    >>> def cube(w): return w[0] ** 3
    >>> round(numerical_gradient(cube, [1.0], h=0.1)[0], 6)
    3.01
    """
    slopes = []
    for i, w_i in enumerate(w):
        w[i] = w_i + h
        above = loss(w)
        w[i] = w_i - h
        below = loss(w)
        w[i] = w_i
        slopes.append((above - below) / (2 * h))
    return slopes


def relative_error(a, b):
    """How far apart two numbers are, from 0, the same, to 1.

    It is `|a - b| / (|a| + |b|)`, and 0 if both are 0.

    >>> relative_error(1.0, 3.0)
    0.5
    >>> relative_error(0.0, 0.0)
    0.0
    """
    return abs(a - b) / (abs(a) + abs(b)) if a or b else 0.0
