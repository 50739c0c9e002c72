"""Every gradient function of the snippets, with the cases to try it on, and its forward formula
written out anew.

A formula takes an array namespace `xp` (NumPy, also with complex numbers, autograd.numpy or
PyTorch), the arrays to differentiate by, and constants, and returns one number. It shares no code
with the snippets. Where a function gives slopes, or takes the gradient of a loss, the number is the
sum of its outputs with fixed weights `V`.
"""

import hashlib
import itertools
from typing import Callable, NamedTuple

import numpy as np

from snippets import (
    activations,
    autodiff,
    challenges,
    core_idea,
    cost,
    efficiency,
    frameworks,
    gradient_checking,
    initialisation,
    losses,
    matrix_form,
    network,
    process,
    transpose,
    worked_example,
)

STEP = 2.0**-10  # of central differences; a power of two, so that x + STEP is exact more often
# where batch normalisation meets a column of variance 0: it bends within the root of EPSILON
NARROW = 2.0**-13
EPSILON = 1e-5  # of batch normalisation


class Case(NamedTuple):
    inputs: list  # arrays of float64, to differentiate by
    constants: tuple = ()
    step: float = STEP


class Check(NamedTuple):
    name: str
    formula: Callable  # (xp, inputs, constants) -> one number
    # (inputs, constants) -> the snippet's gradients, one for each of the inputs
    gradients: Callable
    cases: list


CHECKS = {}


def check(name, formula, cases):
    """Register the decorated function as the way to call the snippet's function `name`."""

    def register(gradients):
        CHECKS[name] = Check(name, formula, gradients, list(cases))
        return gradients

    return register


def digest(check):
    """A hash of the inputs and the constants of the cases: a record names those it is of."""
    content = hashlib.sha256()
    for case in check.cases:
        for value in [*case.inputs, *case.constants]:
            array = np.asarray(value)
            content.update(f"{array.shape} {array.tolist()}\n".encode())
    return content.hexdigest()[:16]


# The one function with a kink goes through here: PyTorch puts in its own, and `Watch` looks how
# near the kink is.


def rectify(xp, z, slope=0.0):
    own = getattr(xp, "rectify", None)
    return own(z, slope) if own else xp.where(xp.real(z) > 0, z, slope * z)


class Watch:
    """NumPy, and `gap`: how near to 0 the input of any ReLU came."""

    gap = float("inf")

    def __getattr__(self, name):
        return getattr(np, name)

    def rectify(self, z, slope):
        self.gap = min(self.gap, float(np.abs(z).min()))
        return np.where(z > 0, z, slope * z)


def gap(formula, case):
    watch = Watch()
    formula(watch, case.inputs, case.constants)
    return watch.gap


def drawn(formula, draw, shapes):
    """A case for each of the shapes, drawn again where a step of differences could reach a kink."""
    rng = np.random.default_rng(0)
    for shape in shapes:
        case = draw(rng, *shape)
        while gap(formula, case) < 0.02:
            case = draw(rng, *shape)
        yield case


def normal(rng, *shape):
    return rng.normal(size=shape).round(3)  # rounded: the same on every machine


def uniform(rng, *shape):
    return rng.uniform(0.1, 0.9, size=shape).round(3)


def two_of_a_shape(rng, *shape):
    return Case([normal(rng, *shape)], (normal(rng, *shape),))


def one_hot(rng, N, K):
    return np.eye(K)[rng.integers(K, size=N)]


def array(*values):
    return np.array(values, dtype=float)


# Activations


def sigmoid(xp, z):
    positive = xp.real(z) > 0
    e = xp.exp(xp.where(positive, -z, z))  # at most 1
    return xp.where(positive, 1 / (1 + e), e / (1 + e))


def tanh(xp, z):
    return 2 * sigmoid(xp, 2 * z) - 1  # autograd's own tanh overflows at 1e4


def elu(xp, z):
    above = rectify(xp, z)
    return above + xp.exp(z - above) - 1


ACTIVATIONS = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": rectify,
    "leaky_relu": lambda xp, z: rectify(xp, z, 0.01),
    "elu": elu,
    "linear": lambda xp, z: z,
}


def activation_cases(formula):
    yield from drawn(formula, two_of_a_shape, [(), (1,), (5,), (2, 3)])
    yield Case([array(0.0)], (array(1.5),))
    yield Case([array(-1e4, 1e4)], (array(0.5, 2.0),), 1.0)
    yield Case([array(-1e4, -700.0, 700.0, 1e4, 1.0)], (array(1.0, 2.0, 3.0, 4.0, 5.0),))


def register_activations():
    def add(name, activation, slope):
        def formula(xp, inputs, constants):
            return xp.sum(constants[0] * activation(xp, inputs[0]))

        check(name, formula, activation_cases(formula))(
            lambda inputs, constants: [constants[0] * slope(inputs[0])]
        )

    def add_pair(module, name, activation):
        """A function `..._and_slope` of this module."""
        name = f"{name}_and_slope"
        place = f"{module.__name__.rpartition('.')[2]}.{name}"
        add(place, activation, lambda z: getattr(module, name)(z)[1])

    add("activations.relu_derivative", rectify, lambda z: activations.relu_derivative(z))
    add(
        "activations.sigmoid_derivative",
        sigmoid,
        lambda z: activations.sigmoid_derivative(activations.sigmoid(z)),
    )
    add(
        "activations.tanh_derivative",
        tanh,
        lambda z: activations.tanh_derivative(activations.tanh(z)),
    )
    for name, activation in ACTIVATIONS.items():
        add_pair(challenges, name, activation)
    for name in ("relu", "tanh", "linear"):
        add_pair(initialisation, name, ACTIVATIONS[name])


register_activations()


def softmax_diagonal(xp, inputs, constants):
    """The sum of the outputs `a_i` of row `i`; all rows are alike: its gradient is the Jacobian."""
    (Z,), (largest, identity) = inputs, constants
    exp_Z = xp.exp(Z - largest)
    return xp.sum(identity * exp_Z / xp.sum(exp_Z, 1)[:, None])


def softmax_cases():
    rng = np.random.default_rng(0)
    edges = [array(0.0, 0.0), array(0.0, 0.0, 1e4), array(1e4, -1e4, 1e4)]
    for z in [normal(rng, 1), normal(rng, 3), normal(rng, 4), *edges]:
        yield Case([np.tile(z, (len(z), 1))], (float(z.max()), np.eye(len(z))))


@check("activations.softmax_jacobian", softmax_diagonal, softmax_cases())
def _(inputs, constants):
    return [activations.softmax_jacobian(activations.softmax(inputs[0][0]))]


# Losses


def mse(xp, inputs, constants):
    error = inputs[0] - constants[0]
    return xp.mean(error * error)


def mse_cases(shapes=((), (3,), (1, 1), (3, 2), (2, 1, 2))):
    yield from drawn(mse, two_of_a_shape, shapes)
    yield Case([array([0.5, -2.0])], (array([0.5, -2.0]),))  # no error, no gradient
    yield Case([array([1e4, -1e4, 0.5])], (array([-1e4, 1.0, 1e4]),), 1.0)


@check("losses.mse_gradient", mse, mse_cases())
def _(inputs, constants):
    return [losses.mse_gradient(*inputs, *constants)]


def binary_cross_entropy(xp, inputs, constants):
    (y_hat,), (y,) = inputs, constants
    return -xp.mean(y * xp.log(y_hat) + (1 - y) * xp.log(1 - y_hat))


def binary_cases():
    def draw(rng, *shape):
        return Case(
            [uniform(rng, *shape)], (rng.integers(0, 2, size=shape).astype(float),), 2.0**-13
        )

    yield from drawn(binary_cross_entropy, draw, [(1,), (4,), (1, 1), (3, 2)])
    yield Case([array(0.25, 0.75)], (array(0.5, 0.125),), 2.0**-13)  # targets between 0 and 1
    yield Case([array(2.0**-10, 1 - 2.0**-10)], (array(1.0, 0.0),), 2.0**-20)  # confident and wrong


@check("losses.binary_cross_entropy_gradient", binary_cross_entropy, binary_cases())
def _(inputs, constants):
    return [losses.binary_cross_entropy_gradient(*inputs, *constants)]


def categorical_cross_entropy(xp, inputs, constants):
    (y_hat,), (y,) = inputs, constants
    # what has target 0 does not count
    return -xp.sum(y * xp.log(xp.where(y > 0, y_hat, 1.0))) / len(y)


def categorical_cases():
    def draw(rng, N, K):
        return Case([uniform(rng, N, K)], (one_hot(rng, N, K),), 2.0**-12)

    yield from drawn(categorical_cross_entropy, draw, [(1, 1), (1, 3), (4, 2), (3, 4)])
    yield Case([array([0.25, 0.75])], (array([0.5, 0.5]),), 2.0**-12)
    yield Case([array([0.0, 1.0], [2.0**-10, 0.0])], (array([0.0, 1.0], [1.0, 0.0]),), 2.0**-20)


@check("losses.categorical_cross_entropy_gradient", categorical_cross_entropy, categorical_cases())
def _(inputs, constants):
    return [losses.categorical_cross_entropy_gradient(*inputs, *constants)]


def sigmoid_cross_entropy(xp, inputs, constants):
    (z,), (y,) = inputs, constants
    positive = xp.real(z) > 0
    # log(1 + exp(z))
    softplus = xp.where(positive, z, 0.0 * z) + xp.log(1 + xp.exp(xp.where(positive, -z, z)))
    return xp.mean(softplus - y * z)


def sigmoid_cross_entropy_cases():
    def draw(rng, *shape):
        return Case([normal(rng, *shape)], (rng.integers(0, 2, size=shape).astype(float),))

    yield from drawn(sigmoid_cross_entropy, draw, [(1,), (4,), (1, 1), (3, 2)])
    yield Case([array(0.0, 0.0, 0.0)], (array(0.0, 1.0, 0.25),))
    yield Case([array(-1e4, 1e4, -1e4, 1e4)], (array(1.0, 0.0, 0.0, 1.0),))


@check(
    "losses.sigmoid_cross_entropy_gradient", sigmoid_cross_entropy, sigmoid_cross_entropy_cases()
)
def _(inputs, constants):
    return [losses.sigmoid_cross_entropy_gradient(*inputs, *constants)]


def softmax_cross_entropy(xp, inputs, constants):
    (z,), (y, largest) = inputs, constants
    return xp.mean(xp.log(xp.sum(xp.exp(z - largest), 1)) + largest[:, 0] - xp.sum(y * z, 1))


def softmax_cross_entropy_cases():
    def case(z, y):
        return Case([z], (y, z.max(axis=1, keepdims=True)))

    shapes = [(1, 2), (4, 2), (3, 4)]
    yield from drawn(
        softmax_cross_entropy,
        lambda rng, *shape: case(normal(rng, *shape), one_hot(rng, *shape)),
        shapes,
    )
    yield case(np.zeros((2, 2)), array([1.0, 0.0], [0.25, 0.75]))
    yield case(array([1e4, 1e4]), array([1.0, 0.0]))
    yield case(
        array([0.0, 1e4], [0.0, 1e4], [-1e4, 0.0]), array([1.0, 0.0], [0.0, 1.0], [1.0, 0.0])
    )


@check(
    "losses.softmax_cross_entropy_gradient", softmax_cross_entropy, softmax_cross_entropy_cases()
)
def _(inputs, constants):
    return [losses.softmax_cross_entropy_gradient(inputs[0], constants[0])]


# One number through a chain of functions


def line_squared(xp, inputs, constants):
    u = 3 * inputs[0] + 1
    return u * u


def chain_cases():
    rng = np.random.default_rng(0)
    yield from (Case([x]) for x in normal(rng, 4))
    yield Case([np.array(0.0)])
    yield from (Case([np.array(x)], (), 1.0) for x in (-1e4, 1e4))


@check(
    "core_idea.chain_rule",
    line_squared,
    [Case([np.array(case.inputs[0])], *case[1:]) for case in chain_cases()],
)
def _(inputs, constants):
    return [core_idea.chain_rule(inputs[0])]


def along_two_paths(xp, inputs, constants):
    w_in, w_out = constants
    return w_out[0] * (w_in[0] * inputs[0]) + w_out[1] * (w_in[1] * inputs[0])


def two_paths_cases():
    rng = np.random.default_rng(0)
    for x in normal(rng, 4):
        w_in, w_out = normal(rng, 2, 2).tolist()
        yield Case([x], (w_in, w_out))


@check("core_idea.two_paths", along_two_paths, two_paths_cases())
def _(inputs, constants):
    return [core_idea.two_paths(float(inputs[0]), *constants)[1]]


def chain_of_sigmoids(xp, inputs, constants):
    x, w, y = constants
    a = sigmoid(xp, inputs[0] * x)
    for w_k in w:
        a = sigmoid(xp, w_k * a)
    return (a - y) * (a - y)


def chain_of_sigmoids_cases():
    def draw(rng, n):
        x, w_1, *w, y = normal(rng, n + 2).tolist()
        # a wider step, because the gradient is small
        return Case([np.array(w_1)], (x, w, y), 2.0**-8)

    yield from drawn(chain_of_sigmoids, draw, [(1,), (2,), (3,)])
    yield Case([np.array(0.0)], (1.0, [0.5], 1.0))
    yield from (Case([np.array(w_1)], (1.0, [0.5, -2.0], 1.0)) for w_1 in (-700.0, 700.0))


@check("core_idea.first_weight_gradient", chain_of_sigmoids, chain_of_sigmoids_cases())
def _(inputs, constants):
    x, w, y = constants
    return [core_idea.first_weight_gradient(x, [float(inputs[0]), *w], y)[1]]


def worked(xp, inputs, constants):
    """The worked example. The values on the way get a nudge of 0 each, to have the gradient by them
    too.
    """
    (W1, b1, W2, b2, d_z1, d_a1, d_z2, d_a2), (x, y) = inputs, constants
    a1 = rectify(xp, W1 * x + b1 + d_z1) + d_a1
    a2 = sigmoid(xp, W2 * a1 + b2 + d_z2) + d_a2
    return (a2 - y) * (a2 - y)


@check(
    "worked_example",
    worked,
    [Case([np.array(v) for v in (0.5, 0.1, 0.8, 0.2, 0.0, 0.0, 0.0, 0.0)], (2.0, 1.0))],
)
def _(inputs, constants):
    e = worked_example
    return [e.dL_dW1, e.dL_db1, e.dL_dW2, e.dL_db2, e.dL_dz1, e.dL_da1, e.dL_dz2, e.dL_da2]


# Graphs: every operation of the engine, and each input on several ways to the output


def expression(xp, inputs, constants):
    x, y, w = inputs
    z = rectify(xp, w * x + y - 1) / (2 + x * x)
    p = tanh(xp, z - x) * sigmoid(xp, y) - (3 - w) / (1 + xp.exp(w))
    return xp.log(1 + p * p) + 2**z + (1 + x * x) ** y - (-p) ** 3 + 2 / (2 + z)


def expression_cases():
    yield from drawn(
        expression, lambda rng: Case([normal(rng) for _ in range(3)], (), STEP / 8), [()] * 5
    )
    yield Case([np.array(v) for v in (0.5, 0.0, 2.0)])  # w x + y - 1 = 0


@check("autodiff.gradients_of", expression, expression_cases())
def _(inputs, constants):
    x, y, w = nodes = [autodiff.Node(value.item()) for value in inputs]
    z = (w * x + y - 1).relu() / (2 + x * x)
    p = (z - x).tanh() * y.sigmoid() - (3 - w) / (1 + w.exp())
    loss = (1 + p * p).log() + 2**z + (1 + x * x) ** y - (-p) ** 3 + 2 / (2 + z)
    dL_d = autodiff.gradients_of(loss)
    return [dL_d[node] for node in nodes]


# Two layers: ReLU, then sigmoid


def two_layers(xp, inputs, constants):
    (W1, b1, W2, b2), (X, Y) = inputs, constants
    error = sigmoid(xp, rectify(xp, X @ W1.T + b1) @ W2.T + b2) - Y
    return xp.mean(error * error)


def two_layer_case(rng, N, D, H, K, first=0.0, second=0.0):
    inputs = [normal(rng, H, D), normal(rng, H) + first, normal(rng, K, H), normal(rng, K) + second]
    return Case(inputs, (normal(rng, N, D), uniform(rng, N, K)))


def two_layer_kink(D, H, K):
    case = two_layer_case(np.random.default_rng(1), 2, D, H, K)
    case.inputs[0][:1], case.inputs[1][:1] = 0.0, 0.0  # the first hidden unit has z1 = 0
    return case


def two_layer_edges(D, H, K):
    for first, second in [(-1e4, 0.0), (0.0, 1e4), (0.0, -1e4), (1e4, -1e4)]:  # dead, or saturated
        yield from drawn(two_layers, two_layer_case, [(2, D, H, K, first, second)])
    far = next(drawn(two_layers, two_layer_case, [(2, D, H, K)]))
    yield far._replace(constants=(1e4 * far.constants[0], far.constants[1]), step=2.0**-12)


@check(
    "matrix_form.backward_batch",
    two_layers,
    [
        *drawn(
            two_layers, two_layer_case, [(1, 1, 1, 1), (1, 2, 3, 2), (4, 2, 2, 1), (5, 3, 2, 2)]
        ),
        two_layer_kink(2, 2, 2),
        *two_layer_edges(2, 2, 2),
    ],
)
def _(inputs, constants):
    (W1, b1, W2, b2), (X, Y) = inputs, constants
    Z1, A1, Z2, A2 = matrix_form.forward_batch(X, W1, b1, W2, b2)
    return matrix_form.backward_batch(X, Y, Z1, A1, A2, W2)


@check(
    "cost.directional_derivative",
    two_layers,
    [
        *drawn(two_layers, two_layer_case, [(1, 1, 1, 1), (3, 2, 2, 1)]),
        two_layer_kink(2, 2, 1),
        *two_layer_edges(1, 2, 1),
    ],
)
def _(inputs, constants):
    directions = np.split(
        np.eye(sum(W.size for W in inputs)), np.cumsum([W.size for W in inputs])[:-1], axis=1
    )
    along = [
        [part[i].reshape(W.shape) for part, W in zip(directions, inputs)]
        for i in range(len(directions[0]))
    ]
    numbers = iter(
        [cost.directional_derivative(*constants, inputs, direction) for direction in along]
    )
    return [np.array([next(numbers) for _ in range(W.size)]).reshape(W.shape) for W in inputs]


@check(
    "frameworks.framework_gradients",
    two_layers,
    [
        *drawn(two_layers, two_layer_case, [(N, 2, 3, 1) for N in (1, 3, 6)]),
        two_layer_kink(2, 3, 1),
        *two_layer_edges(2, 3, 1),
    ],
)
def _(inputs, constants):
    names = ["0.weight", "0.bias", "2.weight", "2.bias"]
    gradients = frameworks.framework_gradients(dict(zip(names, inputs)), *constants)[2]
    return [gradients[name] for name in names]


def squashed(xp, inputs, constants):
    error = tanh(xp, inputs[0]) - constants[0]
    return xp.mean(error * error)


def squashed_cases():
    yield from drawn(squashed, two_of_a_shape, [(), (4,), (2, 3), (2, 1, 2)])
    yield Case([array(0.0)], (array(0.5),))
    yield Case([array(-1e4, 1e4)], (array(0.5, 0.25),))


@check("gradient_checking.numerical_gradient", squashed, squashed_cases())
def _(inputs, constants):
    nudged = [np.array(inputs[0])]
    return gradient_checking.numerical_gradient(lambda: squashed(np, nudged, constants), nudged)


def squashed_number_cases():
    yield from drawn(squashed, two_of_a_shape, [(), (), ()])
    yield from (Case([np.array(x)], (np.array(0.5),)) for x in (0.0, -1e4, 1e4))


@check("gradient_checking.central_difference", squashed, squashed_number_cases())
def _(inputs, constants):
    return [
        gradient_checking.central_difference(
            lambda x: squashed(np, [x], constants), inputs[0], 1e-5
        )
    ]


@check("gradient_checking.complex_step", squashed, squashed_number_cases())
def _(inputs, constants):
    return [
        gradient_checking.complex_step(lambda x: squashed(np, [x], constants), inputs[0], 1e-20)
    ]


def output_layer(xp, inputs, constants):
    error = sigmoid(xp, inputs[0]) - constants[0]
    return xp.sum(error * error)


def output_cases():
    yield from drawn(
        output_layer,
        lambda rng, K: Case([normal(rng, K, 1)], (uniform(rng, K, 1),)),
        [(1,), (2,), (5,)],
    )
    yield Case([array([0.0])], (array([1.0]),))
    yield Case([array([-1e4], [1e4])], (array([1.0], [0.0]),))


@check("process.output_gradient", output_layer, output_cases())
def _(inputs, constants):
    return [process.output_gradient(process.sigmoid(inputs[0]), constants[0])]


def hidden_layer(xp, inputs, constants):
    (W1, b1, W2, b2), (X, V) = inputs, constants
    return xp.sum(V * (W2 @ rectify(xp, W1 @ X + b1) + b2))


def columns(rng, D, H, K, first=0.0):
    inputs = [normal(rng, H, D), normal(rng, H, 1) + first, normal(rng, K, H), normal(rng, K, 1)]
    return Case(inputs, (normal(rng, D, 1), normal(rng, K, 1)), 1.0 if first else STEP)


def column_cases():
    sizes = [(1, 1, 1), (1, 3, 1), (3, 1, 2), (2, 4, 2), (2, 3, 1, -1e4), (2, 3, 1, 1e4)]
    yield from drawn(hidden_layer, columns, sizes)
    at_kink = columns(np.random.default_rng(1), 2, 3, 2)
    at_kink.inputs[0][:2], at_kink.inputs[1][:2] = 0.0, 0.0
    yield at_kink


@check("process.propagate_backward", hidden_layer, column_cases())
def _(inputs, constants):
    (W1, b1, W2, b2), (X, V) = inputs, constants
    z1, a1, z2, a2 = process.forward_pass(X, W1, b1, W2, b2)
    return process.propagate_backward(X, z1, a1, W2, V)


# One linear layer, in five notations


def linear_layer(xp, inputs, constants):
    (W2, A1), (Y,) = inputs, constants  # an example in each row
    error = A1 @ W2.T - Y
    return xp.sum(error * error) / 2


def linear_case(rng, N, H, K):
    return Case([normal(rng, K, H), normal(rng, N, H)], (normal(rng, N, K),))


def one_example(notation, shape, sizes):
    """Check a notation that wants the one example in this shape."""

    @check(f"transpose.{notation}", linear_layer, drawn(linear_layer, linear_case, sizes))
    def _(inputs, constants):
        (W2, A1), (Y,) = inputs, constants
        dL_dW2, dL_da1 = getattr(transpose, notation)(W2, A1.reshape(shape), Y.reshape(shape))
        return [dL_dW2, np.reshape(dL_da1, A1.shape)]


one_example("in_scalars", -1, [(1, 3, 2)] * 3)
one_example("in_indices", -1, [(1, 1, 1), (1, 3, 2), (1, 2, 2)])
one_example("in_columns", (-1, 1), [(1, 1, 1), (1, 3, 2), (1, 2, 2)])
one_example("in_jacobians", -1, [(1, 1, 1), (1, 3, 2), (1, 2, 2)])


@check(
    "transpose.in_rows",
    linear_layer,
    drawn(linear_layer, linear_case, [(1, 1, 1), (5, 3, 2), (2, 2, 2)]),
)
def _(inputs, constants):
    return transpose.in_rows(*inputs, *constants)


# Any number of layers, ReLU after each


def relu_layers(xp, inputs, constants):
    A, *weights = inputs
    for W in weights:
        A = rectify(xp, A @ W.T)
    return xp.sum(constants[0] * A)


def relu_case(rng, N, *sizes):
    weights = [normal(rng, n_out, n_in) for n_in, n_out in zip(sizes, sizes[1:])]
    return Case([normal(rng, N, sizes[0]), *weights], (normal(rng, N, sizes[-1]),))


def relu_layers_cases():
    yield from drawn(relu_layers, relu_case, [(1, 1, 1), (1, 2, 3, 1), (3, 2, 2), (2, 2, 3, 2, 2)])
    # z1 = 0
    yield Case(
        [array([1.0, -1.0]), array([1.0, 1.0], [2.0, 1.0]), array([1.0, 3.0])], (array([2.0]),)
    )
    yield Case(
        [array([1e4, -1e4]), array([1.0, -1.0], [-2.0, 1.0]), array([1.0, 3.0])],
        (array([1e4]),),
        2.0**-4,
    )


def relu_weights(xp, inputs, constants):
    return relu_layers(xp, [constants[1], *inputs], constants)


def relu_weights_cases():
    for inputs, constants, step in relu_layers_cases():
        yield Case(inputs[1:], (*constants, inputs[0]), step)


@check("efficiency.relu_gradients", relu_weights, relu_weights_cases())
def _(inputs, constants):
    found = efficiency.relu_activations(constants[1], inputs)
    return efficiency.relu_gradients(found, inputs, constants[0])


@check("efficiency.gradients_without_reuse", relu_weights, relu_weights_cases())
def _(inputs, constants):
    found = efficiency.relu_activations(constants[1], inputs)
    return efficiency.gradients_without_reuse(found, inputs, constants[0])


# The deep network of the challenges


def normalised(xp, U):
    centred = U - xp.mean(U, 0)
    return centred / (xp.mean(centred * centred, 0) + EPSILON) ** 0.5


def batch_norm(xp, inputs, constants):
    (U, gamma), (beta, V) = inputs, constants
    return xp.sum(V * (gamma * normalised(xp, U) + beta))


def batch_norm_cases():
    def draw(rng, N, H, scale=1.0):
        inputs = [scale * normal(rng, N, H), normal(rng, H)]
        return Case(inputs, (normal(rng, H), normal(rng, N, H)), scale * STEP)

    yield from drawn(batch_norm, draw, [(1, 1), (1, 3), (4, 1), (5, 3), (4, 2, 2.0**13)])
    alike = Case(
        [np.full((4, 1), 0.5), array(2.0)],
        (array(0.0), array([1.0], [0.0], [-2.0], [4.0])),
        2.0**-22,
    )
    yield alike  # a column without any variance


@check("challenges.batch_norm_backward", batch_norm, batch_norm_cases())
def _(inputs, constants):
    (U, gamma), (beta, V) = inputs, constants
    return challenges.batch_norm_backward(V, challenges.batch_norm(U, gamma, beta)[1])


def layer(xp, A_in, parameters, activation, residual):
    W, b, *gamma = parameters
    U = A_in @ W.T
    A = ACTIVATIONS[activation](xp, gamma[0] * normalised(xp, U) + b if gamma else U + b)
    return A + A_in if residual and A.shape == A_in.shape else A


def parameters_of(rng, n_in, n_out, norm, shift=0.0):
    return [normal(rng, n_out, n_in), normal(rng, n_out) + shift, *[uniform(rng, n_out)] * norm]


# activation, norm, residual
VARIANTS = list(itertools.product(ACTIVATIONS, (False, True), (False, True)))


def split(inputs, depth, norm):
    """`X`, a nudge of 0 for the output of each layer, and the parameters of each layer."""
    X, nudges, flat = inputs[0], inputs[1 : depth + 1], iter(inputs[depth + 1 :])
    return (
        X,
        nudges,
        [[next(flat) for _ in range(2 + (norm and k < depth - 1))] for k in range(depth)],
    )


def deep(xp, inputs, constants):
    V, depth, activation, norm, residual = constants
    A, nudges, layers = split(inputs, depth, norm)
    for parameters, nudge in zip(layers[:-1], nudges):
        A = layer(xp, A, parameters, activation, residual) + nudge
    return xp.sum(V * (layer(xp, A, layers[-1], "linear", False) + nudges[-1]))


def deep_case(rng, N, widths, activation, norm, residual, shift=0.0):
    depth, parameters = len(widths) - 1, []
    for k, (n_in, n_out) in enumerate(zip(widths, widths[1:])):
        last = k == depth - 1
        parameters += parameters_of(rng, n_in, n_out, norm and not last, 0.0 if last else shift)
    inputs = [
        normal(rng, N, widths[0]),
        *(np.zeros((N, width)) for width in widths[1:]),
        *parameters,
    ]
    step = 1.0 if shift else NARROW if norm else STEP
    return Case(inputs, (normal(rng, N, widths[-1]), depth, activation, norm, residual), step)


def deep_cases():
    sizes = itertools.cycle(
        [(3, (2, 2, 1)), (1, (1, 2, 2, 1)), (4, (1, 1, 1)), (3, (2, 2, 2, 1)), (1, (1, 1))]
    )
    yield from drawn(deep, deep_case, [(*size, *variant) for size, variant in zip(sizes, VARIANTS)])
    for activation in ("relu", "leaky_relu", "elu"):  # z = 0, with b = 0 and X = 0
        W1, W2 = array([1.0, 2.0], [3.0, 4.0]), array([1.0, -2.0])
        inputs = [np.zeros((1, 2)), np.zeros((1, 2)), np.zeros((1, 1)), W1, np.zeros(2), W2]
        yield Case([*inputs, np.zeros(1)], (array([1.0]), 2, activation, False, True))
    far = [
        (2, (2, 2, 1), activation, False, True, shift)
        for activation in ACTIVATIONS
        for shift in (-1e4, 1e4)
    ]
    yield from drawn(deep, deep_case, far)


@check("challenges.deep_backward", deep, deep_cases())
def _(inputs, constants):
    V, depth, activation, norm, residual = constants
    X, _, layers = split(inputs, depth, norm)
    parameters = [array for layer in layers for array in layer]
    bend = getattr(challenges, f"{activation}_and_slope")
    _, caches = challenges.deep_forward(X, parameters, bend, residual)
    gradients, dL_dA = challenges.deep_backward(V, parameters, caches)
    return [*dL_dA, *gradients]


# The network of the chapter on initialisation: no biases, the same activation after every layer


def unbiased(xp, inputs, constants):
    (A, *nudges), (V, activation, *weights) = inputs, constants
    for W, nudge in zip(weights, nudges):
        A = ACTIVATIONS[activation](xp, A @ W.T) + nudge
    return xp.sum(V * A)


def unbiased_case(rng, N, widths, activation):
    weights = [normal(rng, n_out, n_in) for n_in, n_out in zip(widths, widths[1:])]
    inputs = [normal(rng, N, widths[0]), *(np.zeros((N, width)) for width in widths[1:])]
    return Case(inputs, (normal(rng, N, widths[-1]), activation, *weights))


def unbiased_cases():
    sizes = [(1, (1, 1)), (3, (2, 3, 1)), (2, (3, 2, 2, 3))]
    yield from drawn(
        unbiased,
        unbiased_case,
        [(*size, name) for size in sizes for name in ("relu", "tanh", "linear")],
    )
    # z = 0
    yield Case(
        [array([0.0, 0.0]), np.zeros((1, 2))],
        (array([1.0, -2.0]), "relu", array([1.0, 2.0], [3.0, 4.0])),
    )


@check("initialisation.gradients_by_layer", unbiased, unbiased_cases())
def _(inputs, constants):
    V, activation, *weights = constants
    bend = getattr(initialisation, f"{activation}_and_slope")
    _, slopes = initialisation.values_by_layer(inputs[0], weights, bend)
    return initialisation.gradients_by_layer(V, weights, slopes)


# The network of any depth: ReLU, then softmax or sigmoid with its cross-entropy


def relu_network(xp, inputs, constants):
    A, *nudges_and_parameters = inputs
    *hidden, last = zip(nudges_and_parameters[::2], nudges_and_parameters[1::2])
    for W, b in hidden:
        A = rectify(xp, A @ W.T + b)
    return A @ last[0].T + last[1]


def softmax_network(xp, inputs, constants):
    X, Y, largest = constants
    Z = relu_network(xp, [X, *inputs], ())
    return softmax_cross_entropy(xp, [Z], (Y, largest))


def sigmoid_network(xp, inputs, constants):
    X, Y = constants
    return sigmoid_cross_entropy(xp, [relu_network(xp, [X, *inputs], ())], (Y,))


def network_cases(formula):
    softmax = formula is softmax_network

    def draw(rng, N, *sizes, shift=0.0):
        pairs = list(zip(sizes, sizes[1:]))
        parameters = [array for pair in pairs for array in parameters_of(rng, *pair, False)]
        X = normal(rng, N, sizes[0])
        if not softmax:
            return Case(parameters, (X, rng.integers(0, 2, size=(N, sizes[-1])).astype(float)))
        largest = relu_network(np, [X, *parameters], ()).max(axis=1, keepdims=True)
        return Case(parameters, (X, one_hot(rng, N, sizes[-1]), largest))

    yield from drawn(formula, draw, [(1, 1, 2), (1, 2, 3), (5, 3, 4, 2), (3, 2, 2, 3, 2)])
    W1, W2 = array([1.0, 2.0], [3.0, 4.0]), array([1.0, -2.0], [0.5, 1.0])  # z1 = 0 for X = 0
    at_kink = [W1, np.zeros(2), W2, array(0.5, -0.5)]
    constants = (np.zeros((1, 2)), array([1.0, 0.0]))
    yield Case(at_kink, (*constants, array([0.5])) if softmax else constants)


def register_network(name, formula):
    @check(f"network.{name}", formula, network_cases(formula))
    def _(inputs, constants):
        X, Y, *_ = constants
        activations = network.forward(X, inputs)
        _, dL_dZ = getattr(network, name)(activations[-1], Y)
        return network.backward(dL_dZ, activations, inputs)


register_network("softmax_loss", softmax_network)
register_network("sigmoid_loss", sigmoid_network)
CHECKS["network.backward"] = CHECKS["network.softmax_loss"]._replace(name="network.backward")
