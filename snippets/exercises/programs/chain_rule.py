"""To write: the slope of a chain of functions.

Test it with `python -m doctest chain_rule.py`: no output means that all is well.
"""


def chain_slope(chain, x):
    """The slope of a chain of functions at `x`, a float.

    `chain` has a pair for each function: itself, and its slope. The output
    of one is the input of the next.

    >>> def double(u): return 2 * u
    >>> def two(u): return 2.0
    >>> def square(u): return u * u
    >>> chain_slope([(double, two)], 5.0)
    2.0
    >>> chain_slope([(double, two), (square, double)], 3.0)
    24.0
    >>> chain_slope([(square, double), (double, two)], 3.0)
    12.0
    >>> chain_slope([], 7.0)
    1.0
    """
    slope = 1.0
    for function, its_slope in chain:
        slope = slope * its_slope(x)
        x = function(x)
    return slope
