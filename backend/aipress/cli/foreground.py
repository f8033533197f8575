"""`up` without --detach: stays, shows how the services are, and takes everything down again on Ctrl-C."""

import signal
import time
from types import FrameType

from rich.live import Live
from rich.text import Text

from aipress.cli import say
from aipress.cli.installation import Installation
from aipress.cli.machine.services import Service, is_supervised, services
from aipress.cli.trouble import Trouble

EVERY = 2.0


def stay(place: Installation) -> None:
    """Until Ctrl-C (or SIGTERM, or the terminal is closed), then `down`; also ends when someone else took it down."""
    from aipress.cli.down import take_down

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    say.line("Ctrl-C stops everything. Logs: ./aipress logs control -f")
    try:
        _watch(place)
    except KeyboardInterrupt:
        say.line()
        take_down(place)
    else:
        raise Trouble("AIPress was stopped from elsewhere.")


def _watch(place: Installation) -> None:
    if not say.out.is_terminal:
        while is_supervised(place):
            time.sleep(EVERY)
        return
    with Live(console=say.out, auto_refresh=False, transient=True) as live:
        while is_supervised(place):
            live.update(_in_words(services(place)), refresh=True)
            time.sleep(EVERY)


def _in_words(found: list[Service]) -> Text:
    line = Text("  ")
    for service in found:
        line.append("● ", "green" if service.is_running else "yellow")
        line.append(f"{service.name}  ", "" if service.is_running else "yellow")
    return line


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
