"""Wires from our network into sandboxes: a pair of links each, whose end in the sandbox is there as long as the sandbox is."""

import contextlib
import ipaddress
import os
import socket
from pathlib import Path

from aipress.hostd import kernel, netlink

# In our network, and known to every sandbox: the resolver is here, and everything goes through here.
GATEWAY = ipaddress.IPv4Address("100.64.0.1")
FIRST, LAST = 2, 65_000
INDEXES_FROM = 1000  # of our links: what else there is in a network has a smaller number
FORWARDING = "/proc/sys/net/ipv4/ip_forward"


class Wires:
    """The end of all of them that is ours. `network` is a descriptor of the namespace."""

    def __init__(self, network: int) -> None:
        """From now on packets pass, so the rules have to be in force already. Raises OSError."""
        with kernel.inside(network):
            self._speaker = netlink.open_socket()
            netlink.ask(self._speaker, [netlink.address(socket.if_nametoindex("lo"), GATEWAY)])
            Path(FORWARDING).write_text("1")
        self._number = 0

    def lay(self, pid: int) -> None:
        """Connect the sandbox of the process `pid`, unless it is. Raises OSError."""
        network = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            with kernel.inside(network):
                theirs = netlink.open_socket()
            with theirs:
                if not netlink.has_link(theirs, INDEXES_FROM):
                    own = self._lay_into(network)
                    near = [netlink.address(INDEXES_FROM, own), netlink.route(INDEXES_FROM, GATEWAY)]
                    far = netlink.route(INDEXES_FROM, None, through=GATEWAY)
                    netlink.ask(theirs, [netlink.up(INDEXES_FROM), *near, far])
        finally:
            os.close(network)

    def close(self) -> None:
        """Let go of the network. The wires are gone when nobody holds it."""
        self._speaker.close()

    def _lay_into(self, network: int) -> ipaddress.IPv4Address:
        """With the next free number; one that was used a moment ago may not be gone yet."""
        for _ in range(LAST):
            self._number = self._number + 1 if FIRST <= self._number < LAST else FIRST
            index, address = INDEXES_FROM + self._number, GATEWAY - 1 + self._number
            wire = netlink.wire(f"w{self._number}", index, "eth0", INDEXES_FROM, network)
            with contextlib.suppress(FileExistsError):
                netlink.ask(self._speaker, [wire, netlink.route(index, address, source=GATEWAY)])
                return address
        raise OSError("there are no addresses left")
