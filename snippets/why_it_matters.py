"""How many parameters a network has, each of which nudging takes in turn."""


def count_parameters(sizes):
    """Number of weights and biases of a fully connected network.

    `sizes` are those of its layers.

    >>> count_parameters([2, 3, 1])
    13
    """
    pairs = zip(sizes, sizes[1:])
    return sum(n_out * n_in + n_out for n_in, n_out in pairs)
