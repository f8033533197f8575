"""Becoming pasta (passt.top), which carries the packets of a network of ours into the machine's by ordinary sockets.

Run as root, it gives that up at once: `python -m aipress.hostd.tunnel UID PROGRAM…`, PROGRAM being what runs in the network.
Only the device for it is made before, in a place no one else sees, because on many machines it is root's alone.
"""

import os
import signal
import stat
import sys

from aipress.hostd import kernel
from aipress.hostd.fence import OUT

DEVICES = "/dev/net"
TUN = os.makedev(10, 200)  # Documentation/admin-guide/devices.txt
# The link between the two. Neither end is anybody's: what a site sends there is refused.
OUR_END, OTHER_END, NETMASK = "100.127.255.2", "100.127.255.1", "255.255.255.252"
NOTHING_COMES_IN = (
    "-t none -u none -T none -U none --no-map-gw --no-dhcp --no-dhcpv6 --no-ra -D none -S none".split()
)


def command(uid: str, program: list[str]) -> list[str]:
    """pasta without any right outside the namespaces it makes, and in them `program` with the one to open port 53."""
    nothing = [
        "--clear-groups",
        "--no-new-privs",
        "--bounding-set=-all",
        "--inh-caps=-all",
        "--ambient-caps=-all",
    ]
    link = ["-4", "-a", OUR_END, "-n", NETMASK, "-g", OTHER_END, "-I", OUT]
    pasta = ["/usr/bin/pasta", "--foreground", "--quiet", "--config-net", *link, *NOTHING_COMES_IN, "--"]
    little = ["/usr/bin/setpriv", "--bounding-set=-all,+net_bind_service", "--no-new-privs"]
    return ["/usr/bin/setpriv", f"--reuid={uid}", f"--regid={uid}", *nothing, *pasta, *little, *program]


def main() -> None:
    """Make the device, then become pasta."""
    _, uid, *program = sys.argv
    kernel.own_directory(DEVICES)
    os.mknod(f"{DEVICES}/tun", stat.S_IFCHR | 0o666, TUN)
    os.chmod(f"{DEVICES}/tun", 0o666)  # noqa: S103 - as the kernel's own documentation has it
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # pasta does not start where Python left it ignored
    whole = command(uid, program)
    os.execv(whole[0], whole)  # noqa: S606


if __name__ == "__main__":
    main()
