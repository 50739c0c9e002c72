"""What is added to a rendered page: marks on names, links to files, formulas and code, definitions in place."""

import re

import pytest

from snippets._weave.decorate import decorate, definitions

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


def code(*names):
    return "".join(f'<span class="n">{name}</span>' for name in names)


def test_definitions_by_anchor_without_the_reference():
    assert definitions(GLOSSARY) == {"loss": "One number, &amp; no more.", "dead-relu": "A unit that\nputs out 0."}


@pytest.mark.parametrize("name, mark", [
    ("dL_dW2", "n backward"), ("da1_dz1", "n backward"), ("dL_dz2", "n backward"), ("z1", "n forward"), ("A2", "n forward"),
    ("a1", "n forward"), ("Z2", "n forward"), ("W1", "n"), ("dead", "n"), ("zz1", "n"), ("a", "n"), ("d_rate", "n"),
])  # fmt: skip
def test_names_of_what_flows_are_marked(name, mark):
    assert decorate(code(name), ".", {}) == f'<span class="{mark}">{name}</span>'


@pytest.mark.parametrize("comment, mark", [("# (N, H)", "c1 shape"), ("#  (N,)", "c1 shape"), ("# why (N)", "c1"), ("#(N)", "c1")])
def test_shapes_are_marked(comment, mark):
    assert decorate(f'<span class="c1">{comment}</span>', ".", {}) == f'<span class="{mark}">{comment}</span>'


@pytest.mark.parametrize("root", [".", ".."])
def test_title_of_a_block_leads_to_the_page_of_its_file(root):
    html = decorate('<span class="filename">snippets/losses.py</span><span class="filename">snippets/recorded/x.py</span>', root, {})
    assert html == (
        f'<span class="filename"><a href="{root}/snippets/losses.html">snippets/losses.py</a></span>'
        '<span class="filename">snippets/recorded/x.py</span>'
    )


FORMULA = '<a class="to-code" href="#code-{0}">code: {0}</a>'


@pytest.mark.parametrize("definition", ['<span class="nf">f</span><span class="p">(</span>', '<span class="n">f</span> <span class="o">=</span>'])
def test_formula_and_the_code_that_defines_its_name_are_linked_once(definition):
    use = '<span class="n">f</span><span class="p">)</span>'
    html = decorate(FORMULA.format("f") + use + definition + definition, ".", {})
    assert html.count("to-formula") == 1 and re.search(r'code: f</a><span class="n">f</span><span class="p">\)</span><a class="to-formula" id="code-f" href="#formula-f"', html)


def test_link_to_the_glossary_shows_the_definition_in_place():
    link = '<a href="../glossary.html#loss">losses</a>'
    html = decorate(f'{link} and {link}, <a href="glossary.html#loss">loss</a>', ".", definitions(GLOSSARY))
    targets = re.findall(r'<button class="term" type="button" popovertarget="([^"]+)">(losses|loss)</button>', html)
    shown = re.findall(r'<span class="definition" id="([^"]+)" popover data-search-exclude>([^<]+)</span>', html)
    assert [word for _, word in targets] == ["losses", "losses", "loss"] and "<a" not in html
    assert [target for target, _ in targets] == [name for name, _ in shown] and len(set(shown)) == 3
    assert {text for _, text in shown} == {"One number, &amp; no more."}


def test_link_to_a_word_that_the_glossary_lacks_stays_for_the_check_of_the_links():
    link = '<a href="glossary.html#gain">gain</a>'
    assert decorate(link, ".", definitions(GLOSSARY)) == link
