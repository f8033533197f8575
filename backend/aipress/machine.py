"""What is known of a machine without asking anybody: where an installation's data lies by default, and which names mean itself."""

import ipaddress
import os
from pathlib import Path


def default_data_dir() -> Path:
    """Where everything of one installation lives: the system's place for root, the person's otherwise."""
    return Path("/var/lib/aipress") if os.geteuid() == 0 else Path.home() / ".local/share/aipress"


def is_this_machine(host: str) -> bool:
    """Whether a host name can only mean this machine: RFC 6761 keeps `localhost` and what is below it for that."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
