"""An internet of the test's own: two network namespaces, one the machine that hostd runs on, one everything else.

"Everything else" answers at public addresses and at all those that no site may reach, so that a refusal is a refusal.
"""

import ipaddress
import os
import subprocess
import sys
from pathlib import Path
from typing import Self

from aipress.hostd import kernel, netlink

LINK, LO = 100, 1
MACHINE, ROUTER = "192.31.196.2", "192.31.196.1"
SERVER, NAME_SERVER = "192.52.193.1", "192.52.193.53"
WEB, SILENT, MAIL, MACHINES_OWN = 80, 81, 25, 8080
# What a public name leads to here; the last one's owner is no friend.
NAMES = {"public": SERVER, "inside": "10.1.2.3"}
ELSEWHERE = (
    SERVER, NAME_SERVER, "169.254.169.254", "169.254.7.7", "10.1.2.3", "172.20.0.1", "192.168.7.7", "100.70.0.1", "198.18.0.1",
    "192.0.2.9", "203.0.113.9", "198.51.100.9", "192.0.0.192",
)  # fmt: skip
SERVE = """
import http.server, socket, threading, time, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"reached")
    def log_message(self, *_): pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
for port in map(int, sys.argv[1].split(",")):
    threading.Thread(target=Server(("0.0.0.0", port), Page).serve_forever).start()
silent = socket.create_server(("0.0.0.0", 81))
print("ready", flush=True)
held = []
while True:
    held.append(silent.accept())
"""
ANSWER_NAMES = """
import socket, struct, sys
names = dict(pair.split("=") for pair in sys.argv[2:])
door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
door.bind((sys.argv[1], 53))
print("ready", flush=True)
while True:
    asked, who = door.recvfrom(4096)
    end = asked.index(0, 12) + 5
    name, kind = asked[13:13 + asked[12]].decode(), struct.unpack(">H", asked[end - 4:end - 2])[0]
    found = [socket.inet_aton(names[name])] if name in names and kind == 1 else []
    parts = [struct.pack(">HHHIH", 0xC00C, 1, 1, 5, 4) + each for each in found]
    door.sendto(asked[:2] + struct.pack(">HHHHH", 0x8180, 1, len(parts), 0, 0) + asked[12:end] + b"".join(parts), who)
"""
LISTEN = """
import socket
door = socket.create_server(("0.0.0.0", 8000))
print("ready", flush=True)
while True:
    visitor = door.accept()[0]
    visitor.recv(4096)
    visitor.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nreached")
    visitor.close()
"""


class Internet:
    """Use it in a `with`; hostd goes into `prefix`."""

    def __init__(self, place: Path) -> None:
        self.resolv_conf = place / "resolv.conf"
        self.resolv_conf.write_text(f"nameserver {NAME_SERVER}\n")
        self._programs: list[subprocess.Popen[str]] = []
        self.machine, self.elsewhere = self._network(), self._network()

    def __enter__(self) -> Self:
        self._lay()
        self.run(self.elsewhere, SERVE, f"{WEB},{MAIL}")
        self.run(self.machine, SERVE, f"{MACHINES_OWN}")
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._programs:
            each.kill()
            each.wait()
            if each.stdout:
                each.stdout.close()
        os.close(self.machine)
        os.close(self.elsewhere)

    @property
    def prefix(self) -> tuple[str, ...]:
        """Puts a program on the machine: in its network, with its resolv.conf."""
        mount = f'mount --bind {self.resolv_conf} /etc/resolv.conf && exec "$@"'
        own = ("unshare", "--mount", "sh", "-c", mount, "sh")
        return ("nsenter", f"--net=/proc/{os.getpid()}/fd/{self.machine}", *own)

    def answer_names(self) -> None:
        """The name server was silent so far."""
        names = (f"{name}={at}" for name, at in NAMES.items())
        self.run(self.elsewhere, ANSWER_NAMES, NAME_SERVER, *names)

    def connect(self) -> None:
        """Give the machine its way to everything else."""
        with kernel.inside(self.machine), netlink.open_socket() as speaker:
            netlink.ask(speaker, [netlink.route(LINK, None, through=_address(ROUTER))])

    def give(self, address: str) -> None:
        """Another address for the machine."""
        with kernel.inside(self.machine), netlink.open_socket() as speaker:
            netlink.ask(speaker, [netlink.address(LINK, _address(address))])

    def run(self, network: int, program: str, *words: str) -> None:
        """A Python program in one of the two, until the end; it has said that it is ready."""
        whole = ["nsenter", f"--net=/proc/self/fd/{network}", sys.executable, "-c", program, *words]
        started = subprocess.Popen(whole, stdout=subprocess.PIPE, text=True, pass_fds=[network])
        self._programs.append(started)
        assert started.stdout
        assert started.stdout.readline() == "ready\n"

    def _network(self) -> int:
        # The namespace lives as long as our descriptor of it.
        holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo ready; exec sleep infinity"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert holder.stdout
        holder.stdout.readline()
        network = os.open(f"/proc/{holder.pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        holder.kill()
        holder.wait()
        holder.stdout.close()
        return network

    def _lay(self) -> None:
        with kernel.inside(self.machine), netlink.open_socket() as speaker:
            netlink.ask(speaker, [netlink.up(LO), netlink.wire("eth0", LINK, "eth0", LINK, self.elsewhere)])
            own = [netlink.address(LINK, _address(MACHINE)), netlink.route(LINK, _address(ROUTER))]
            netlink.ask(speaker, own)
        with kernel.inside(self.elsewhere), netlink.open_socket() as speaker:
            addresses = [netlink.address(LO, _address(each)) for each in ELSEWHERE]
            own = [netlink.address(LINK, _address(ROUTER)), netlink.route(LINK, _address(MACHINE))]
            netlink.ask(speaker, [netlink.up(LO), netlink.up(LINK), *own, *addresses])


def _address(text: str) -> netlink.Address:
    return ipaddress.ip_address(text)
