"""PyTorch's recorded runs of the digits lab: by seed, how many test images were read correctly
after each epoch.
"""

import json
from pathlib import Path

_record = json.loads(
    Path(__file__).parents[1].joinpath("recorded", "digits.json").read_text(encoding="utf-8")
)
pytorch_version = _record["versions"]["torch"]
pytorch_same_run = _record["same_run"]
pytorch_usual_run = [epochs[-1] for epochs in _record["usual_run"]]  # at the end
