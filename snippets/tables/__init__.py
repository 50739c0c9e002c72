"""The verified tables: each module compares what a snippet computes with an independent source, and
asserts it.

A table is a list of rows, a row a dict from column heading to cell, a cell a string of Markdown.
The functions here are how the cells write numbers.
"""

import math


def n(value, digits=6):
    """A number to so many significant digits, with a real minus."""
    return f"{value:.{digits}g}".replace("-", "−")


def number(value, digits=3):
    """A number to so many significant digits, with its power of ten written out."""
    mantissa, _, power = n(value, digits).partition("e")
    return (
        f"{mantissa} × 10<sup>{power[0].strip('+')}{power[1:].lstrip('0')}</sup>"
        if power
        else mantissa
    )


def spaced(count):
    """A whole number with its thousands apart."""
    return f"{count:,}".replace(",", "\u202f")


def power_of_ten(value):
    """A power of ten, such as a tolerance."""
    return f"10<sup>{n(round(math.log10(value)))}</sup>"


# few levels: the last bits differ between processors, and the page should not
NOISE = (1e-14, 1e-8, 1e-7, 1e-4)


def magnitude(error):
    """An error as a reader needs it: its value if it is one, only a power of ten above it if it is
    rounding noise.
    """
    if not error <= NOISE[-1]:  # NaN is not noise either
        return n(error, 2)
    return "below " + power_of_ten(next(level for level in NOISE if error <= level))
