"""Who of the machine's processes belongs to which environment.

Known by the mark in the environment bubblewrap was started with (root's own, so no tenant can write it), and by descent. An
orphan of ours is known by its log, which no tenant can open; any other process with a uid of ours belongs to nobody.
"""

import contextlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aipress.hostd import proc
from aipress.hostd.host import Host

FOREIGN = "another installation's"


@dataclass(slots=True)
class Census:
    """`leaders` are what hostd started, `members` all that belong to an environment (leaders too), `strays` nobody's.
    `outbound` are those of the way out, `ways_out` the first of each: there should be one."""

    leaders: dict[str, list[int]] = field(default_factory=dict)
    members: dict[str, set[int]] = field(default_factory=dict)
    strays: set[int] = field(default_factory=set)
    outbound: set[int] = field(default_factory=set)
    ways_out: list[int] = field(default_factory=list)


def take_census(host: Host) -> Census:
    """Look at every process once."""
    seen = {each.pid: each for each in proc.everyone()}
    marked = {
        pid: id
        for pid, each in seen.items()
        if each.uid in (os.geteuid(), host.uids.start) and (id := _marked(host, pid))
    }
    census = Census()
    for pid, each in seen.items():
        id = _ancestor(pid, seen, marked)
        if not id and host.is_root and each.uid in host.uids:
            id = _logs_for(host, pid)
            census.strays |= set() if id else {pid}
        if id and id != FOREIGN:
            census.members.setdefault(id, set()).add(pid)
    for pid, id in marked.items():
        if id != FOREIGN and seen[pid].parent not in marked:
            census.leaders.setdefault(id, []).append(pid)
    census.outbound = census.members.pop(proc.OUTBOUND, set())
    census.ways_out = census.leaders.pop(proc.OUTBOUND, [])
    return census


def kill(host: Host, id: str, found: Census | None = None) -> None:
    """End every process of an environment, whoever started it."""
    proc.kill((found or take_census(host)).members.get(id, ()))


def _marked(host: Host, pid: int) -> str:
    if mark := proc.mark_of(pid):
        ours, _, id = mark.partition(":")
        return id if ours == host.mark else FOREIGN
    if host.is_root:
        return ""
    # Without a sandbox FPM itself is the leader, and writes its title over the environment it was given.
    titled = re.search(
        rf"{re.escape(str(host.environments))}/([0-9a-f]{{12}})/fpm\.conf", proc.command_of(pid)
    )
    return titled[1] if titled else ""


def _ancestor(pid: int, seen: Mapping[int, proc.Seen], marked: Mapping[int, str]) -> str:
    while pid in seen:
        if pid in marked:
            return marked[pid]
        pid = seen[pid].parent
    return ""


def _logs_for(host: Host, pid: int) -> str:
    with contextlib.suppress(OSError):
        log = os.readlink(f"/proc/{pid}/fd/2")
        if shaped := re.match(rf"{re.escape(str(host.environments))}/([0-9a-f]{{12}})/logs/", log):
            return shaped[1]
    return ""
