"""The machinery as an extension of Python-Markdown, as any site generator may load it."""

import markdown
import pytest
from markdown import Extension
from markdown.preprocessors import Preprocessor
from snippets._weave.markdown import WeaveExtension

from snippets._weave import WeaveError

RESULTS = {
    "snippets.one": {"values": {"loss": 0.25}},
    "snippets.figures.line": {"values": {"TITLE": "A line"}, "svg": "<svg>\n\n*a*\n</svg>"},
}


def html(text, results=RESULTS):
    return markdown.markdown(text, extensions=[WeaveExtension(results), "fenced_code"])


def test_directives_are_carried_out_ahead_of_everything_else():
    assert html("# {{ one.loss:.2f }}\r\n\r\n*{{ one.loss:.1f }}*") == "<h1>0.25</h1>\n<p><em>0.2</em></p>"
    assert html("~~~\n{{ one.loss }}\n~~~") == "<pre><code>{{ one.loss }}\n</code></pre>"


def test_finished_html_is_left_as_it_is():
    page = html("Before\n\n{{ figure line }}\n\n$a_b$ and $c_d$")
    assert "<svg>\n\n*a*\n</svg>" in page and page.startswith("<p>Before</p>\n<figure") and page.count("<msub>") == 2


def test_results_may_come_after_the_extension_was_made():
    results = {}
    extension = WeaveExtension(results)
    results.update(RESULTS)
    assert markdown.markdown("{{ one.loss:.2f }}", extensions=[extension]) == "<p>0.25</p>"


def test_other_extensions_get_lines():
    lines = []

    class Listening(Preprocessor):
        def run(self, given):
            lines.extend(given)
            return given

    class Other(Extension):
        def extendMarkdown(self, md):
            md.preprocessors.register(Listening(md), "other", 27)

    markdown.markdown("{{ one.loss:.2f }}\n\nend", extensions=[WeaveExtension(RESULTS), Other()])
    assert lines[:3] == ["0.25", "", "end"]


def test_fault_is_told_with_its_line():
    with pytest.raises(WeaveError) as error:
        html("Two\n\n{{ one.loss }}")
    assert str(error.value) == "a page:3: `one.loss` is a float and needs a format, such as `one.loss:.3f`"
