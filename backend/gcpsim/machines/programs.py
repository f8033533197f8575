"""Programs that live no longer than the simulator: ended with it, by the kernel if it is killed, by the next start at the latest."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where programs are, whatever the caller's PATH leaves out."""

PATIENCE = 20.0
"""Seconds a program gets to end by itself."""


class Program:
    """One that was started. Its number and its command line are noted in its folder, for whoever finds it left behind."""

    def __init__(self, process: subprocess.Popen[bytes], note: Path) -> None:
        self._process, self._note = process, note

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def stop(self, patience: float = PATIENCE) -> None:
        """End it, gently first; what has ended already is fine."""
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(PATIENCE)
        self._note.unlink(missing_ok=True)


class Programs:
    """Starts them. All are children of one thread that lives as long as the simulator: to the kernel the parent whose death

    ends a child (PR_SET_PDEATHSIG) is a thread, and those that answer requests come and go.
    """

    def __init__(self) -> None:
        self._starter = ThreadPoolExecutor(1, "programs")

    def start(self, command: Sequence[str], folder: Path, account: str = "") -> Program:
        """Run it in its folder, as `account` where the simulator is root; what it prints goes to `output.log` there."""
        return self._starter.submit(_started, tuple(command), folder, account).result()

    def close(self) -> None:
        """Let the thread go; programs that still run end with it."""
        self._starter.shutdown()


def why_not(programs: Sequence[str], account: str) -> str:
    """Why these can't run as this account on this machine, or ''."""
    for program in ("setpriv", *programs):
        if not shutil.which(program, path=SEARCHED):
            return f"There is no {program} on this machine."
    try:
        pwd.getpwnam(account)
    except KeyError:
        return f"There is no account {account} on this machine." if os.geteuid() == 0 else ""
    return ""


def end_leftover(folder: Path) -> bool:
    """End what an earlier simulator left running in this folder, if its command line is still the one noted; True if it ran."""
    note = _note(folder)
    try:
        told = json.loads(note.read_text())
        pid, command = int(told["pid"]), [str(word) for word in told["command"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    ran = _runs(pid, command)
    for sign, patience in ((signal.SIGTERM, PATIENCE), (signal.SIGKILL, PATIENCE)):
        if _runs(pid, command):
            os.kill(pid, sign)
            _wait_until_gone(pid, command, patience)
    note.unlink(missing_ok=True)
    return ran


def as_account(account: str) -> list[str]:
    """What stands before a command that runs as an account: nothing where the simulator isn't root."""
    if not account or os.geteuid() != 0:
        return []
    entry = pwd.getpwnam(account)
    return [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


def own_folder(folder: Path, account: str) -> None:
    """A folder only this account can enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account and os.geteuid() == 0:
        entry = pwd.getpwnam(account)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def _started(command: tuple[str, ...], folder: Path, account: str) -> Program:
    with (folder / "output.log").open("ab") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig=TERM", *as_account(account), "--", *command],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, env=os.environ | {"PATH": SEARCHED},
        )  # fmt: skip
    note = _note(folder)
    note.write_text(json.dumps({"pid": process.pid, "command": command}))
    _wait_until_bound(process)
    return Program(process, note)


def _wait_until_bound(process: subprocess.Popen[bytes]) -> None:
    """Until `setpriv` has become the program: before, it would outlive a simulator that is killed."""
    end = time.monotonic() + PATIENCE
    while (
        process.poll() is None and _command(process.pid)[:1] in ([], ["setpriv"]) and time.monotonic() < end
    ):
        time.sleep(0.001)


def _note(folder: Path) -> Path:
    return folder / "program.json"


def _runs(pid: int, command: list[str]) -> bool:
    return _command(pid) == command


def _command(pid: int) -> list[str]:
    """The command line of whoever has this number; empty where nobody has."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def _wait_until_gone(pid: int, command: list[str], seconds: float) -> None:
    end = time.monotonic() + seconds
    while _runs(pid, command) and time.monotonic() < end:
        time.sleep(0.02)
