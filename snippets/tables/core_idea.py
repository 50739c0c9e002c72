"""The chain rule beside a direct measurement, for two functions and for three layers."""

from snippets import core_idea
from snippets.gradient_checking import central_difference
from snippets.tables import n

x = 2.0
u, y = core_idea.g(x), core_idea.f(core_idea.g(x))
dy_dx = core_idea.chain_rule(x)
measured = central_difference(lambda x: core_idea.f(core_idea.g(x)), x)

outer_slope, inner_slope = 2 * u, 3.0
a = 0.7  # an output of the sigmoid
one_minus_a, sigmoid_slope = 1 - a, a * (1 - a)

w_in, w_out = [0.5, -1.0], [0.8, 0.3]
(_, both), both_measured = (
    core_idea.two_paths(x, w_in, w_out),
    central_difference(lambda x: core_idea.two_paths(x, w_in, w_out)[0], x),
)
upper, lower = (out * into for into, out in zip(w_in, w_out))

input, w, target = 1.0, [0.5, -1.0, 2.0], 1.0
weights = f"{n(w[0])}, {n(w[1])} and {n(w[2])}"
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
_check = f"✓[Nudging the weight measures {n(chain_measured)}.]"
CHAIN.append(
    {
        "Link": r"$\frac{\partial L}{\partial w^{(1)}}$",
        "Meaning": "**their product**",
        "Value": f"**{n(dL_dw1)}**{_check}",
    }
)

assert len(factors) == len(_links)
assert abs(dy_dx - measured) < 1e-6 and abs(dL_dw1 - chain_measured) < 1e-10
assert abs(both - both_measured) < 1e-9 and abs(upper + lower - both) < 1e-15
