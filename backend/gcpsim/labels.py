"""Google's rules for labels, the same for all resources that have them."""

import re

from gcpsim.errors import invalid
from gcpsim.world import Call

MOST = 64
KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}", re.UNICODE)
VALUE = re.compile(r"[a-z0-9_-]{0,63}", re.UNICODE)
HELD = {
    "run", "secretmanager", "storage", "certificatemanager", "dns", "bigquery", "compute", "redis", "memorystore", "artifactregistry", "sqladmin",
}  # fmt: skip
"""APIs whose labels follow these rules; elsewhere `labels` may mean something else."""


def check_labels(call: Call) -> None:
    """Refuse labels nobody could bill by: too many, or with letters Google does not take."""
    labels = (
        call.body.get("settings", {}).get("userLabels") if call.api == "sqladmin" else call.body.get("labels")
    )
    if call.api not in HELD or not isinstance(labels, dict):
        return
    if len(labels) > MOST:
        raise invalid("labels", f"At most {MOST} labels are allowed.")
    for key, value in labels.items():
        if not KEY.fullmatch(_lowered(key)):
            raise invalid(
                "labels",
                f"The label's key '{key}' may have lower-case letters, digits, _ and -, and begins with a letter.",
            )
        if not isinstance(value, str) or not VALUE.fullmatch(_lowered(value)):
            raise invalid(
                "labels",
                f"The label's value '{value}' may have lower-case letters, digits, _ and -, at most 63.",
            )


def _lowered(text: str) -> str:
    """Letters of other scripts, which are allowed, as a plain one; capitals stay what they are."""
    return "".join("a" if ord(one) > 127 and one.isalpha() and not one.isupper() else one for one in text)
