"""Places of one machine are found, and those of everybody are left alone; and how a check ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checks.addresses import addresses
from checks.said import end
from checks.tracked import tracked_files

PRIVATE = {"mirror.corp.example", "/srv/checkouts/"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.lock", "ruff==1.0 --hash=sha256:00\n"),
        ("README.md", "See https://docs.example/ruff and /usr/bin/python3.\n"),
        ("package-lock.json", '"funding": {"url": "https://opencollective.com/x"}\n'),
        ("backend/a.py", 'URL = "https://wordpress.org/x.zip"\n'),
    ],
)
def test_what_is_everybodys_is_accepted(path: str, text: str) -> None:
    assert list(addresses(Path(path), text, PRIVATE)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.lock", "--index-url https://packages.example/simple\n"),
        ("backend/requirements-dev.lock", "ruff @ https://example.org/ruff.whl\n"),
        ("requirements.in", "ruff @ file:///tmp/ruff.whl\n"),
        ("package-lock.json", '"resolved": "https://packages.example/x.tgz",\n'),
    ],
)
def test_an_address_in_a_lock_is_named(path: str, text: str) -> None:
    assert list(addresses(Path(path), f"\n{text}", PRIVATE)) == [f"{path}:2: a lock holds no addresses"]


def test_a_place_of_this_machine_is_named_wherever_it_stands() -> None:
    text = "fine\nindex = mirror.corp.example\nopen('/srv/checkouts/aipress')\n"
    assert list(addresses(Path("docs/a.md"), text, PRIVATE)) == [
        "docs/a.md:2: names a place of this machine (mirror.corp.example)",
        "docs/a.md:3: names a place of this machine (/srv/checkouts/)",
    ]


def test_a_check_ends_well_when_nothing_is_wrong_and_says_in_order_what_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as well:
        end([])
    assert (well.value.code, capsys.readouterr().out) == (0, "")
    with pytest.raises(SystemExit) as ill:
        end(iter(["b: wrong", "a: wrong"]))
    assert (ill.value.code, capsys.readouterr().out) == (1, "a: wrong\nb: wrong\n")


def test_files_that_are_new_count_and_ignored_or_deleted_ones_do_not(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)

    git("init", "-q")
    for name in ("old.py", "gone.py", "new.py", "ignored.log"):
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("*.log\n")
    git("add", "old.py", "gone.py")
    (tmp_path / "gone.py").unlink()
    assert tracked_files(tmp_path) == [Path(".gitignore"), Path("new.py"), Path("old.py")]


@pytest.mark.parametrize("name", ["sizes", "words", "settings"])
def test_each_check_is_a_program(name: str) -> None:
    """Whether the project passes them is what bin/check says; here they only have to run."""
    backend = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", f"checks.{name}"],
        cwd=backend,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode in (0, 1), done.stderr) == (True, "")
