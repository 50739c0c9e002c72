"""All exercises: how many there are, which belong to the same idea, and what the teachers' table
says of each.
"""

from importlib import import_module

LICENCE = "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)"
ARTICLE = ["index", "why_it_matters", "core_idea", "process", "worked_example", "activations"]
ARTICLE += ["losses", "matrix_form", "bug_hunt", "challenges", "efficiency", "frameworks"]
ARTICLE += ["takeaways"]
DEEPER = ["gradient_checking", "transpose", "autodiff", "initialisation", "optimisers"]


def exercises(stem):
    """The exercises of a chapter, by name, in their order."""
    values = vars(import_module(f"snippets.exercises.{stem}")).items()
    return {key: each for key, each in values if isinstance(each, dict) and "idea" in each}


def link(stem, key):
    """A Markdown link to an exercise, from a page at the top of `docs/`."""
    folder, page = "deeper/" if stem in DEEPER else "", stem.replace("_", "-")
    return f"[{ALL[stem][key]['title']}]({folder}{page}.md#{page}-{key.replace('_', '-')})"


ALL = {stem: exercises(stem) for stem in [*ARTICLE, *DEEPER]}
EVERY = [(stem, key, each) for stem, found in ALL.items() for key, each in found.items()]
ideas = sorted({each["idea"] for _, _, each in EVERY})
BY_IDEA = [
    {
        "Idea": idea,
        "Exercises": " · ".join(link(stem, key) for stem, key, e in EVERY if e["idea"] == idea),
    }
    for idea in ideas
]

bugs = len(ALL["bug_hunt"])
programs = sum(each["variants"][0]["steps"][0]["kind"] == "program" for _, _, each in EVERY)
count = len(EVERY) - bugs
redrawn = sum(len(each["variants"]) for _, _, each in EVERY if len(each["variants"]) > 1)

assert count >= 60 and bugs >= 16 and programs >= 6


def row(stem, key, exercise):
    """A row for the first variant; of a bug all three questions are one row."""
    steps = exercise["variants"][0]["steps"]
    bug = len(steps) > 1
    asked = steps[0]["ask"].partition("\n\n```")[0]
    shown = [item["shown"] for step in steps for item in step["items"][:1]]
    items = steps[1]["items"][1:] if bug else steps[0]["items"][1:]
    return {
        "Exercise": link(stem, key),
        "Question" if not bug else "Idea": exercise["idea"] if bug else asked,
        "Answer": " ".join(shown) if shown else "the solution, a program",
        "Usual mistakes, and what they show": "<br>".join(
            f"**{item['shown']}** {item['why']}" for item in items
        )
        or "its doctests name what fails",
    }


ROWS = {stem: [row(stem, key, each) for key, each in ALL[stem].items()] for stem in ALL}
