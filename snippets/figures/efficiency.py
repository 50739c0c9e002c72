"""One walk back that serves every layer, and a walk of its own for each layer."""

from snippets.figures import BACKWARD, BACKWARD_SOFT, FORWARD, FORWARD_SOFT, arrow, bare, box, write
from snippets.tables.efficiency import count

LAYERS = 4
SHARED = [list(range(LAYERS, 0, -1))]  # each walk: the layers that it comes to
ALONE = [list(range(LAYERS, last - 1, -1)) for last in range(LAYERS, 0, -1)]
shared, alone = (counter.products for counter in count([50] * (LAYERS + 1))[1:])
for _walks, _products in ((SHARED, shared), (ALONE, alone)):  # what is drawn is what was counted
    assert _products == LAYERS + sum(len(_walk) - 1 for _walk in _walks)

TITLE = "Walks back that share, and walks that do not"
DESCRIPTION = (
    f"A network of {LAYERS} layers, with the loss at its right end, and dashed arrows back from "
    "the loss. Above, one walk comes to every layer, and leaves each its gradient on the way: "
    f"{shared} matrix products. Below, every layer has a walk of its own, which begins again at "
    f"the loss: {alone} products. Each gradient dL_dW is one product, and so is each arrow from "
    "a layer to the one before it."
)

LOSS = 330  # centre of its box
ROW = 34


def draw():
    figure, axes = bare((248 + ROW * LAYERS) / 72)
    _draw_walks(axes, 0, SHARED, f"Shared: {shared} products")
    _draw_walks(axes, 148, ALONE, f"Each from the loss again: {alone} products")
    write(axes, 178, 240 + ROW * LAYERS, "a product: each dL_dW, each arrow between layers")
    return figure


def _draw_walks(axes, top, walks, title):
    write(axes, 6, top + 12, title, ha="left", weight="bold", color=BACKWARD)
    for layer in range(1, LAYERS + 1):
        box(axes, _x(layer), top + 46, 62, 28, fill=FORWARD_SOFT, edge=FORWARD)
        write(axes, _x(layer), top + 46, f"layer {layer}", color=FORWARD)
    box(axes, LOSS, top + 46, 44, 28)
    write(axes, LOSS, top + 46, "loss")
    one = len(walks) == 1  # which goes on past the gradients: they lie below it
    for row, walk in enumerate(walks):
        y = top + 82 + ROW * row
        for layer in walk:
            stops = not one and layer == walk[-1]
            start = LOSS if layer == LAYERS else _x(layer + 1)
            end = _x(layer) + (31 if stops else 3)
            arrow(axes, (start - 3, y), (end, y), colour=BACKWARD, dashed=True)
            if one or stops:
                _draw_gradient(axes, layer, y + 26 * one)


def _draw_gradient(axes, layer, y):
    box(axes, _x(layer), y, 62, 26, fill=BACKWARD_SOFT, edge=BACKWARD)
    write(axes, _x(layer), y, f"dL_dW{layer}")


def _x(layer):
    return 34 + 75 * (layer - 1)
