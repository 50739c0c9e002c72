"""TeX to MathML, at build time: no script, no font download but one, no layout shift."""

import functools
import re
from html import escape

from math_core import LatexError, LatexToMathML

_converter = LatexToMathML()


@functools.cache
def mathml(tex, display=False):
    """MathML for `tex`, with the TeX as its text alternative; bad TeX raises `ValueError` with the place in it."""
    try:
        markup = _converter.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        plain = re.sub(r"\x1b\[[\d;]*m", "", str(error))
        message = re.search(r"Error: (.*)", plain)[1]
        place = re.search(r":(\d+) \]", plain)
        raise ValueError(f"bad TeX: {message}" + f" (character {place[1]} of `{tex}`)" * bool(place)) from None
    markup = markup.replace(' scriptlevel="0"', "")  # as it is anyway outside of a script, and unknown to HTML checkers
    return markup.replace("<math", f'<math alttext="{escape(" ".join(tex.split()))}"')
