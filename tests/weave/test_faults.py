"""What an author can do wrong: one message with file and line, in the page as well.

All that is wrong stands in one checkout, which is woven once: no mistake hides another, and a page
without a mistake is as it was.
"""

import html
import re
import shutil

import pytest
from conftest import SMALL, edit, mkdocs, put, weave

FIGURE = SMALL["snippets/figures/one.py"].replace("from snippets.one import three", "three = 3")
NUMPY, VALUE = "import numpy as np\n", "ValueError:"
SNIPPETS = {  # code, line, message; a chapter of the same name shows `value`
    "raises": ("x = 1\n\nvalue = 1 / 0", 3, "ZeroDivisionError: division by zero"),
    "exits": ("raise SystemExit(0)", 1, "SystemExit: 0"),
    "ends_its_process": ("\nimport os; os._exit(0)", 1, "its process ended before the module did"),
    "no_python": ("x = 1\nvalue = = 3", 2, "SyntaxError: invalid syntax"),
    "tabs": ("if True:\n    x = 1\n\tvalue = 2", 3, "TabError: inconsistent use of tabs"),
    "bom_within": ("x = 1\n\ufeffvalue = 2", 2, "SyntaxError: invalid non-printable character"),
    "warns": (f"{NUMPY}value = np.exp(np.array([1e4]))[0]", 2, "RuntimeWarning: over"),
    "says_much": ("raise ValueError('x' * 10_000_000)", 1, "ValueError: xxx"),
    "unseeded": (
        f"{NUMPY}value = np.random.default_rng().random()",
        2,
        f"{VALUE} np.random.default",
    ),
    "shared_numpy": (
        f"{NUMPY}\nvalue = str(np.random.rand())",
        1,
        f"{VALUE} uses the global random",
    ),
    "shared_python": (
        "import random\nvalue = str(random.random())",
        1,
        f"{VALUE} uses the global ra",
    ),
    "writes": ("\nopen('docs/new.md', 'w')", 2, "PermissionError: changes a file of the checkout"),
    "asks_network": (
        "from socket import *\nsocket().connect(('127.0.0.1', 9))",
        2,
        "PermissionError: as",
    ),
}
TABLES = {
    "calls": ("from snippets.one import double\n\nvalue = double(None)", 3, ""),
    "finds_nothing": ("from snippets.one import treble", 1, "ImportError: cannot import name"),
}
FIGURES = {
    "no_description": ('DESCRIPTION = "It rises."', "", "the figure has no DESCRIPTION"),
    "no_title": ('TITLE = "A line"', "", "the figure has no TITLE"),
    "no_f": ('"It rises."', '"It rises to {three}."', "a brace in the figure's DESCRIPTION"),
    "stray": ("color=FORWARD", 'color="#123456"', "the figure uses the colour #123456"),
    "nan": ("[0, three]", '[0, float("nan")]', "the figure draws a line through a point that is"),
    "nan_text": ("return", "axes.set_title(f'{1e999}')\n    return", "the figure shows what is no"),
    "small": (
        "return",
        "axes.set_title('x', size=5)\n    return",
        "the figure has text of 5 points",
    ),
    "wide": ("return", "figure.set_size_inches(7, 2)\n    return", "the figure is 7 inches wide"),
    "no_draw": (
        "def draw",
        "def paint",
        "AttributeError: module 'snippets.figures.no_draw' has no",
    ),
}
EXAMPLE = '"""One.\n\n>>> {}\n3\n"""\n\nvalue = 7'
CLAIMS = {  # false ones are passed over: the page shows the numbers, and on top what is not true
    "snippets/claims.py": ("x = 2\nassert x == 5\nvalue = 7", 2, "AssertionError: x == 5"),
    "snippets/claims_why.py": (
        "assert 1 > 2, 'why'\nvalue = 7",
        1,
        "AssertionError: 1 > 2, but: why",
    ),
    "snippets/two.py": (EXAMPLE.format("1 + 1"), 3, "a doctest fails: 1 + 1 should print 3, got 2"),
    "snippets/zero.py": (
        EXAMPLE.format("1 / 0"),
        3,
        "a doctest fails: 1 / 0 should print 3, got Z",
    ),
    "snippets/tables/imports_claim.py": ("from snippets.claims import x\n\nvalue = x + 5", 0, ""),
}
CHAPTERS = {  # text below the title, its line, message
    "unknown": ("{{ one.thre:.2f }}", 3, "unknown name `one.thre`; did you mean `one.three`?"),
    "unknown_module": ("{{ on.three:.2f }}", 3, "there is no module `on`; did you mean `one`?"),
    "a_function": (
        "{{ one.double }}",
        3,
        "unknown name `one.double`",
    ),
    "no_format": ("a {{ one.three }}", 3, "`one.three` is a float and needs a format, such as"),
    "bad_format": ("{{ one.three:.2q }}", 3, "Unknown format code 'q'"),
    "no_module": ("{{ code none.double }}", 3, "there is no snippets/none.py"),
    "no_section": ("{{ code one.treble }}", 3, "no function, class or assignment of snippets/one"),
    "no_example": ("{{ example values }}", 3, "`values` has no doctest to show"),
    "no_doctest": ("{{ example one.three }}", 3, "`one.three` has no doctest to show"),
    "two_modules": ("{{ code one.double values.NAN }}", 3, "one block shows one module, not one"),
    "no_key": ("{{ one.three[0] }}", 3, "unknown name `one.three[0]`; did you mean `one.three`?"),
    "no_table": ("{{ table one.ROW }}", 3, "unknown name `tables.one.ROW`; did you mean `tables"),
    "no_figure": ("{{ figure none }}", 3, "there is no module `figures.none`"),
    "no_directive": ("{{ figur one }}", 3, "there is no directive `figur`: expected code or"),
    "in_a_sentence": ("See {{ table one.ROWS }}.", 3, "`{{ table one.ROWS }}` has to stand on a"),
    "indented": ("Text.\n\n\t{{ figure one }}", 5, "`{{ figure one }}` has to stand on a line"),
    "not_closed": ("{{ figure one }", 3, "a lone {{: both ends stand on one line"),
    "bad_tex": (r"a $\frac{x$ b", 3, "bad TeX: "),
    "no_such_language": ("```pyton\nx = 1\n```", 3, "no lexer for alias 'pyton' found"),
    "bad_display": ("$$\nx\n$$\n\n$$\n\\foo\n$$", 7, "bad TeX: "),
    "lone": ("costs $5", 3, "a lone $: both ends stand on one line; write \\$ for a dollar"),
    "prices": ("$5 and $6", 3, "a lone $: both ends stand on one line; write \\$ for a dollar"),
    "fence": ("Text.\n\n```python\nx = 1", 5, "this ``` is never closed"),
    "display": ("Text.\n\n$$\nx = 1", 5, "this $$ is never closed"),
    "nan_value": ("{{ values.NAN:.2f }}", 3, "`values.NAN` is nan"),
    "inf_value": ("{{ values.INF:.2f }}", 3, "`values.INF` is -inf"),
    "nan_text_value": ("{{ values.SAYS }}", 3, "`values.SAYS` holds nan, which is no number"),
    "nan_cell": ("{{ table values.NANS }}", 3, "`values.NANS` holds inf, which is no number"),
    "long_cell": ("{{ table values.LONG }}", 3, "`values.LONG` has the cell 0.1428571428571428"),
    "uneven": ("{{ table values.UNEVEN }}", 3, "the rows of `values.UNEVEN` have different keys"),
    "no_rows": ("{{ table values.SAYS }}", 3, "`values.SAYS` is not a table"),
}
VALUES = "NAN, INF = float('nan'), -float('inf')\nSAYS = 'it is nan'\n"
VALUE_ROWS = """SAYS, NANS, UNEVEN = "x", [{"a": str(1e999)}], [{"a": 1}, {"b": 1}]
LONG = [{"a": 1 / 7}]
"""
FILES = {  # a whole chapter, its line, message
    "untitled": (b"No title.\n", 1, "there is no title"),
    "latin": (b"# T\n\ngr\xf6\xdfe\n", 3, "not UTF-8: save the file as UTF-8"),
}
ACCEPTED = {
    r"It is \$5.": "It is $5.",
    r"`\{{ x }}` is a name": "`{{ x }}` is a name",
    r"`\{{ table one.ROWS }}`": "`{{ table one.ROWS }}`",
    "größe 🙂": "größe 🙂",
    "`$HOME`": "`$HOME`",
    "```\n{{ no.name }} $\n```": "{{ no.name }} $",
}


def faults():
    """`(module, chapter, place, message)` of everything that is wrong."""
    for name, (_, line, message) in SNIPPETS.items():
        yield f"snippets/{name}.py", name, f"snippets/{name}.py:{line}", message
    for name, (_, line, message) in TABLES.items():
        place, called = f"snippets/tables/{name}.py:{line}", "TypeError: unsupported operand"
        yield ("", name, place, message) if message else ("", name, "snippets/one.py:16", called)
    for name, (_, _, message) in FIGURES.items():
        yield (
            "",
            name,
            f"snippets/figures/{name}.py:1",
            (message if message.startswith("AttributeError") else f"ValueError: {message}"),
        )
    for name, (_, line, message) in (CHAPTERS | FILES).items():
        yield "", name, f"docs/{name}.md:{line}", message


@pytest.fixture(scope="module")
def broken(small_checkout, tmp_path_factory):
    """A checkout with every fault, and what its weaving says."""
    folder = shutil.copytree(small_checkout, tmp_path_factory.mktemp("broken") / "checkout")
    put(folder, {"snippets/values.py": VALUES, "snippets/tables/values.py": VALUE_ROWS})
    for name, (code, *_) in SNIPPETS.items():
        show(folder, f"snippets/{name}.py", code, f"{{{{ {name}.value }}}}")
    for name, (code, *_) in TABLES.items():
        show(folder, f"snippets/tables/{name}.py", code, f"{{{{ tables.{name}.value }}}}")
    for name, (old, new, _) in FIGURES.items():
        assert FIGURE.count(old) == 1
        code = FIGURE.replace(old, new)
        show(folder, f"snippets/figures/{name}.py", code, f"{{{{ figure {name} }}}}")
    for path, (code, *_) in CLAIMS.items():
        module = path.removeprefix("snippets/").removesuffix(".py").replace("/", ".")
        show(folder, path, code, f"{{{{ {module}.value }}}}")
    put(folder, {f"docs/{name}.md": f"# T\n\n{text}\n" for name, (text, *_) in CHAPTERS.items()})
    put(folder, {f"docs/{name}.md": text for name, (text, *_) in FILES.items()})
    return folder, weave(folder)


def show(folder, path, code, text):
    put(folder, {path: code, f"docs/{path.split('/')[-1][:-3]}.md": f"# T\n\n{text}\n\nThe rest."})


def page(folder, name):
    return html.unescape((folder / f"woven/{name}.md").read_text("utf-8"))


@pytest.mark.parametrize(
    "module, name, place, message",
    [pytest.param(*fault, id=fault[1]) for fault in faults()],
)
def test_mistake_gives_one_message_with_file_and_line_in_the_page_as_well(
    broken, module, name, place, message
):
    folder, process = broken
    told = [line for line in process.stderr.split("\n") if line.startswith(f"{place}: {message}")]
    assert len(told) == 1, process.stderr
    assert "calls" not in name or "(called from snippets/tables/calls.py:3)" in told[0]
    assert module == "" or process.stderr.count(f"{module}:") == 1
    assert re.search(rf"(- |weave-error\">){re.escape(f'{place}: {message}')}", page(folder, name))


@pytest.mark.parametrize("path", CLAIMS)
def test_false_claim_is_passed_over_and_stands_on_top_of_the_page(broken, path):
    folder, process = broken
    _, line, message = CLAIMS[path] if CLAIMS[path][2] else CLAIMS["snippets/claims.py"]
    place = f"{path if CLAIMS[path][2] else 'snippets/claims.py'}:{line}: {message}"
    assert process.stderr.count(place) == 1
    text = page(folder, path.split("/")[-1][:-3])
    assert re.search(
        rf"(?s)# T\n.*Not true, or not computed.*{re.escape(place)}.*\n7\n\nThe rest", text
    )


def test_nothing_else_is_said_and_the_other_pages_are_as_they_were(broken, small_checkout):
    folder, process = broken
    assert process.returncode == 1 and "Traceback" not in process.stderr
    claims = [claim for claim in CLAIMS.values() if claim[2]]
    lines = [line for line in process.stderr.split("\n") if re.match(r"\w+/\S+:\d+: ", line)]
    assert len(lines) == len(list(faults())) + len(claims) and len(process.stderr) < 20_000
    for name in ("index", "next"):
        assert page(folder, name) == page(small_checkout, name)
    for path, text in SMALL.items():
        assert (folder / path).read_text() == text
    assert not (folder / "docs/new.md").exists() and not (folder / "new").exists()


NEVER = [
    "while True: pass",
    "\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "import re; re.match('(a*)*b', 'a' * 40)",
    'def f():\n    """\n    >>> while True: pass\n    """\n',
]


def test_module_that_never_ends_is_ended(checkout):
    put(checkout, {f"snippets/never{n}.py": code for n, code in enumerate(NEVER)})
    process = weave(checkout, WEAVE_TIME_LIMIT="1")
    said = re.findall(r"snippets/never(\d).py:\d+: .*did not end within 1 s", process.stderr)
    assert sorted(said) == ["0", "1", "2", "3"] and process.returncode == 1, process.stderr


@pytest.mark.parametrize("text", ACCEPTED)
def test_honest_text_is_published_as_it_is_meant(checkout, text):
    put(checkout, {"docs/next.md": f"# Next\n\n## There\n\n{text}\n"})
    process = weave(checkout)
    assert process.returncode == 0, process.stderr
    assert ACCEPTED[text] in re.sub(r"</?[a-z][^>]*>", "", page(checkout, "next"))


def test_files_of_editors_and_windows_are_harmless(checkout):
    before = page(checkout, "index"), page(checkout, "next")
    for path in ("docs/.#index.md", "snippets/.#one.py", "snippets/tables/.#one.py"):
        (checkout / path).symlink_to("nowhere")
    for path in ("docs/index.md", "snippets/one.py", "snippets/tables/one.py"):
        data = (checkout / path).read_bytes()
        put(checkout, {path: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"), f"{path}~": b"x"})
    process = weave(checkout)
    assert process.returncode == 0, process.stderr
    assert (page(checkout, "index"), page(checkout, "next")) == before


def test_what_a_module_prints_reaches_the_terminal_and_no_page(checkout):
    put(checkout, {"snippets/one.py": SMALL["snippets/one.py"] + '\n\nprint("seen", double(21))\n'})
    process = weave(checkout)
    assert process.returncode == 0 and "seen 42" in process.stdout + process.stderr
    assert "seen 42" not in page(checkout, "index")


def test_raising_snippet_is_blamed_once_and_not_again_for_who_imports_it(checkout):
    edit(checkout / "snippets/one.py", "three = 3.0", "three = 3.0 / 0")
    assert weave(checkout).stderr.count("snippets/one.py:7: ZeroDivisionError") == 1


NEXT = "# Next\n\n## There\n\n"
FRONT = "---\ntitle: {}\n---\n" + NEXT
DOCSTRING = '"""Two."""\n\n\ndef f():\n    """{}"""\n'
NOTE = "!!! note\n\n    ```python\n    x = 1\n    ```\n"
LATIN = "x = 1\nname = 'größe'\n".encode("latin-1")
NOTHING = "$$ nothing\nx\n$$\n"
OTHERS = {  # a file, its content, what is said
    "broken front matter": ("docs/next.md", FRONT.format("a: b"), [r"docs/next.md:\d: .*"]),
    "$ in front matter": ("docs/next.md", FRONT.format("$5"), []),
    "$ in a docstring": ("snippets/two.py", DOCSTRING.format("$5"), []),
    "nan in a docstring": ("snippets/two.py", DOCSTRING.format("Is nan."), []),
    "formula of nothing": ("docs/next.md", NEXT + NOTHING, [r"docs/next.md:5: .*nothing.*"]),
    "snippet in Latin-1": ("snippets/two.py", LATIN, [r"snippets/two.py:2: not UTF-8: save.*"]),
    "fence in a note": ("docs/next.md", NEXT + NOTE, [r"docs/next.md:7: .*```.*"]),
}


@pytest.mark.parametrize(
    "path, content, messages",
    [pytest.param(*other, id=name) for name, other in OTHERS.items()],
)
def test_another_mistake_gives_its_messages(checkout, path, content, messages):
    put(checkout, {path: content})
    said = weave(checkout).stderr.splitlines()
    assert len(said) == len(messages) and all(map(re.fullmatch, messages, said))


IN_MKDOCS = {
    "a link is broken": ("docs/index.md", "next.md#there", "nest.md", "'nest.md'"),
    "an anchor is broken": ("docs/index.md", "#there", "#here", "'next.md#here'"),
    "no target in nav": (
        "mkdocs.yml",
        "plugins",
        "nav: [next.md, index.md, x.md]\nplugins",
        "x.md",
    ),
    "missing in nav": ("mkdocs.yml", "plugins", "nav: [index.md]\nplugins", "next.md"),
    "a module raises": ("snippets/one.py", "3.0", "3.0 / 0", "snippets/one.py:7: ZeroDivision"),
    "a claim is false": ("snippets/one.py", "    8", "    9", "snippets/one.py:13: a doctest fail"),
    "a name is unknown": ("docs/index.md", "one.three", "one.thre", "docs/index.md:3: unknown na"),
}


@pytest.mark.parametrize("fault", IN_MKDOCS)
def test_fault_fails_the_build_in_few_lines(checkout, fault):
    path, old, new, message = IN_MKDOCS[fault]
    edit(checkout / path, old, new)
    process = mkdocs("build", "--strict", checkout=checkout, SITE_URL="https://example.org/")
    assert process.returncode != 0 and message in process.stderr, process.stderr
    assert process.stderr.count("\n") < 10 and "Traceback" not in process.stderr


def test_build_without_an_address_says_what_the_pages_name(checkout):
    edit(checkout / "mkdocs.yml", "plugins", "site_url: http://localhost:8000/\nplugins")
    said = mkdocs("build", "--strict", checkout=checkout).stderr
    assert re.search("SITE_URL is not set.* http://localhost:8000/ as their address", said)
