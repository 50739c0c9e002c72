"""Every exercise with its answer, the usual wrong ones and what these show."""

from snippets.tables.practice import ALL, link

LICENCE = "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)"


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
