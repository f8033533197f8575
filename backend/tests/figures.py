"""Figures that a proof measured: printed always, and kept for `./aipress prove`, which says where."""

import json
import os
from pathlib import Path


def keep(name: str, **figures: float | str) -> None:
    """Add these figures to the proof `name`."""
    if not (folder := os.environ.get("AIPRESS_FIGURES")):
        return
    file = Path(folder) / f"{name}.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(known | figures))
