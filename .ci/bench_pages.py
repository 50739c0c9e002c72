"""What `.ci/bench` generates: a chapter with training, a table and a figure, for each engine.

In each template NAME and NUMBER are those of the chapter, PROSE is a paragraph that is made up.
"""

import re

SETTINGS = """site_name: Generated
theme: {name: material, font: false}
markdown_extensions: [attr_list, tables, pymdownx.superfences]
"""
HEAD = "# Topic NUMBER\n\nPROSE\n\n## Training\n\nPROSE\n\n"
TAIL = "PROSE\n\nPROSE\n\n## Take along\n\nPROSE\n\n"
TRAIN = '''import numpy as np


def train(seed):
    """The losses of 300 training steps of a network with eight hidden units.

    >>> len(train(seed=1))
    300
    """
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(2, 64)), rng.normal(size=(1, 64))
    W1, W2 = rng.normal(size=(8, 2)), rng.normal(size=(1, 8))
    losses = []
    for _ in range(300):
        a1 = np.tanh(W1 @ X)
        a2 = W2 @ a1
        losses.append(float(np.mean((a2 - y) ** 2)))
        dL_da2 = 2 * (a2 - y) / y.size
        dL_dz1 = (W2.T @ dL_da2) * (1 - a1**2)
        W1, W2 = W1 - 0.1 * dL_dz1 @ X.T, W2 - 0.1 * dL_da2 @ a1.T
    return losses


losses = train(NUMBER)
'''
CHAPTER = {
    "docs/NAME.md": HEAD
    + "The loss is {{ NAME.losses[299]:.4f }}; $\\frac{\\partial L}{\\partial a_2}$ is small.\n\n"
    + "{{ code NAME.train }}\n\n{{ example NAME.train }}\n\n$$\na_2 = W_2 \\tanh(W_1 X)\n$$\n\n"
    + "{{ table NAME.ROWS }}\n\n{{ figure NAME }}\n\n"
    + TAIL,
    "snippets/NAME.py": f'"""Topic NUMBER: a network in training."""\n\n{TRAIN}',
    "snippets/tables/NAME.py": """from snippets.NAME import losses

ROWS = [{"step": str(step), "loss": f"{losses[step]:.4f}"} for step in (0, 99, 199, 299)]
""",
    "snippets/figures/NAME.py": """from snippets.figures import FORWARD, canvas
from snippets.NAME import losses

TITLE = "The loss"
DESCRIPTION = "It falls."


def draw():
    figure, axes = canvas(2)
    axes.plot(losses, color=FORWARD)
    return figure
""",
}
TABLE = r"""rows = [f"| {step} | {losses[step]:.4f} |" for step in (0, 99, 199, 299)]
table = "| step | loss |\n|---|---|\n" + "\n".join(rows)
"""
DRAW = """import io
from matplotlib.figure import Figure
figure, file = Figure(figsize=(4.6, 2)), io.StringIO()
figure.subplots().plot(losses)
figure.savefig(file, format="svg")
print(file.getvalue()[file.getvalue().index("<svg") :])
"""
MARKDOWN_EXEC = f"""{HEAD}```python exec="on" source="above" session="NAME"
{TRAIN}```

```python exec="on" session="NAME"
{TABLE}print(table)
```

```python exec="on" html="on" session="NAME"
{DRAW}```

{TAIL}"""


def comment(text):
    return re.sub(r"(?m)^", "# ", text.strip())


NOTEBOOK = f"""# %% [markdown]
{comment(HEAD)}

# %%
{TRAIN}
# %%
from IPython.display import Markdown
{TABLE}Markdown(table)

# %%
import matplotlib.pyplot as plt
plt.figure(figsize=(4.6, 2))
plt.plot(losses)
plt.show()

# %% [markdown]
{comment(TAIL)}
"""
MYST_NB = """extensions = ["myst_nb"]
exclude_patterns = ["conf.py"]
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_render_markdown_format = "gfm"
"""
# By name: the files of a site of this engine, how it is built, and its cache.
ENGINES = {
    "this site": (
        CHAPTER
        | {"mkdocs.yml": SETTINGS + "hooks: [snippets/_weave/hooks.py]\nwatch: [snippets]\n"},
        "mkdocs build --quiet",
        ".cache",
    ),
    "markdown-exec": (
        {
            "docs/NAME.md": MARKDOWN_EXEC,
            "mkdocs.yml": SETTINGS + "plugins: [search, markdown-exec]\n",
        },
        "mkdocs build --quiet",
        None,
    ),
    "mkdocs-jupyter": (
        {
            "docs/NAME.py": NOTEBOOK,
            "mkdocs.yml": SETTINGS
            + "plugins: [search, mkdocs-jupyter: {execute: true, allow_errors: false}]\n",
        },
        "mkdocs build --quiet",
        ".cache",
    ),
    "MyST-NB with jupyter-cache": (
        {"docs/NAME.py": NOTEBOOK, "docs/conf.py": MYST_NB},
        "sphinx --quiet docs build/site",
        "build",
    ),
}
# What is added to the clone that is served.
COLOURS = ["forward", "backward", "third"]
SERVED_CHAPTER = """
Saved SAVE times. The number is {{ bench.number }}. Drawn below.

{{ figure bench }}
"""
SERVED_FIGURE = """from snippets.figures import PALETTE, canvas

TITLE = "A line"
DESCRIPTION = "It rises."


def draw():
    figure, axes = canvas(2)
    axes.plot([0, 1], color=PALETTE["COLOUR"])
    return figure
"""
