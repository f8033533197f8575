"""Every package of a lock is pinned under its plain name too: Debian 12's pip, in its mode for hashes, wants both. And some are in no lock.

`python -m checks.locks` complains; with `--write` it adds what is missing.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from checks.said import end

BACKEND = Path(__file__).resolve().parent.parent
ENTRY = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)
WITH_EXTRAS = re.compile(r"([A-Za-z0-9._-]+)\[[^\]]*\](==.*)", re.DOTALL)
NEVER = {
    "google-cloud-aiplatform": "it holds google-genai back at a version that retires; google-genai does all we need"
}
PLAIN = re.compile(r"[A-Za-z0-9._-]+(?===)")


def complete(lock: str) -> str:
    """The lock with a plain entry, of the same version and hashes, before each that has only one with extras."""
    entries = ENTRY.split(lock)
    plain = {found[0] for entry in entries if (found := PLAIN.match(entry))}
    whole: list[str] = []
    for entry in entries:
        found = WITH_EXTRAS.match(entry)
        if found and found[1] not in plain:
            plain.add(found[1])
            whole.append(f"{found[1]}{found[2]}")
        whole.append(entry)
    return "".join(whole)


def lacking() -> Iterator[str]:
    """What is wrong with the locks, one line each."""
    for lock in sorted(BACKEND.glob("*.lock")):
        if complete(lock.read_text()) != lock.read_text():
            yield f"{lock.name}: packages are pinned with extras only; bin/lock adds them plainly"
        yield from (f"{lock.name}: {told}" for told in unwanted(lock.read_text()))


def unwanted(lock: str) -> Iterator[str]:
    """What must never be locked, and why."""
    found = {entry.partition("==")[0].partition("[")[0] for entry in ENTRY.split(lock)}
    yield from (f"{name} is in it: {why}" for name, why in NEVER.items() if name in found)


def main() -> None:
    """Complain, or with `--write` complete them."""
    if "--write" in sys.argv:
        for lock in BACKEND.glob("*.lock"):
            lock.write_text(complete(lock.read_text()))
    end(lacking())


if __name__ == "__main__":
    main()
