"""`frontend/openapi.json`, from which the typed client is made, is what the app says of itself. `--write` makes it so."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aipress.api.app import create_app
from aipress.config import Settings
from checks.said import CHECKOUT, end

KEPT = CHECKOUT / "frontend/openapi.json"


def main() -> None:
    """Hold the file against the app, or write it anew."""
    described = description()
    if "--write" in sys.argv:
        KEPT.write_text(described)
    end(differences(KEPT.read_text(), described))


def description() -> str:
    """The app's OpenAPI document, as it is kept."""
    with tempfile.TemporaryDirectory() as corner:
        app = create_app(Settings(data_dir=Path(corner), log_level="error"))
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


def differences(kept: str, described: str) -> Iterator[str]:
    """One line when they differ."""
    if json.loads(kept) != json.loads(described):
        yield "frontend/openapi.json is not what the app says: run bin/api"


if __name__ == "__main__":
    main()
