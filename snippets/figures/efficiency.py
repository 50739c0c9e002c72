"""One walk back that serves every layer, and a walk of its own for each layer."""

from snippets.figures import BACKWARD, BACKWARD_SOFT, FORWARD, FORWARD_SOFT, arrow, bare, box, write

LAYERS = 4
SHARED = [list(range(LAYERS, 0, -1))]  # each walk: the layers that it comes to
ALONE = [list(range(LAYERS, last - 1, -1)) for last in range(LAYERS, 0, -1)]
shared, alone = sum(map(len, SHARED)), sum(map(len, ALONE))

TITLE = "Walks back that share, and walks that do not"
DESCRIPTION = (
    f"A network of {LAYERS} layers, with the loss at its right end, and dashed arrows back from "
    "the loss. Above, one walk comes to every layer, and leaves each its gradient on the way: "
    f"{shared} arrows. Below, every layer has a walk of its own, which begins again at the "
    f"loss: {alone} arrows. They repeat what others have done."
)

LOSS = 330  # centre of its box
ROW = 34


def draw():
    figure, axes = bare((220 + ROW * LAYERS) / 72)
    _walks(axes, 0, SHARED, f"One walk for all: {shared} arrows")
    _walks(axes, 122, ALONE, f"A walk for each: {alone} arrows")
    return figure


def _walks(axes, top, walks, title):
    write(axes, 6, top + 12, title, ha="left", weight="bold", color=BACKWARD)
    for layer in range(1, LAYERS + 1):
        box(axes, _x(layer), top + 46, 62, 28, fill=FORWARD_SOFT, edge=FORWARD)
        write(axes, _x(layer), top + 46, f"layer {layer}", color=FORWARD)
    box(axes, LOSS, top + 46, 44, 28)
    write(axes, LOSS, top + 46, "loss")
    for row, walk in enumerate(walks):
        y, start = top + 84 + ROW * row, LOSS + 12
        for layer in walk:
            leaves = len(walks) == 1 or layer == walk[-1]
            end = _x(layer) + 31 if leaves else _x(layer)
            arrow(axes, (start, y), (end, y), colour=BACKWARD, dashed=True)
            start = _x(layer) - 31 if leaves else _x(layer) - 4
            if leaves:
                box(axes, _x(layer), y, 62, 26, fill=BACKWARD_SOFT, edge=BACKWARD)
                write(axes, _x(layer), y, f"dL_dW{layer}")


def _x(layer):
    return 34 + 75 * (layer - 1)
