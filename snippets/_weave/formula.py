"""TeX to MathML while the site is built: no script, no font but one, no shift of the layout."""

import functools
from html import escape

from math_core import LatexError, LatexToMathML

_converter = LatexToMathML(fancy_error=False)
MARKS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "*_`[]{}\\|!~^"})


@functools.cache
def mathml(tex, display=False):
    """MathML for `tex`, with the TeX as its text alternative; bad TeX raises `ValueError`."""
    try:
        markup = _converter.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        place, message = str(error).split(": ", 1)
        raise ValueError(f"bad TeX: {message} (at {place} in `{tex}`)") from None
    markup = markup.replace(' scriptlevel="0"', "")  # its default, and unknown to HTML checkers
    return markup.replace("<math", f'<math alttext="{escape(" ".join(tex.split()))}"')


def inline(html):
    """`html` for within a line of Markdown, which leaves its text as it is."""
    return html.translate(MARKS)
