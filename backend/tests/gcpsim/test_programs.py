"""Programs that end with the simulator: when it stops, when it is killed, and when the next one finds them."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gcpsim.machines.programs import Programs, end_leftover

KILLED = """
import sys, time
from pathlib import Path
from gcpsim.machines.programs import Programs
programs = Programs()
print(programs.start(["sleep", "300"], Path(sys.argv[1])).pid, flush=True)
time.sleep(300)
"""
SERVE = [sys.executable, "-m", "gcpsim", "serve", "--port", "0"]
BACKEND = Path(__file__).parents[2]


@contextlib.contextmanager
def started(command: Sequence[str | Path]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=BACKEND) as process:
        try:
            yield process
        finally:
            process.kill()


def eventually(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_there(pid: int) -> bool:
    """Whether it runs; one that ended and was not asked after is gone too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_runs_in_its_folder_until_it_is_stopped(tmp_path: Path) -> None:
    programs = Programs()
    program = programs.start(["sh", "-c", "pwd; exec sleep 300"], tmp_path)
    eventually(lambda: (tmp_path / "output.log").read_text() == f"{tmp_path}\n")
    assert program.is_alive
    program.stop()
    assert not program.is_alive
    assert not end_leftover(tmp_path)
    programs.close()


def test_a_program_that_will_not_end_is_killed(tmp_path: Path) -> None:
    programs = Programs()
    program = programs.start(["sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done"], tmp_path)
    eventually(lambda: "up" in (tmp_path / "output.log").read_text())
    program.stop(patience=0.05)
    assert not is_there(program.pid)
    programs.close()


def test_a_killed_simulator_takes_its_programs_along(tmp_path: Path) -> None:
    with started([sys.executable, "-c", KILLED, tmp_path]) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_there(pid)
        parent.kill()
    eventually(lambda: not is_there(pid))


def test_what_was_left_behind_is_ended_by_its_note(tmp_path: Path) -> None:
    with started(["sleep", "300"]) as left:
        (tmp_path / "program.json").write_text(json.dumps({"pid": left.pid, "command": ["sleep", "300"]}))
        eventually(lambda: Path(f"/proc/{left.pid}/cmdline").read_bytes() == b"sleep\x00300\x00")
        assert end_leftover(tmp_path)
        assert left.wait(20) == -15
    assert not (tmp_path / "program.json").exists()


def test_a_note_whose_number_is_somebody_elses_now_ends_nobody(tmp_path: Path) -> None:
    with started(["sleep", "300"]) as other:
        (tmp_path / "program.json").write_text(json.dumps({"pid": other.pid, "command": ["mariadbd"]}))
        assert not end_leftover(tmp_path)
        assert is_there(other.pid)


def test_the_server_ends_quietly_when_told_to(tmp_path: Path) -> None:
    with started([*SERVE, "--machines", tmp_path / "m"]) as serving:
        assert serving.stdout is not None
        assert "http://127.0.0.1:" in serving.stdout.readline()
        serving.terminate()
        assert serving.wait(20) == 0
    assert (tmp_path / "m").is_dir()
