"""`weave` as a Python-Markdown extension, for MkDocs and for whatever else renders with Python-Markdown."""

from markdown import Extension
from markdown.preprocessors import Preprocessor

from .chapter import weave


class WeaveExtension(Extension):
    """Carries out the directives of a chapter; `results` may be filled after the extension was made."""

    def __init__(self, results):
        super().__init__()
        self.results = results

    def extendMarkdown(self, md):
        md.preprocessors.register(_Weave(md, self.results), "weave", 28)  # after white space is tidied, ahead of fences and HTML


class _Weave(Preprocessor):
    def __init__(self, md, results):
        super().__init__(md)
        self.results = results

    def run(self, lines):
        return weave("\n".join(lines), "a page", self.results, keep=self.md.htmlStash.store).split("\n")
