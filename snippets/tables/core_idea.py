"""The chain rule beside a direct measurement, for two functions and for three layers."""

from snippets import core_idea
from snippets.gradient_checking import central_difference
from snippets.tables import n

x = 2.0
u, y = core_idea.g(x), core_idea.f(core_idea.g(x))
dy_dx = core_idea.chain_rule(x)
measured = central_difference(lambda x: core_idea.f(core_idea.g(x)), x)

input, w, target = 1.0, [0.5, -1.0, 2.0], 1.0
a = core_idea.chain_activations(input, w)
factors, dL_dw1 = core_idea.first_weight_gradient(input, w, target)
chain_measured = central_difference(
    lambda w1: (core_idea.chain_activations(input, [w1, *w[1:]])[-1] - target) ** 2, w[0]
)
_links = [
    (r"$\frac{\partial L}{\partial a^{(3)}}$", "how the loss moves with the prediction"),
    (r"$\frac{\partial a^{(3)}}{\partial a^{(2)}}$", "how layer 3 moves with layer 2"),
    (r"$\frac{\partial a^{(2)}}{\partial a^{(1)}}$", "how layer 2 moves with layer 1"),
    (r"$\frac{\partial a^{(1)}}{\partial w^{(1)}}$", "how layer 1 moves with its own weight"),
]
CHAIN = [
    {"Link": link, "Meaning": meaning, "Value": n(factor)}
    for (link, meaning), factor in zip(_links, factors)
]
CHAIN.append(
    {
        "Link": r"$\frac{\partial L}{\partial w^{(1)}}$",
        "Meaning": "**their product**",
        "Value": f"**{n(dL_dw1)}**",
    }
)
CHAIN.append(
    {
        "Link": "",
        "Meaning": "central differences, without any chain rule",
        "Value": n(chain_measured),
    }
)

assert len(factors) == len(_links)
assert abs(dy_dx - measured) < 1e-6 and abs(dL_dw1 - chain_measured) < 1e-10
