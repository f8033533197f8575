"""What the command line says when something does not work: what happened, what to do next, and an exit code.

1 it failed · 2 wrong use (Typer's own) · 3 the platform is not running · 4 the platform refused · 5 the platform failed
"""

FAILED, NOT_RUNNING, REFUSED, PLATFORM_FAILED = 1, 3, 4, 5


class Trouble(Exception):
    """An expected failure: shown as one or two sentences, never as a traceback."""

    def __init__(self, what: str, remedy: str = "", exit_code: int = FAILED) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.exit_code = exit_code
