"""`python -m snippets.recorded`: run the programs of this folder and record what they computed, as JSON."""

import contextlib
import io
import json
import platform
import runpy
from pathlib import Path

FOLDER = Path(__file__).parent


def record_pytorch():
    """What `pytorch.py` printed, its parameters, prediction, loss and gradients, and how often all ReLUs start dead."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        run = runpy.run_path(str(FOLDER / "pytorch.py"))
    torch, nn, model = run["torch"], run["nn"], run["model"]
    torch.manual_seed(0)
    draws = 10_000
    dead = sum(bool((nn.Linear(2, 3)(run["x"]) <= 0).all()) for _ in range(draws))
    return {
        "versions": {"torch": torch.__version__.split("+")[0], "Python": platform.python_version()},
        "printed": printed.getvalue(),
        "parameters": {name: parameter.tolist() for name, parameter in model.named_parameters()},
        "y_pred": run["y_pred"].item(),
        "loss": run["loss"].item(),
        "gradients": {name: parameter.grad.tolist() for name, parameter in model.named_parameters()},
        "draws": draws,
        "dead": dead,
    }


if __name__ == "__main__":
    (FOLDER / "pytorch.json").write_text(json.dumps(record_pytorch(), indent=1) + "\n", encoding="utf-8")
