"""hostd's log: one JSON object a line on standard error, in the platform's schema, without a library's weight."""

import json
import sys
from datetime import UTC, datetime


def say(level: str, message: str, **facts: object) -> None:
    """Log one line. Facts are names and numbers, never values of secrets."""
    now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    line = {
        "time": now,
        "level": level,
        "message": message,
        "source": "platform",
        "service": "hostd",
        **facts,
    }
    sys.stderr.write(json.dumps(line) + "\n")
    sys.stderr.flush()
