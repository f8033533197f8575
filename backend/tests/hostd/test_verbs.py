"""What may be said to hostd, and what is refused before anything happens."""

import json

import pytest

from aipress.hostd.requests import check_host, parse
from aipress.hostd.verbs import (
    VERBS,
    EnsureRuntime,
    Limits,
    Publish,
    Purge,
    Refusal,
    RunCron,
    TakeMail,
    Warm,
    Withdraw,
)

UIDS = range(700_000, 700_100)
ID = "0123456789ab"


def said(**words: object) -> bytes:
    return json.dumps(words).encode() + b"\n"


def test_a_request_becomes_its_verb() -> None:
    assert parse(said(verb="warm", id=ID), UIDS) == Warm(ID)
    assert parse(said(verb="publish", id=ID, host="a.example.org"), UIDS) == Publish(ID, "a.example.org")
    run = said(verb="run_cron", id=ID, host="a.example.org", request="ab" * 16, seconds=120)
    assert parse(run, UIDS) == RunCron(ID, "a.example.org", "ab" * 16, 120)
    assert parse(said(verb="withdraw", host="a.example.org", id=""), UIDS) == Withdraw("a.example.org")
    limits = {"children": 2, "memory_mb": 128, "idle_seconds": 5, "min_instances": 1}
    asked = said(verb="ensure_runtime", id=ID, uid=700_001, limits=limits, tenant="ten_01abc")
    assert parse(asked, UIDS) == EnsureRuntime(ID, 700_001, Limits(2, 128, 5, 1), "ten_01abc")


def test_there_are_twenty_verbs() -> None:
    assert sorted(VERBS) == sorted(
        "make_files remove_files ensure_runtime supply_runtime remove_runtime warm sleep run_cron publish withdraw purge take_mail list_files read_file draft_file keep_file forget_files inventory status measure".split()
    )


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"warm\n", b"[]\n", b"null\n", b'"warm"\n', b"{\n", b"\xff\xfe\n", b"[" * 60_000, b'{"verb": NaN}\n',
     said(), said(verb="rm -rf /"), said(verb=["warm"]), said(verb={"warm": 1}), said(verb="__class__"), said(verb="parse")],
)  # fmt: skip
def test_what_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        parse(line, UIDS)
    assert refusal.value.code == "bad_request"


@pytest.mark.parametrize(
    "id",
    ["", "0123456789a", "0123456789abc", "0123456789AB", "../../../etc", "0123456789a/", "0123456789ab\n", "0123456789a\x00",
     "٠١٢٣٤٥٦٧٨٩ab", " 123456789ab", None, 123456789012, True, ["0123456789ab"], {"id": ID}],
)  # fmt: skip
def test_ids_that_are_not_twelve_hexadecimal_digits_are_refused(id: object) -> None:
    for verb in ("make_files", "remove_files", "warm", "publish", "remove_runtime"):
        with pytest.raises(Refusal):
            parse(said(verb=verb, id=id, uid=700_001, host="a.example.org"), UIDS)


@pytest.mark.parametrize(
    "uid", [0, 1, 33, -1, 699_999, 700_100, 2**32, 700_001.0, "700001", True, None, [700_001]]
)
def test_uids_outside_the_range_of_environments_are_refused(uid: object) -> None:
    with pytest.raises(Refusal):
        parse(said(verb="make_files", id=ID, uid=uid), UIDS)


@pytest.mark.parametrize(
    "host",
    ["localhost", "a.localhost", "sunrise-bakery.localhost", "xn--bcher-kva.example", "a1.b2.c3.example.org", "1.example", "0-0.example",
     "a" * 63 + ".example", ".".join(["a" * 49] * 5)],
)  # fmt: skip
def test_host_names_are_accepted(host: str) -> None:
    assert check_host(host) == host


@pytest.mark.parametrize(
    "host",
    ["", ".", "..", "../x", "a/b", "a..b", ".a", "a.", "-a.example", "a-.example", "a_b.example", "A.example", "bücher.example",
     "a.example\n", "a b", "a\x00b", "*.example", "127.0.0.1", "1.2.3", "::1", "[::1]", "a:80", "a" * 64 + ".example",
     ".".join(["a" * 50] * 5), None, 5, ["a.example"], "a.example/../b", "%2e%2e", "ｅxample.org"],
)  # fmt: skip
def test_what_is_no_host_name_is_refused(host: object) -> None:
    with pytest.raises(Refusal):
        check_host(host)


@pytest.mark.parametrize(
    "limits",
    [None, [], "x", {"children": 0}, {"children": 65}, {"children": "4"}, {"children": True}, {"memory_mb": 1}, {"memory_mb": 1e9},
     {"idle_seconds": -1}, {"min_instances": 2}, {"cpus": 4}, {"children": None}, {"children": 4.0}, {"__init__": 1}],
)  # fmt: skip
def test_limits_out_of_bounds_are_refused(limits: object) -> None:
    with pytest.raises(Refusal):
        parse(said(verb="ensure_runtime", id=ID, uid=700_001, limits=limits), UIDS)


@pytest.mark.parametrize(
    "version", ["..", "../7.1", "7", "7.1/..", "7.1.4\n", "latest", 7.1, None, "7.1.4.5.6"]
)
def test_versions_that_are_no_version_are_refused(version: object) -> None:
    with pytest.raises(Refusal):
        parse(said(verb="make_files", id=ID, uid=700_001, version=version), UIDS)


@pytest.mark.parametrize(
    "path", ["menu/", "/a b", "/a\n", "/\x00", "/ü", "/" + "a" * 2000, "..", None, 5, ["/"], {"path": "/"}]
)
def test_what_is_no_path_of_a_page_is_refused(path: object) -> None:
    with pytest.raises(Refusal):
        parse(said(verb="purge", id=ID, path=path), UIDS)
    assert parse(said(verb="purge", id=ID, path="/menu/"), UIDS) == Purge(ID, "/menu/")


def test_missing_and_unknown_fields_are_refused() -> None:
    for words in (
        {"verb": "warm"},
        {"verb": "status", "x": 1},
        {"verb": "publish", "id": ID},
        {"verb": "make_files", "id": ID},
    ):
        with pytest.raises(Refusal):
            parse(said(**words), UIDS)


@pytest.mark.parametrize(
    "words",
    [{"request": "AB" * 16}, {"request": "ab" * 15}, {"request": None}, {"seconds": 0}, {"seconds": 601}, {"seconds": "9"},
     {"seconds": True}, {"seconds": 1.5}, {"host": "a b"}],
)  # fmt: skip
def test_a_run_of_cron_has_a_host_a_request_and_an_end(words: dict[str, object]) -> None:
    run = {"id": ID, "host": "a.example.org", "request": "ab" * 16, "seconds": 120} | words
    with pytest.raises(Refusal):
        parse(said(verb="run_cron", **run), UIDS)


def test_mail_is_named_by_environment_and_message() -> None:
    name = "aB3" * 4
    assert parse(said(verb="take_mail", done={ID: [name]}), UIDS) == TakeMail({ID: (name,)})
    for done in (
        [],
        {ID: name},
        {"../x": [name]},
        {ID: ["../../etc/pas"]},
        {ID: ["a" * 11]},
        {ID: [None]},
        None,
    ):
        with pytest.raises(Refusal):
            parse(said(verb="take_mail", done=done), UIDS)
