"""Letting go before the server waits: an open stream would keep it for seconds, at every restart, as long as any page is open."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

TOLD_TO_STOP = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def before_stopping(work: Callable[[], None]) -> Iterator[None]:
    """When this process is told to stop, do `work` in the running loop first, then what would have been done anyway."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    usual = {number: usually for number in TOLD_TO_STOP if callable(usually := signal.getsignal(number))}

    def hear(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(work)
        usual[signal.Signals(number)](number, frame)

    for number in usual:
        signal.signal(number, hear)
    try:
        yield
    finally:
        for number, usually in usual.items():
            signal.signal(number, usually)
