"""Nothing in the project says where packages come from on one machine, or where somebody's checkout lies."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from checks.said import CHECKOUT, end
from checks.tracked import tracked_files

LOCKS = re.compile(r"(^|/)(requirements[^/]*\.(lock|in|txt)|[^/]*\.lock|package-lock\.json)$")
ADDRESS = re.compile(r"https?://|file:/")
# In npm's lock only this names where a package is fetched from; other addresses in it are where to send thanks.
NPM_LOCK, FETCHED_FROM = "package-lock.json", '"resolved"'
SOURCES = ("/etc/apt/sources.list", "/etc/apt/sources.list.d")


def main() -> None:
    """Look through every tracked text file."""
    private = {str(CHECKOUT.parent) + "/"} - {"//", "/"} | _hosts_of_this_machine()
    end(line for path in tracked_files() for line in addresses(path, _text(CHECKOUT / path), private))


def addresses(path: Path, text: str, private: set[str]) -> Iterator[str]:
    """Lines that name a private place, or any download address in a lock."""
    is_lock = bool(LOCKS.search(str(path)))
    for number, line in enumerate(text.splitlines(), 1):
        if is_lock and ADDRESS.search(line) and (path.name != NPM_LOCK or FETCHED_FROM in line):
            yield f"{path}:{number}: a lock holds no addresses"
        if found := next((place for place in private if place in line), None):
            yield f"{path}:{number}: names a place of this machine ({found})"


def _hosts_of_this_machine() -> set[str]:
    """Hosts that npm, pip and apt of this machine fetch from."""
    said = _says("npm", "config", "get", "registry") + _says("pip", "config", "list")
    for place in map(Path, SOURCES):
        files = place.glob("*") if place.is_dir() else [place]
        said += "".join(_text(file) for file in files if file.is_file())
    return {re.sub(r".*@", "", host) for host in re.findall(r"https?://([^/\s\"']+)", said)}


def _says(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


if __name__ == "__main__":
    main()
