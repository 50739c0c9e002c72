"""TeX on its way into a page: what MathML it becomes, and how bad TeX is told."""

import pytest

from snippets._weave.formula import mathml


def test_formula_stands_in_a_sentence():
    assert mathml("x") == '<math alttext="x"><mi>x</mi></math>'


def test_displayed_formula_says_so():
    assert mathml("x", display=True) == '<math alttext="x" display="block"><mi>x</mi></math>'


def test_text_alternative_is_the_tex_on_one_line_and_escaped():
    assert mathml('x\n  < \\text{"<math"}\n').startswith('<math alttext="x &lt; \\text{&quot;&lt;math&quot;}"><mi>x</mi><mo>&lt;</mo>')


@pytest.mark.parametrize("tex, message", {
    r"a \foo": r"bad TeX: Unknown command "
    r'"\foo". (character 3 of `a \foo`)',
    r"\frac{x": r'bad TeX: Expected closing token "}", but reached end of input. (character 8 of `\frac{x`)',
}.items())  # fmt: skip
def test_bad_tex_is_told_with_its_place(tex, message):
    with pytest.raises(ValueError) as error:
        mathml(tex)
    assert str(error.value) == message


def test_level_that_is_the_usual_one_is_not_said():
    assert mathml(r"\displaystyle x") == '<math alttext="\\displaystyle x"><mrow displaystyle="true"><mi>x</mi></mrow></math>'
