"""Code on a rendered page: which spans get a class or a link, and that no word changes."""

import re

import pytest
from snippets._weave.decorate import decorate, definitions


def span(name, kind="n"):
    return f'<span class="{kind}">{name}</span>'


@pytest.mark.parametrize("name, kind", {
    "dL_dW2": "n backward", "da1_dz1": "n backward", "z1": "n forward", "a2": "n forward", "Z1": "n forward", "A3": "n forward",
    "zebra": "n", "W1": "n", "z10": "n", "dL": "n", "d1_dz": "n", "loss": "n", "my_dL_dW": "n",
}.items())  # fmt: skip
def test_what_flows_forward_and_backward_is_marked(name, kind):
    assert decorate(f"{span('x')} {span(name)}", ".", {}) == f"{span('x')} {span(name, kind)}"


def test_only_names_in_code_are_marked():
    html = f"<p>z1 and dL_dW2</p>{span('z1', 'mi')}"
    assert decorate(html, ".", {}) == html


@pytest.mark.parametrize("comment, kind", {"# (N, 3)": "c1 shape", "#  (3,)": "c1 shape", "# x (N, 3)": "c1", "#(N,)": "c1", "# words": "c1"}.items())
def test_shape_is_marked(comment, kind):
    assert decorate(span(comment, "c1"), ".", {}) == span(comment, kind)


def test_name_of_a_file_leads_to_its_page():
    file = '<span class="filename">snippets/{}</span>'
    assert decorate(file.format("one.py"), "..", {}) == file.format('').replace("snippets/", '<a href="../snippets/one.html">snippets/one.py</a>')
    for other in ("tables/one.py", "one.txt", "one.py: example"):
        assert decorate(file.format(other), ".", {}) == file.format(other)


FORMULA = '<a class="to-code" href="#code-mse.grad">code: mse.grad</a><a class="to-code" href="#code-loss">code: loss</a>'
LINK = '<a class="to-formula" id="code-{0}" href="#formula-{0}" title="its formula">{1}</a>'


def test_formula_and_code_lead_to_each_other():
    called, opening = span("loss", "nf"), '<span class="p">(</span>'
    html = decorate(f"{FORMULA}{span('loss')} {called}{opening} {called}{opening}", ".", {})
    assert html == f"{FORMULA}{span('loss')} {LINK.format('loss', called)}{opening} {called}{opening}"


@pytest.mark.parametrize("after", [' <span class="o">=</span>', '<span class="o">=</span>', '</a> <span class="o">=</span>'])
def test_formula_of_a_value_leads_to_where_it_is_computed(after):
    assert decorate(f"{FORMULA}{span('loss')}{after}", ".", {}) == f"{FORMULA}{LINK.format('loss', span('loss'))}{after}"


@pytest.mark.parametrize("after", [' <span class="o">==</span>', ' <span class="o">+=</span>', ", ", '<span class="p">)</span>'])
def test_use_of_a_value_is_not_linked(after):
    assert decorate(f"{FORMULA}{span('loss')}{after}", ".", {}) == f"{FORMULA}{span('loss')}{after}"


def test_dot_in_a_name_is_a_dot():
    html = f"{FORMULA}{span('mse_grad')}<span class=\"p\">(</span>"
    assert decorate(html, ".", {}) == html


def test_no_word_changes():
    html = f'{FORMULA}<span class="filename">snippets/a.py</span>{span("z1")}{span("# (N,)", "c1")}{span("loss")} <span class="o">=</span>'
    assert re.sub("<[^>]*>", "", decorate(html, ".", {})) == re.sub("<[^>]*>", "", html)


GLOSSARY = """---
title: Glossary
---

# Glossary

Each word.

## Loss

One number, & no more. See [losses](losses.md).

## Dead ReLU

A unit that
puts out 0.
"""


def test_definitions_by_anchor_without_the_reference():
    assert definitions(GLOSSARY) == {
        "loss": "<strong>Loss.</strong> One number, &amp; no more.", "dead-relu": "<strong>Dead ReLU.</strong> A unit that\nputs out 0."
    }  # fmt: skip


def test_table_of_another_kind_is_left_alone():
    html = '<table class="x"><tr></table> <table>\n<tr></table>'
    assert decorate(html, ".", {}) == '<table class="x"><tr></table> <div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table>\n<tr></table></div></div>'


def test_link_to_the_glossary_shows_the_definition_in_place():
    link = '<a href="../glossary.html#loss">losses</a>'
    html = decorate(f'{link} and {link}, <a href="glossary.html#loss">loss</a>', ".", definitions(GLOSSARY))
    targets = re.findall(r'<button class="term" type="button" popovertarget="([^"]+)">(losses|loss)</button>', html)
    shown = re.findall(r'<span class="definition" id="([^"]+)" popover data-search-exclude>(.*?)</span>', html)
    assert [word for _, word in targets] == ["losses", "losses", "loss"]
    assert [target for target, _ in targets] == [name for name, _ in shown] and len(set(shown)) == 3
    assert {text for _, text in shown} == {'<strong>Loss.</strong> One number, &amp; no more. <a href="./glossary.html#loss">In the glossary</a>'}


def test_link_to_a_word_that_the_glossary_lacks_stays_for_the_check_of_the_links():
    link = '<a href="glossary.html#gain">gain</a>'
    assert decorate(link, ".", definitions(GLOSSARY)) == link


def test_empty_heading_of_a_column_is_none():
    assert decorate('<tr><th style="x"></th><th>a</th><th></th></tr>', ".", {}) == '<tr><td style="x"></td><th>a</th><td></td></tr>'


def test_heading_that_is_all_formula_has_its_tex_for_a_name():
    formula = '<math alttext="z_1"><mi>z</mi></math>'
    named = '<math aria-label="z_1" alttext="z_1"><mi>z</mi></math>'
    assert decorate(f"<th a>{formula}</th><th>{formula} b</th><td>{formula}</td>", ".", {}) == f"<th a>{named}</th><th>{formula} b</th><td>{formula}</td>"


def test_table_scrolls_in_a_box_of_its_own():
    html = decorate("<p>a</p><table><tr><td>1</td></tr></table><table></table>", ".", {})
    box = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
    assert html == f"<p>a</p>{box}<table><tr><td>1</td></tr></table></div></div>{box}<table></table></div></div>"
