"""supervisord as a subreaper: what a killed service leaves behind becomes its child, and is reaped instead of lost."""

import ctypes
import os
import sys

PR_SET_CHILD_SUBREAPER = 36


def main(settings_file: str) -> None:
    """Become supervisord. The attribute outlives exec (prctl(2)), so nothing of ours stays running."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        sys.stderr.write(f"not a subreaper: {os.strerror(ctypes.get_errno())}\n")
    supervisord = ("-P", "-m", "supervisor.supervisord", "--nodaemon", "--configuration", settings_file)
    os.execv(sys.executable, [sys.executable, *supervisord])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1])
