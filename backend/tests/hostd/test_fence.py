"""The rules' lists, held against another list of what is public; and the resolver, against what nobody should send it."""

import ipaddress
import itertools
import random
import struct
from pathlib import Path

from aipress.hostd import fence, resolver

PUBLIC_TO_PYTHON_AND_NOT_TO_US = {"192.88.99.0/24", "224.0.0.0/3", "2002::/16"}  # 6to4, multicast, 6to4 again


def networks(never: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(each) for each in never]


def test_no_address_of_ipv4_that_is_not_public_is_let_through_and_no_public_one_is_refused() -> None:
    never = networks(fence.NEVER_4)
    also = [each for each in never if str(each) in PUBLIC_TO_PYTHON_AND_NOT_TO_US]
    wide = (
        ipaddress.IPv4Address(high << 16 | low << 8 | 7)
        for high, low in itertools.product(range(1 << 16), (0, 2, 113))
    )
    for address in wide:
        is_refused = any(address in each for each in never)
        expected = not address.is_global or address.is_multicast or any(address in each for each in also)
        assert is_refused == expected, address


def test_what_leads_inside_by_ipv6_is_refused() -> None:
    never = networks(fence.NEVER_6)
    inside = (
        "::1 ::ffff:169.254.169.254 ::169.254.169.254 64:ff9b::a9fe:a9fe fe80::1 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2002:a9fe:a9fe::1 "
        "2001:0:a9fe:a9fe::1 2001:db8::1 3fff::1 100::1 ::"
    ).split()
    assert [each for each in inside if not any(ipaddress.ip_address(each) in one for one in never)] == []
    public = "2606:4700::1111 2a00:1450::1 2001:4860:4860::8888 2620:fe::fe 3ffe::1".split()
    assert [each for each in public if any(ipaddress.ip_address(each) in one for one in never)] == []


def test_own_addresses_become_sets_of_their_families() -> None:
    found = {ipaddress.ip_address(each) for each in ("192.31.196.2", "fe80::1", "127.0.0.1")}
    assert fence.own_addresses(found).splitlines() == [
        "flush set inet aipress own4",
        "add element inet aipress own4 { 127.0.0.1, 192.31.196.2 }",
        "flush set inet aipress own6",
        "add element inet aipress own6 { fe80::1 }",
    ]


def test_a_failure_answers_the_question_that_was_asked() -> None:
    question = struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 1) + b"\x06public\0\0\x01\0\x01" + bytes(11)
    answer = resolver.failure(question)
    assert struct.unpack_from(">HHHHHH", answer) == (7, 0x8182, 1, 0, 0, 0)
    assert answer[12:] == b"\x06public\0\0\x01\0\x01"


def test_nothing_a_site_may_send_makes_the_resolver_stumble() -> None:
    chance = random.Random(91)  # noqa: S311 - the same bytes each time
    for length in range(resolver.HEADER + 5, 600):
        told = chance.randbytes(length)
        assert resolver.failure(told)[:2] == told[:2]
        assert len(resolver.failure(told)) <= length


def test_the_machine_s_name_servers_are_those_it_names_by_address(tmp_path: Path) -> None:
    conf = tmp_path / "resolv.conf"
    conf.write_text(
        "# nameserver 1.1.1.1\nsearch example.org\nnameserver 127.0.0.53\nnameserver\nnameserver host\nnameserver fe80::1%eth0\n"
    )
    assert resolver.name_servers(str(conf)) == ["127.0.0.53", "fe80::1"]
    assert resolver.name_servers(str(tmp_path / "none")) == []
