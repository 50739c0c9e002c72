"""Exercises on the network of two neurons, with numbers."""

import math
from itertools import product

from snippets import worked_example as article
from snippets.exercises import choice, exercise, line, number
from snippets.tables import n

FORWARD = "[Forward pass](worked-example.md#forward-pass)"
OUTPUT = "[Output layer](worked-example.md#output-layer)"
HIDDEN = "[Hidden layer](worked-example.md#hidden-layer)"
UPDATE = "[Update weights](worked-example.md#update-weights)"
INPUTS = list(product((3.0, 1.5, 1.2, 0.5, 2.5), (1.0, 0.0)))


def network(x, y):
    """All values of the network of the chapter for another example, by name."""
    z1 = article.W1 * x + article.b1
    a1 = max(0.0, z1)
    z2 = article.W2 * a1 + article.b2
    a2 = 1 / (1 + math.exp(-z2))
    dL_da2 = 2 * (a2 - y)
    dL_dz2 = dL_da2 * a2 * (1 - a2)
    dL_dz1 = article.W2 * dL_dz2 * (z1 > 0)
    return {"z1": z1, "a1": a1, "z2": z2, "a2": a2} | {
        "dL_da2": dL_da2,
        "dL_dz2": dL_dz2,
        "dL_dW2": dL_dz2 * a1,
        "dL_db2": dL_dz2,
        "dL_da1": article.W2 * dL_dz2,
        "dL_dW1": dL_dz1 * x,
        "dL_db1": dL_dz1,
    }


WEIGHTS = f"$W_1 = {article.W1}$, $b_1 = {article.b1}$, $W_2 = {article.W2}$, $b_2 = {article.b2}$"


@exercise(
    "Another input", "forward pass", FORWARD, [(x,) for x in (3, 1.2, 0.5, 4, 6, 1.6, 2.5, 5, 7, 8)]
)
def another_input(x):
    v = network(x, 1.0)
    return number(
        f"The same network, {WEIGHTS}, gets $x = {x}$. What is $z_2$?",
        v["z2"],
        [
            (article.W2 * v["a1"], "leaves out the bias of the output, $b_2$."),
            (v["z1"], "is $z_1$. One layer is still to come."),
            (
                article.W2 * article.W1 * x + article.b2,
                "leaves out the bias of the hidden layer, $b_1$.",
            ),
        ],
        hint="First $z_1$, then the ReLU, then $z_2 = W_2 a_1 + b_2$.",
        solution=f"$z_1 = {article.W1} \\times {x} + {article.b1} = {n(v['z1'])}$, the ReLU "
        f"passes it, "
        f"and $z_2 = {article.W2} \\times {n(v['a1'])} + {article.b2} = {n(v['z2'])}$.",
        within=0.005,
    )


@exercise("The first gradient", "loss", OUTPUT, INPUTS)
def first_gradient(x, y):
    a2 = network(x, y)["a2"]
    return number(
        f"The network put out $a_2 = {a2:.4f}$, and the target is $y = {n(y)}$. What is "
        "$\\frac{\\partial L}{\\partial a_2}$ of the squared error?",
        2 * (a2 - y),
        [
            (a2 - y, "leaves out the 2: the slope of a square is twice what is squared."),
            (2 * (y - a2), "has the wrong sign: start from $a_2 - y$, the prediction first."),
            ((a2 - y) ** 2, "is the loss itself, not its slope."),
        ],
        hint="$L = (a_2 - y)^2$. What is its slope with respect to $a_2$?",
        solution=f"$2 (a_2 - y) = 2 \\times ({a2:.4f} - {n(y)}) = {2 * (a2 - y):.4f}$.",
        within=0.001,
        digits=4,
    )


@exercise("The gradient of W2", "chain rule", OUTPUT, INPUTS)
def gradient_of_W2(x, y):
    v = network(x, y)
    return number(
        f"Now $a_1 = {n(v['a1'])}$ and $\\frac{{\\partial L}}{{\\partial z_2}} = "
        f"{v['dL_dz2']:.4f}$. "
        f"The input was $x = {n(x)}$. What is $\\frac{{\\partial L}}{{\\partial W_2}}$?",
        v["dL_dW2"],
        [
            (v["dL_dz2"] * x, "takes $x$. Through $W_2$ came $a_1$."),
            (
                v["dL_dz2"],
                "is the gradient of the bias. A weight also has what came in through it.",
            ),
            (v["dL_dz2"] * article.W2, "multiplies by $W_2$: that is the way back to $a_1$."),
        ],
        hint="$z_2 = W_2 a_1 + b_2$. How far does $z_2$ move when $W_2$ moves by 1?",
        solution=f"The blame of its unit times what came in: ${v['dL_dz2']:.4f} \\times "
        f"{n(v['a1'])} = {v['dL_dW2']:.4f}$.",
        within=0.001,
        digits=4,
    )


@exercise("Back through both layers", "chain rule", HIDDEN, INPUTS)
def gradient_of_W1(x, y):
    v = network(x, y)
    return number(
        f"$\\frac{{\\partial L}}{{\\partial z_2}} = {v['dL_dz2']:.4f}$, $W_2 = {article.W2}$, "
        f"$z_1 > 0$ "
        f"and $x = {n(x)}$. What is $\\frac{{\\partial L}}{{\\partial W_1}}$?",
        v["dL_dW1"],
        [
            (
                v["dL_dz2"] * v["a1"],
                "is $\\frac{\\partial L}{\\partial W_2}$, one layer too early.",
            ),
            (
                v["dL_dz2"] * x * 0.5,
                "goes back through $W_1$. From $z_2$ the way leads through $W_2$.",
            ),
            (-v["dL_dW1"], "has the wrong sign. Every factor but the first is positive here."),
        ],
        hint="From $z_2$ back through $W_2$ and the ReLU, then times what came in through $W_1$.",
        solution=f"${v['dL_dz2']:.4f} \\times {article.W2} \\times 1 \\times {n(x)} = "
        f"{v['dL_dW1']:.4f}$.",
        within=0.001,
        digits=4,
    )


@exercise("What survives?", "ReLU", HIDDEN)
def what_survives():
    v = network(-1.0, article.y)
    alive = [name for name in ("dL_dW1", "dL_db1", "dL_dW2", "dL_db2") if v[name] != 0]
    return choice(
        f"Put in $x = -1$. Then $z_1 = {n(v['z1'])}$. Which of the four parameter "
        "gradients are not 0?",
        " and ".join(f"`{name}`" for name in alive) + " alone",
        [
            ("`dL_db1` and `dL_db2`", "The ReLU stops the bias of its unit, too: its slope is 0."),
            ("`dL_dW2` and `dL_db2`", "The gradient of $W_2$ is multiplied by $a_1$, which is 0."),
            ("None", f"The bias of the output needs no input: `dL_db2` is {n(v['dL_db2'], 4)}."),
        ],
        hint="The ReLU puts out 0, and its slope is 0. Which of the four have one of these as "
        "a factor?",
        solution=f"`dL_db2` is {n(v['dL_db2'], 4)}. `dL_dW2` has the factor $a_1 = 0$; the other "
        "two have the slope of the ReLU, which is 0.",
    )


@exercise("Fill in: on through the ReLU", "ReLU", HIDDEN)
def through_the_relu():
    return line(
        "The line that goes back through the ReLU is missing.",
        "dL_da1 = W2 * dL_dz2\ndL_dz1 = ____\ndL_dW1 = dL_dz1 * x",
        "dL_da1 * (z1 > 0)",
        [
            ("dL_da1", "lets everything through. Where $z_1$ is negative the slope is 0."),
            ("dL_da1 * z1", "multiplies by $z_1$. The slope of the ReLU is 1 or 0."),
            (
                ("dL_da1 * a1", "a1 * dL_da1"),
                "multiplies by what the ReLU put out. Its slope is 1 or 0.",
            ),
            (
                "dL_da1 * (a1 >= 0)",
                "lets everything through: what the ReLU put out is never negative.",
            ),
            (
                ("dL_da1 * (z1 >= 0)", "(z1 >= 0) * dL_da1", "dL_da1 if z1 >= 0 else 0"),
                "lets it through at $z_1 = 0$, too. Here the slope there is taken for 0.",
            ),
            (
                ("da1_dz1", "z1 > 0", "(z1 > 0)", "1 if z1 > 0 else 0"),
                "is the slope of the ReLU alone. It multiplies what comes from behind.",
            ),
        ],
        [
            {"W2": 0.8, "dL_dz2": -0.1, "x": 2.0}
            | {"z1": z1, "a1": max(0.0, z1), "da1_dz1": 1.0 if z1 > 0 else 0.0}
            for z1 in (-0.4, 0.0, 0.7)
        ],
        hint="What comes from the loss, times 1 where $z_1$ is positive and 0 elsewhere.",
        solution="`dL_da1 * (z1 > 0)`: Python takes `True` for 1 and `False` for 0.",
        also=(
            "(z1 > 0) * dL_da1",
            "dL_da1 * (a1 > 0)",
            "dL_da1 if z1 > 0 else 0",
            "dL_da1 * (0 < z1)",
            "dL_da1 * da1_dz1",
            "da1_dz1 * dL_da1",
            "np.where(z1 > 0, dL_da1, 0)",
            "np.where(z1 > 0, dL_da1, 0.0)",
            "np.where(z1 > 0, 1, 0) * dL_da1",
            "dL_da1 * np.where(z1 > 0, 1, 0)",
            "dL_da1 * (1 if z1 > 0 else 0)",
        ),
    )


@exercise(
    "Did it help?",
    "update",
    UPDATE,
    [(rate,) for rate in (0.1, 0.2, 0.5, 0.05, 0.8, 0.3, 0.4, 0.02, 0.01, 0.6)],
)
def did_it_help(rate):
    v = network(article.x, article.y)
    squares = sum(v[name] ** 2 for name in ("dL_dW1", "dL_db1", "dL_dW2", "dL_db2"))
    return number(
        f"The four gradients of the example, squared and added, are ${squares:.4f}$. By how "
        f"much should "
        f"the loss move in one step with the learning rate ${rate}$, to first order?",
        -rate * squares,
        [
            (rate * squares, "rises. Each parameter moves against its slope, so the loss falls."),
            (-rate * math.sqrt(squares), "takes the length of the gradient. It is its square."),
            (-rate * rate * squares, "counts the learning rate twice: it is in the step only."),
        ],
        hint="Each parameter moves by $-\\alpha g$, and the loss by $g$ times that. Add them up.",
        solution=f"Each parameter changes the loss by $g \\times (-\\alpha g)$: together "
        f"$-{rate} \\times {squares:.4f} = {-rate * squares:.5f}$.",
        within=float(f"{0.02 * rate * squares:.0e}"),
        digits=3,
    )
