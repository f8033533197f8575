"""What WordPress planned: its `cron` option says what is due, and how late that is.

WordPress keeps that option in order of time and itself looks no further than the first entry of the future, and so do we.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from aipress.clouds.cron import Due
from aipress.clouds.wordpress.php_values import NotSerialised, Reader
from aipress.kit import logs

log = logs.get()
OPTION = "cron"
MOST_DUE, LONGEST_HOOK = 1000, 200


class Agenda:
    """Remembers how late each site was when it was last asked, and of which nothing could be known."""

    def __init__(self) -> None:
        self._late: dict[str, float] = {}
        self._unreadable: set[str] = set()

    def due(self, options: Mapping[str, str], now: datetime) -> Mapping[str, Sequence[Due]]:
        """What these options `cron` say is due, by environment; those with nothing due are left out."""
        found = {id: self._due(id, option, now) for id, option in options.items()}
        self._late |= {id: (now - due[0].since).total_seconds() if due else 0.0 for id, due in found.items()}
        return {id: due for id, due in found.items() if due}

    def lag(self) -> Mapping[str, float]:
        """Seconds by which the oldest thing due was late when last asked."""
        return dict(self._late)

    def _due(self, environment_id: str, option: str, now: datetime) -> list[Due]:
        """Of an option that is not as WordPress writes it nothing is known; that is said once."""
        try:
            due = due_in(option, now)
        except NotSerialised as error:
            if environment_id not in self._unreadable:
                log.warning("a cron option can't be read", environment=environment_id, why=str(error))
            self._unreadable.add(environment_id)
            return []
        self._unreadable.discard(environment_id)
        return due


def due_in(option: str, now: datetime) -> list[Due]:
    """What an option `cron` says is due, oldest first. Raises NotSerialised."""
    found: list[Due] = []
    for moment, hooks in Reader(option).entries():
        if not isinstance(moment, int) or moment > now.timestamp() or len(found) >= MOST_DUE:
            break
        if moment > 0 and isinstance(hooks, dict):
            since = datetime.fromtimestamp(moment, UTC)
            found += [Due(str(hook)[:LONGEST_HOOK], since) for hook in hooks]
    return found
