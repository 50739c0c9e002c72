"""The built site, read as a visitor gets it: complete, its own, light, and right where the article is not."""

import ast
import builtins
import dis
import json
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, mkdocs

from snippets._weave import notebook
from snippets._weave.chapter import code, complete

CHAPTERS = {  # every section of the article, and of the page after it, by the page that has it
    "index": ["Backpropagation", "What is backpropagation?"],
    "why-it-matters": ["Why it matters", "Without backpropagation", "With backpropagation"],
    "core-idea": ["The core idea", "The chain rule", "A chain of layers"],
    "process": ["The backpropagation process", "Step 1: Forward pass", "Step 2: Output layer gradient",
                "Step 3: Propagate backward", "Step 4: Update weights"],
    "worked-example": ["Detailed example", "Setup", "Forward pass", "Backward pass", "Output layer", "Hidden layer",
                       "Update weights"],
    "activations": ["Activation function derivatives", "ReLU", "Sigmoid", "Tanh", "Softmax (special case)"],
    "losses": ["Loss function gradients", "Mean squared error (MSE)", "Binary cross-entropy", "Categorical cross-entropy"],
    "matrix-form": ["Matrix form (batch processing)", "Forward pass", "Backward pass"],
    "challenges": ["Common challenges", "Vanishing gradients", "Exploding gradients", "Dead ReLU"],
    "efficiency": ["Computational efficiency", "Reuses computations", "One backward pass", "Automatic differentiation"],
    "frameworks": ["PyTorch example", "The same by hand", "Why the seed", "Four frameworks, one gradient"],
    "takeaways": ["Key takeaways", "What's next?"],
    "deeper/gradient-checking": ["Gradient checking", "Check your own model", "How large a step?", "Kinks",
                                 "Where the threshold comes from"],
    "deeper/transpose": ["Where the transpose comes from", "One example in five notations",
                         "Making the shapes fit is not enough", "Training does not tell"],
    "errata": ["Errata", "The article", "Rounded too early", "A gradient of another loss",
               "A quarter a layer, and two a layer", "The cost of the backward pass", "A program without a seed",
               "The bias of a batch", "Blocks that are not Python", "Well-known texts", "A slope and a factor",
               "A kink a million away", "W2 updated too early", "A check lost in rounding"],
    "deeper/initialisation": ["Initialisation", "The factor of a layer, step by step", "Fifty layers, measured",
                              "The neutral scale of random matrices"],
    "deeper/optimisers": ["Optimisers, a first look", "Three optimisers", "How large may a step be?", "A narrow valley",
                          "The digits"],
    "deeper/autodiff": ["From graph to automatic differentiation", "The graph", "One line for each operation", "The way back",
                        "Why gradients add", "Why the order is topological", "What sharing saves", "As deep as you like",
                        "The other direction", "How far to trust it"],
    "verification": ["How this site is verified", "Gradients, by four oracles", "Mutants, or who checks the checks",
                     "What is published", "Faults", "Versions"],
    "labs/digits": ["Train on real digits", "The network, grown to size", "Training", "Which digits it takes for which",
                    "Against other methods"],
    "labs/vanishing": ["Vanishing, exploding, dead", "Nielsen's speeds, fifty times", "One function with every knob",
                       "Vanishing gradients", "Exploding gradients", "Dead ReLU", "Turn a knob"],
    "labs/cost": ["What a gradient costs", "Three ways, one gradient", "Counted", "Timed", "Memory", "A loop over the examples"],
}  # fmt: skip
FIGURES = {
    "index": ["overview"], "process": ["steps"], "activations": ["activations"], "losses": ["losses"],
    "deeper/gradient-checking": ["gradient_checking", "gradient_checking_kink"], "deeper/transpose": ["transpose"],
    "matrix-form": ["matrix_form"], "challenges": ["vanishing_gradients", "exploding_gradients", "dead_relu"],
    "deeper/initialisation": ["initialisation"], "deeper/optimisers": ["optimisers", "optimisers_digits"],
    "deeper/autodiff": ["autodiff_graph", "autodiff_order"],
    "labs/digits": ["digits-1", "digits-2", "digits-3", "digits-4"],
    "labs/vanishing": ["vanishing-1", "vanishing-2", "vanishing-3", "vanishing-4"], "labs/cost": ["cost-1"],
}  # fmt: skip
SOLUTIONS = ["1. ReLU instead of sigmoid or tanh", "2. Batch normalisation", "3. Residual connections",
             "4. Careful weight initialisation", "5. Gradient clipping", "6. A smaller learning rate",
             "7. Better weight initialisation", "8. Leaky ReLU or ELU", "9. A lower learning rate",
             "10. Better initialisation"]  # fmt: skip
VAGUE = re.compile(
    r"\b(very|hardly|barely|scarcely|nearly|almost|practically|virtually|quick(?:ly|er)?|slow(?:ly|er)?|faster|huge|tiny|vast\w*|enormous\w*"
    r"|dramatic\w*|drastic\w*|significant\w*|considerabl\w*|substantial\w*|extreme\w*|greatly|strongly|steeply|hopeless|negligible|immune"
    r"|rare(?:ly)?|seldom|cheap\w*|expensive|costly|(?:much|far|a lot) (?:more|less|better|worse|larger|smaller|above|below))\b", re.IGNORECASE,
)  # fmt: skip
MEANT = {  # where such a word claims nothing about how something behaves, by page, with the reason
    "glossary": {"to where the loss rises most steeply": "what a gradient is: a definition"},
    "verification": {"words such as *hardly* or *much faster*": "the words themselves are meant"},
    "changes": {"said *hardly* or *nearly all*": "the words themselves are meant"},
}
SNIPPETS = sorted((ROOT / "snippets").glob("[!_]*.py"))
SOURCES = sorted((ROOT / "docs").rglob("*.md"))
LABS = sorted((ROOT / "docs/labs").glob("*.py"))


class Page(HTMLParser):
    """Headings, text, links and embedded files of a page."""

    def __init__(self, path):
        super().__init__()
        self.html = path.read_text(encoding="utf-8")
        self.headings, self.words, self.links, self.loaded, self._heading, self._silent = [], [], [], [], None, 0
        self.feed(self.html)
        self.text = re.sub(r"\s+", " ", "".join(self.words))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self._silent += tag in ("script", "style")
        if re.fullmatch("h[1-6]", tag):
            self._heading = ""
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if "src" in attributes or (tag == "link" and attributes.get("rel") in ("stylesheet", "icon", "preload", "prefetch")):
            self.loaded.append(attributes.get("src") or attributes.get("href"))

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style")
        if re.fullmatch("h[1-6]", tag) and self._heading is not None:
            self.headings.append(self._heading.replace("¶", "").strip())
            self._heading = None

    def handle_data(self, data):
        if not self._silent:
            self.words.append(data)
            if self._heading is not None:
                self._heading += data


@pytest.fixture(scope="session")
def pages(site):
    return {stem: Page(site / f"{stem}.html") for stem in CHAPTERS}


@pytest.mark.parametrize("stem", CHAPTERS)
def test_page_has_every_section_of_the_article(pages, stem):
    headings = [re.sub(r"^\d+\.\s*", "", heading).lower() for heading in pages[stem].headings]
    assert [title for title in CHAPTERS[stem] if title.lower() not in headings] == []


def test_every_chapter_starts_with_its_goal_and_ends_with_what_to_take_along(pages):
    for stem, page in pages.items():
        assert "admonition goal" in page.html, stem
        assert "Take along" in page.headings, stem


@pytest.mark.parametrize("stem", FIGURES)
def test_page_shows_its_figures_each_with_a_name_and_a_description(pages, stem):
    for name in FIGURES[stem]:
        assert f'<figure class="figure" id="figure-{name}"' in pages[stem].html
        title, description = (re.search(rf'<{tag} id="{name}-{tag}">([^<]+)<', pages[stem].html)[1] for tag in ("title", "desc"))
        assert len(title) > 15 and len(description) > 100, f"{name} tells too little to who does not see it"


def test_every_figure_is_on_a_page():
    shown = re.findall(r"\{\{ figure (\w+) \}\}", "".join(path.read_text() for path in SOURCES))
    assert sorted(shown) == sorted(path.stem for path in (ROOT / "snippets/figures").glob("[!_]*.py"))


def test_challenges_have_a_section_and_a_table_row_for_each_of_the_ten_solutions(pages):
    assert [heading for heading in pages["challenges"].headings if heading[0].isdigit()] == SOLUTIONS
    cells = re.findall(r"<td[^>]*>(\d+)\. ", pages["challenges"].html)
    assert {int(number) for number in cells} >= {1, 2, 3, 5, 6, 7, 8, 9, 10}  # 4 has a table of its own
    assert "{{ table challenges.WEIGHTS }}" in (ROOT / "docs/challenges.md").read_text(encoding="utf-8")


def test_header_has_subtitle_tag_and_reading_time(pages):
    text = pages["index"].text
    assert "The algorithm that enables learning" in text and "Neural networks" in text
    assert 12 <= int(re.search(r"(\d+) min read in all", text)[1]) <= 90


def test_no_python_is_typed_into_a_chapter():
    assert [path for path in SOURCES if re.search(r"^\s*(```|~~~)", path.read_text(encoding="utf-8"), re.MULTILINE)] == []


def test_no_decimal_and_no_percentage_is_typed_into_a_sentence():
    for path in SOURCES:
        text = re.sub(r"\A---.*?^---$|\{\{.*?\}\}|`[^`\n]*`", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
        assert re.findall(r"(?<![\w.])\d+(?:\.\d+|\s?%)(?![.\w])", text) == [], path


def prose_of(path):
    """The text of a chapter without its front matter; of a lab, with a directive where a cell shows a table, a figure or what it prints."""
    if path.suffix == ".md":
        return re.sub(r"\A---.*?^---$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    cells = [cell for cell in notebook.cells(path) if cell.kind != "front"]
    return "\n\n".join(cell.text if cell.kind == "prose" else shown_by(cell.text) for cell in cells)


def shown_by(source):
    last = ast.parse(source).body[-1]
    return "{{ output of the cell }}" if isinstance(last, ast.Expr) else "a cell"


def without_number(text):
    """The vague words of a text that have no computed number beside them: in their paragraph or item, or in a table or figure next to it."""
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:- |\d+\. ))", text)
    beside = [bool(re.match(r"\s*\{\{ (?:table|figure|output) ", part)) for part in ["", *parts, ""]]
    for before, part, after in zip(beside, parts, beside[2:]):
        if not (before or after or "{{" in part):
            for word in VAGUE.finditer(" ".join(part.split())):
                yield word[0], " ".join(part.split())


@pytest.mark.parametrize("path", [*SOURCES, *LABS], ids=lambda path: path.stem)
def test_no_claim_goes_without_a_number_beside_it(path):
    page = path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    found = [(word, part) for word, part in without_number(prose_of(path)) if not any(meant in part for meant in MEANT.get(page, {}))]
    assert found == []


@pytest.mark.parametrize(
    "text, words",
    [
        ("It is much\nlarger, and hardly used.", ["much larger", "hardly"]),
        ("It is much larger, {{ one.times:.1f }} times.", []),
        ("Very large:\n\n{{ table one.ROWS }}\n\nIt is tiny.\n\nAlmost nothing.", ["Almost"]),
        ("{{ code one.f }}\n\nIt is quick.", ["quick"]),
        ("- Slow.\n- Slower, {{ one.times:.1f }} times.\n1. Faster.", ["Slow", "Faster"]),
    ],
)
def test_vague_word_without_a_number_is_found(text, words):
    assert [word for word, _ in without_number(text)] == words


def test_exceptions_are_needed():
    for page, meant in MEANT.items():
        path = next(path for path in (ROOT / "docs" / f"{page}.md", ROOT / "docs" / f"{page}.py") if path.is_file())
        found = [part for _, part in without_number(prose_of(path))]
        assert [text for text in meant if not any(text in part for part in found)] == [], page


def test_each_takeaway_has_a_number_and_links_to_the_section_that_executes_it():
    text = (ROOT / "docs/takeaways.md").read_text(encoding="utf-8")
    claims = re.findall(r"(?ms)^- \*\*.*?(?=^- |\n\n)", text)
    assert len(claims) == 7
    for claim in claims:
        assert re.search(r"\{\{ [\w.]+", claim), claim
        assert re.search(r"\]\([\w/-]+\.md#[\w-]+\)", claim), claim
    pages = set(re.findall(r"\]\(([\w/-]+)\.md", text))
    assert pages >= {stem for stem in CHAPTERS if "/" in stem}, "each deeper chapter and each lab is where something is executed"
    _, _, following = text.partition("## What's next?")
    assert len(re.findall(r"\{\{ tables\.optimisers\.", following)) >= 3 and "(deeper/optimisers.md)" in following


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_every_public_function_of_a_snippet_is_shown_on_a_page(path):
    shown = set(re.findall(rf"\b{path.stem}\.(\w+)", "".join(re.findall(r"\{\{ code [^}]*\}\}", text_of_chapters()))))
    tree = ast.parse(path.read_text())
    public = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_"}
    assert public - shown == set() and shown


def text_of_chapters():
    return "".join(path.read_text() for path in SOURCES)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_code_on_a_page_runs_as_it_stands_there(path):
    """All blocks of a page, pasted one after the other into an empty file, run and know every name they use."""
    blocks = [code(what, {}, None, None) for what in re.findall(r"\{\{ code ((?!recorded)[^}]*) \}\}", path.read_text())]
    program = "\n".join(re.sub(r"^```.*$", "", block, flags=re.MULTILINE) for block in blocks)
    namespace = {}
    exec(compile(program, path.name, "exec"), namespace)
    assert global_names(compile(program, path.name, "exec")) - set(namespace) - set(dir(builtins)) == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_each_block_of_a_snippet_runs_alone_as_it_is_copied(path):
    for what in re.findall(r"\{\{ code ((?!recorded|tables)[^}]*) \}\}", path.read_text()):
        program = complete(what) or re.sub(r"^```.*$", "", code(what, {}, None, None), flags=re.MULTILINE)
        namespace = {}
        exec(compile(program, what, "exec"), namespace)
        assert global_names(compile(program, what, "exec")) - set(namespace) - set(dir(builtins)) == set(), what


def global_names(compiled):
    names = {i.argval for i in dis.get_instructions(compiled) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return names.union(*(global_names(inner) for inner in compiled.co_consts if hasattr(inner, "co_consts")))


def test_worked_example_marks_the_two_rounding_slips_and_shows_the_loss_after_the_step(pages):
    page = pages["worked-example"]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", page.html, re.DOTALL)]
    slips = {re.sub("<.*?>", "", row[0]): row[1:3] for row in rows if len(row) > 3 and "slip" in row[3]}
    assert slips == {"loss": ["0.0642653", "0.0645"], "dL_da2": ["−0.507012", "−0.508"]}
    assert sum("agrees" in row[3] for row in rows if len(row) > 3) == 17
    assert "The loss is 0.0643, the article has 0.0645" in page.text
    assert "is −0.507, the article has −0.508" in page.text
    assert "from 0.0643 to 0.0594" in page.text


def test_frameworks_page_has_four_tabs_and_says_what_was_recorded_with_what(pages):
    page = pages["frameworks"].html
    tabs = re.findall(r"<label[^>]*>(.*?)</label>", re.search(r'<div class="tabbed-labels">(.*?)</div>', page, re.DOTALL)[1])
    blocks = page.split('<div class="tabbed-block">')[1:]
    names = {"PyTorch": "torch", "TensorFlow": "tensorflow", "JAX": "jax", "autograd": "autograd"}
    assert tabs == list(names) and len(blocks) == len(names)
    for (tab, package), block in zip(names.items(), blocks):
        assert f"snippets/recorded/with_{tab.lower()}.py" in block and re.search(rf">import</span>.*{package}", block)
        record = json.loads((ROOT / f"snippets/recorded/with_{tab.lower()}.json").read_text())
        row = r"\s*".join(rf"<td[^>]*>{re.escape(cell)}</td>" for cell in [tab, *record["versions"].values()])
        assert re.search(row, page), tab


def test_matrix_page_shows_the_articles_gradient_failing_and_the_right_one_passing(pages):
    rows = re.findall(r"<tr>(.*?)</tr>", pages["matrix-form"].html, re.DOTALL)
    verdicts = [(("the article" in row.split("</td>")[0]), "mean squared" in row, "passes" in row, "fails" in row)
                for row in rows if "A2 - Y" in row]  # fmt: skip
    assert verdicts == [(True, True, False, True), (True, False, True, False), (False, True, True, False), (False, False, False, True)]


def test_every_page_has_a_title_and_a_description_of_its_own(site):
    heads = {}
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        head = re.search(r"<title>(.*?)</title>", text)[1], re.search(r'<meta name="description" content="([^"]*)">', text)[1]
        assert path.name == "404.html" or head not in heads.values() and "title:" not in text.split("</h1>")[0].split("<article")[1], path
        heads[path] = head


def test_no_directive_is_left_on_a_page(pages):
    assert [stem for stem, page in pages.items() if "{{" in page.text or "}}" in page.text or "wzxhzdk" in page.html] == []


def test_no_page_loads_anything_from_elsewhere(site):
    for path in site.rglob("*.html"):
        assert [link for link in Page(path).loaded if urlsplit(link).netloc] == [], path
    for path in [*site.rglob("*.css"), *site.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import|importScripts\(|fetch\()[\"']?(?:https?:)?//", text), path


def test_site_is_the_same_byte_for_byte_wherever_it_is_built(site, tmp_path):
    other = tmp_path / "anderswo, überall"
    ignored = shutil.ignore_patterns(".git", ".venv", ".cache", "site", "__pycache__", ".pytest_cache")
    shutil.copytree(ROOT, other, ignore=ignored)
    process = mkdocs("build", "--strict", checkout=other, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="7")
    assert process.returncode == 0, process.stderr
    ours, theirs = ({str(p.relative_to(f)): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in (site, other / "site"))
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert str(ROOT).encode() not in b"".join(ours.values())
