"""`.env.example` lists every setting, with its meaning and its default, and nothing else."""

import re
from collections.abc import Iterator

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from aipress.config import Settings
from checks.said import CHECKOUT, end

# One setting: a comment with its meaning, then the variable, commented out, with its default.
ENTRY = re.compile(r"^# (?P<meaning>.+)\n# ?AIPRESS_(?P<name>[A-Z_]+)=(?P<value>.*)$", re.MULTILINE)
ANY = re.compile(r"^#? ?(AIPRESS_[A-Z_]+)=", re.MULTILINE)


def main() -> None:
    """Hold .env.example against Settings."""
    end(differences((CHECKOUT / ".env.example").read_text()))


def differences(example: str) -> Iterator[str]:
    """Where the file and the settings disagree, one line each."""
    listed = {entry["name"].lower(): entry for entry in ENTRY.finditer(example)}
    fields = Settings.model_fields
    yield from (
        f"AIPRESS_{name.upper()} is missing, or has no line with its meaning"
        for name in fields
        if name not in listed
    )
    yield from (
        f"{name} is no setting"
        for name in ANY.findall(example)
        if name.removeprefix("AIPRESS_").lower() not in fields
    )
    for name, entry in listed.items():
        if name in fields:
            yield from _differs(name, entry, fields[name])


def _differs(name: str, entry: re.Match[str], field: FieldInfo) -> Iterator[str]:
    if entry["meaning"] != field.description:
        yield f"AIPRESS_{name.upper()} means “{field.description}”, not “{entry['meaning']}”"
    if field.default is not PydanticUndefined and entry["value"] != str(field.default):
        yield f"AIPRESS_{name.upper()} is {field.default!r} by default, not {entry['value']!r}"


if __name__ == "__main__":
    main()
