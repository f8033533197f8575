"""Links, addresses and routes, asked of the kernel over rtnetlink(7): a message each, many in one question.

Only what a wire between two network namespaces takes. A socket speaks for the namespace it was made in.
"""

import errno
import ipaddress
import os
import socket
import struct
from collections.abc import Iterator, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# From linux/netlink.h, rtnetlink.h, if_link.h, if_addr.h and veth.h.
NEW_LINK, GET_LINK, NEW_ADDRESS, GET_ADDRESS, NEW_ROUTE = 16, 18, 20, 22, 24
ERROR, DONE = 2, 3
REQUEST, ACK, ALL, REPLACE, EXCLUSIVE, CREATE = 0x1, 0x4, 0x300, 0x100, 0x200, 0x400
IS_UP = 0x1
LINK_NAME, LINK_KIND_AND_DATA, LINK_KIND, LINK_DATA, LINK_PEER, LINK_NETWORK = 3, 18, 1, 2, 1, 28
ADDRESS_ITSELF, ADDRESS_LOCAL, ADDRESS_FLAGS, WITHOUT_DETECTION = 1, 2, 8, 0x02
TO, LINK, GATEWAY, FROM = 1, 4, 5, 7
MAIN, STATIC, EVERYWHERE, ON_LINK, UNICAST = 254, 4, 0, 253, 1
CHANGES_OF_ADDRESSES = 0x10 | 0x100
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


def open_socket(groups: int = 0) -> socket.socket:
    """To speak for the network namespace this thread is in, and to hear of changes (`groups`)."""
    made = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE)
    made.bind((0, groups))
    return made


def ask(speaker: socket.socket, messages: Sequence[bytes]) -> None:
    """Have all of it done; raises the OSError of the first that could not be."""
    speaker.send(b"".join(messages))
    failed, left = 0, len(messages)
    while left:
        for kind, body in _told(speaker):
            if kind == ERROR:
                left -= 1
                failed = failed or -struct.unpack_from("=i", body)[0]
    if failed:
        raise OSError(failed, os.strerror(failed))


def addresses(speaker: socket.socket) -> set[Address]:
    """Every address of this network namespace."""
    speaker.send(_message(GET_ADDRESS, REQUEST | ALL, struct.pack("=BBBBI", 0, 0, 0, 0, 0)))
    found: set[Address] = set()
    while True:
        for kind, body in _told(speaker):
            if kind in (DONE, ERROR):
                return found
            parts = dict(_parts(body[8:]))
            found.add(ipaddress.ip_address(parts.get(ADDRESS_LOCAL, parts[ADDRESS_ITSELF])))


def has_link(speaker: socket.socket, index: int) -> bool:
    """Whether there is a link of this number. Raises OSError."""
    try:
        ask(
            speaker,
            [_message(GET_LINK, REQUEST | ACK, struct.pack("=BxHiII", socket.AF_UNSPEC, 0, index, 0, 0))],
        )
    except OSError as error:
        if error.errno == errno.ENODEV:
            return False
        raise
    return True


def wire(name: str, index: int, peer: str, peer_index: int, network: int) -> bytes:
    """A pair of links: one here, up, and its peer, still down, in the namespace of the descriptor `network`."""
    other = (
        _link(peer_index, 0)
        + _part(LINK_NAME, peer.encode() + b"\0")
        + _part(LINK_NETWORK, struct.pack("=I", network))
    )
    data = _part(LINK_KIND, b"veth\0") + _part(LINK_DATA, _part(LINK_PEER, other))
    body = _link(index) + _part(LINK_NAME, name.encode() + b"\0") + _part(LINK_KIND_AND_DATA, data)
    return _message(NEW_LINK, REQUEST | ACK | CREATE | EXCLUSIVE, body)


def up(index: int) -> bytes:
    """Let a link carry packets."""
    return _message(NEW_LINK, REQUEST | ACK, _link(index))


def address(index: int, value: Address, length: int = 0) -> bytes:
    """An address of a link, alone in its subnet unless `length` says otherwise."""
    body = struct.pack(
        "=BBBBI", FAMILIES[value.version], length or value.max_prefixlen, WITHOUT_DETECTION, 0, index
    )
    body += _part(ADDRESS_LOCAL, value.packed) + _part(ADDRESS_ITSELF, value.packed)
    return _message(NEW_ADDRESS, REQUEST | ACK | CREATE | REPLACE, body)


def route(
    index: int, to: Address | None, *, through: Address | None = None, source: Address | None = None
) -> bytes:
    """The way to one address, or with `through` to everything."""
    some = to or through
    if some is None:
        raise ValueError("a way to nowhere")
    length, scope = (to.max_prefixlen if to else 0), (EVERYWHERE if through else ON_LINK)
    head = struct.pack("=BBBBBBBBI", FAMILIES[some.version], length, 0, 0, MAIN, STATIC, scope, UNICAST, 0)
    ends = {TO: to, GATEWAY: through, FROM: source}
    told = b"".join(_part(kind, value.packed) for kind, value in ends.items() if value)
    return _message(NEW_ROUTE, REQUEST | ACK | CREATE, head + told + _part(LINK, struct.pack("=I", index)))


def _link(index: int, flags: int = IS_UP) -> bytes:
    return struct.pack("=BxHiII", socket.AF_UNSPEC, 0, index, flags, flags)


def _part(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", len(value) + 4, kind) + value + bytes(-len(value) % 4)


def _message(kind: int, flags: int, body: bytes) -> bytes:
    return struct.pack("=IHHII", len(body) + 16, kind, flags, 0, 0) + body + bytes(-len(body) % 4)


def _told(speaker: socket.socket) -> Iterator[tuple[int, bytes]]:
    told = speaker.recv(1 << 16)
    while len(told) >= 16:
        length, kind, _, _, _ = struct.unpack_from("=IHHII", told)
        yield kind, told[16:length]
        told = told[(length + 3) & ~3 :]


def _parts(told: bytes) -> Iterator[tuple[int, bytes]]:
    while len(told) >= 4:
        length, kind = struct.unpack_from("=HH", told)
        yield kind, told[4:length]
        told = told[(length + 3) & ~3 :]
