"""`aipress down`: everything stops, in order, and nothing is left running. Sites come back with the next `up`."""

from aipress.cli import say
from aipress.cli.installation import Installation
from aipress.cli.machine import leftovers, services
from aipress.cli.up import one_at_a_time


def take_down(place: Installation) -> None:
    """Stop the platform; also what a killed supervisord left behind. Fine when nothing runs."""
    if not place.data.is_dir():
        say.line(f"Nothing is running in {place.data}.")
        return
    with one_at_a_time(place):
        was_running = services.is_supervised(place)
        if was_running:
            with say.step("Stopping the services"):
                services.stop_everything(place)
        ended = leftovers.end(place)
    if not was_running and not ended:
        say.line(f"Nothing was running in {place.data}.")
    elif ended:
        say.line(f"Also ended what was left over: {', '.join(ended)}.")
