"""PyTorch's gradients for the cases of `snippets/recorded/_gradient_cases.py`."""

import platform

import numpy as np
import torch

from snippets.recorded import _gradient_cases


class Torch:
    """PyTorch as a formula wants it, with its own ReLU: at the kink the choice of the slope is
    PyTorch's.
    """

    def __getattr__(self, name):
        return getattr(torch, name)

    def rectify(self, z, slope):
        return torch.nn.functional.leaky_relu(z, slope) if slope else torch.relu(z)


def tensor(value):
    return torch.tensor(value) if isinstance(value, (np.ndarray, np.generic)) else value


def gradients(formula, case):
    inputs = [torch.tensor(x, requires_grad=True) for x in case.inputs]
    formula(Torch(), inputs, [tensor(value) for value in case.constants]).backward()
    return [x.grad.tolist() for x in inputs]


def record_oracles():
    """Versions; and by function the digest of its cases, and for each case the gradient by each
    input.
    """
    return {
        "versions": {"torch": torch.__version__.split("+")[0], "Python": platform.python_version()},
        "functions": {
            check.name: {
                "digest": _gradient_cases.digest(check),
                "gradients": [gradients(check.formula, case) for case in check.cases],
            }
            for check in _gradient_cases.CHECKS.values()
        },
    }
