"""Options that mean the same with every command."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None, typer.Option("--data", help="The data directory; otherwise AIPRESS_DATA_DIR or the default.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
