"""TeX to MathML while the site is built: no script, no font but one, no shift of the layout."""

import functools
import re
from html import escape

from math_core import LatexError, LatexToMathML

_converter = LatexToMathML()
MARKS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "*_`[]{}\\|!~^"})


@functools.cache
def mathml(tex, display=False):
    """MathML for `tex`, with the TeX as its text alternative; bad TeX raises `ValueError`."""
    try:
        markup = _converter.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        plain = re.sub(r"\x1b\[[\d;]*m", "", str(error))
        message = re.search(r"Error: (.*)", plain)[1]
        place = re.search(r":(\d+) \]", plain)
        where = f" (character {place[1]} of `{tex}`)" if place else ""
        raise ValueError(f"bad TeX: {message}{where}") from None
    markup = markup.replace(' scriptlevel="0"', "")  # its default, and unknown to HTML checkers
    return markup.replace("<math", f'<math alttext="{escape(" ".join(tex.split()))}"')


def inline(html):
    """`html` for within a line of Markdown, which leaves its text as it is."""
    return html.translate(MARKS)
