"""`python -m snippets.recorded`: run the programs of this folder and record what they computed, as
JSON.

`python -m snippets.recorded jax` records what one framework does, `oracles` PyTorch's gradients for
`snippets/recorded/_gradient_cases.py`. tests/requirements.txt has the frameworks. `cost` measures
times, which are other ones each time: only when it is asked for.
"""

import contextlib
import io
import json
import os
import platform
import runpy
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGES = {  # what each program needs
    "pytorch": "torch",
    "pytorch_accumulates": "torch",
    "with_pytorch": "torch",
    "with_tensorflow": "tensorflow-cpu",
    "with_jax": "jax",
    "with_autograd": "autograd",
    "digits": "torch",
    "oracles": "torch",
}
MEASURED = {"cost": "torch"}
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


def run(name):
    """The record of one program: versions, what it printed, its parameters and gradients."""
    versions = {package: version(package).split("+")[0] for package in (PACKAGES[name], "numpy")}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        values = runpy.run_path(str(FOLDER / f"{name}.py"))
    return {
        "versions": versions | {"Python": platform.python_version()},
        "printed": printed.getvalue(),
        **(article_run(values) if name == "pytorch" else computed(values)),
    }


def computed(values):
    """What a program computed, beside what it printed."""
    if "weights" not in values:
        return values.get("record", {})
    gradients = {name: values["gradients"][name] for name in values["weights"]}
    return {"parameters": as_lists(values["weights"]), "gradients": as_lists(gradients)}


def article_run(values):
    """The article's program: also its prediction and loss, and how often all ReLUs start dead
    without its seed.
    """
    torch, nn, parameters = values["torch"], values["nn"], dict(values["model"].named_parameters())
    torch.manual_seed(0)
    draws = 10_000
    return {
        "parameters": as_lists(
            {name: parameter.detach() for name, parameter in parameters.items()}
        ),
        "y_pred": values["y_pred"].item(),
        "loss": values["loss"].item(),
        "gradients": as_lists({name: parameter.grad for name, parameter in parameters.items()}),
        "draws": draws,
        "dead": sum(bool((nn.Linear(2, 3)(values["x"]) <= 0).all()) for _ in range(draws)),
    }


def as_lists(tensors):
    return {
        name: (tensor.numpy() if hasattr(tensor, "numpy") else tensor).tolist()
        for name, tensor in tensors.items()
    }


def as_json(name):
    if name == "oracles":
        from .oracles import record_oracles

        return json.dumps(record_oracles()).replace('}, "', '},\n"')
    if name == "cost":
        from .cost import record_cost

        return json.dumps(record_cost()).replace('], "', '],\n"')
    return json.dumps(run(name), indent=1)


def record(name):
    """The record as JSON, made in a process of its own, because two frameworks in one may clash."""
    code = f"from snippets.recorded.__main__ import as_json; print(as_json({name!r}))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=FOLDER.parents[1],
        env=os.environ | ONE_THREAD,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def main(*wanted):
    """Record what is wanted, or all frameworks that are installed; a message, if something was not
    recorded.
    """
    frameworks = list(dict.fromkeys(name.removeprefix("with_") for name in PACKAGES | MEASURED))
    if unknown := [name for name in wanted if name not in frameworks]:
        return f"no program needs {', '.join(unknown)}: expected {', '.join(frameworks)}"
    missing = []
    for name, package in (PACKAGES | MEASURED).items():
        if name.removeprefix("with_") not in wanted if wanted else name in MEASURED:
            continue
        try:
            version(package)
        except PackageNotFoundError:
            missing.append(
                f"{name}.py was not run: {package} is not installed (tests/requirements.txt has it)"
            )
            continue
        (FOLDER / f"{name}.json").write_bytes(record(name))
        print(f"{name}.py: recorded with {package} {version(package)}")
    return "\n".join(missing) or None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
