"""What this machine offers: memory and open files, from which services get their sizes."""

import os
import resource

WANTED_FILES = 65_536


def memory() -> int:
    """Bytes of memory of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def open_files() -> int:
    """How many files one service may have open. The limit is raised first where we may (root outside a container)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < WANTED_FILES:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, WANTED_FILES))
        except (ValueError, PermissionError):
            return hard
    return WANTED_FILES
