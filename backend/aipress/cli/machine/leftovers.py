"""What goes on running after supervisord itself was killed: found by the launch records, and ended as gently as ever."""

import os
from pathlib import Path

from aipress.cli.installation import Installation
from aipress.cli.machine import launch

# In the order they should go. hostd and the simulator are ended alone: they take down themselves what they started.
PATIENCE = {
    "nginx": 5,
    "assistant": 5,
    "control": 10,
    "hostd": 30,
    "shipper": 10,
    "gcpsim": 60,
    "redis": 10,
    "mariadb": 60,
}
ALONE = ("hostd", "gcpsim")
NOTHING_THERE, ENDED = 0, 10
FOLDERS = ("nginx", "control", "shipper", "run", "gcpsim", "redis", "mariadb")


def end(place: Installation) -> list[str]:
    """Stop every service that is recorded and still there; the names of those that were."""
    return [name for name in PATIENCE if _end(place, name)]


def _end(place: Installation, name: str) -> bool:
    records = [place.data / folder / f"{name}.launch" for folder in FOLDERS]
    ended = [record for record in records if record.is_file() and _stop(record, name)]
    return bool(ended)


def _stop(record: Path, name: str) -> bool:
    """As the folder's owner: what an account with fewer rights wrote there must not direct root's hand."""
    owner, child = record.parent.stat(), os.fork()
    if child == 0:
        os._exit(_stop_as(owner, record, name))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == ENDED


def _stop_as(owner: os.stat_result, record: Path, name: str) -> int:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
    return (
        ENDED
        if launch.end_predecessor(record, PATIENCE[name], whole_group=name not in ALONE)
        else NOTHING_THERE
    )
