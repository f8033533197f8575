"""Every request parses into Google's own message; a field, word or duration that Google does not know would be noticed."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.json_format import ParseError

from aipress.clouds.gcp.resources import Resource
from tests.clouds.gcp import messages, rig
from tests.clouds.gcp.simulated import Simulated

GOLDEN = rig.golden()
IN_MESSAGES = [name for name, one in GOLDEN.items() if one.api not in messages.WITHOUT]
BY_DOCUMENT_ALONE = sorted(set(GOLDEN) - set(IN_MESSAGES))


def spoilt(name: str, path: str, value: object) -> Resource:
    """A golden request with another value at this path of its body; a number in the path is a place in a list."""
    body: Any = deepcopy(GOLDEN[name].body)
    *outer, last = [int(one) if one.isdigit() else one for one in path.split(".")]
    place = body
    for one in outer:
        place = place[one] if isinstance(one, int) else place.setdefault(one, {})
    place[last] = value
    return replace(GOLDEN[name], body=body)


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_a_request_is_a_message_of_googles_own(name: str) -> None:
    read = messages.parsed(GOLDEN[name])
    assert bool(read.ListFields()) is bool(GOLDEN[name].body or GOLDEN[name].query)


@pytest.mark.parametrize("name", BY_DOCUMENT_ALONE)
def test_an_api_without_messages_has_its_document(name: str) -> None:
    assert GOLDEN[name].api in messages.WITHOUT
    assert rig.faults(GOLDEN[name]) == []


def test_which_those_are_is_known() -> None:
    assert {GOLDEN[name].api for name in BY_DOCUMENT_ALONE} == {"bigquery", "storage", "dns"}
    assert {messages.method_of(GOLDEN[name]) for name in IN_MESSAGES} == set(messages.KINDS)


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_a_field_nobody_knows_is_noticed_everywhere(name: str) -> None:
    with pytest.raises(ParseError, match="no field named"):
        messages.parsed(spoilt(name, "labls", {"a": "b"}))
    with pytest.raises(ParseError, match="no field named"):
        messages.parsed(replace(GOLDEN[name], query={**GOLDEN[name].query, "servceId": "x"}))


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("service", "template.containers.0.resources.cpu_idel", True),
        ("service", "ingress", "INGRESS_TRAFFIC_SOME"),
        ("service", "template.executionEnvironment", "GEN2"),
        ("service", "template.timeout", "5 minutes"),
        ("service", "template.timeout", 300),
        ("service", "scaling.minInstanceCount", "a few"),
        ("service", "template.maxInstanceRequestConcurrency", 2**40),
        ("service", "template.containers.0.startupProbe.httpGet.port", "http"),
        ("service", "labels.aipress-tenant-id", 7),
        ("service", "template.vpcAccess.egress", "PRIVATE"),
        ("secret", "ttl", "1h"),
        ("secret", "expireTime", "tomorrow"),
        ("secret-version", "payload.data", "nö"),
        ("secret-version", "payload.dataCrc32c", "12.5"),
        ("database-export", "exportContext.fileType", "DUMP"),
        ("backend", "loadBalancingScheme", "EXTERNAL_MANAGD"),
        ("backend", "cdnPolicy.cacheMode", "USE_ORIGIN"),
        ("backend", "cdnPolicy.negativeCaching", "yes"),
        ("firewall", "rules.0.rateLimitOptions.enforceOnKeyConfigs.0.enforceOnKeyType", "ADDRESS"),
        ("endpoint-group", "networkEndpointType", "SERVERLES"),
        ("certificate", "scope", "EVERYWHERE"),
        ("dns-authorization", "type", "PER_PROJECT"),
        ("lines", "pageSize", "many"),
    ],
)
def test_what_is_spoilt_is_noticed(name: str, path: str, value: object) -> None:
    with pytest.raises(ParseError):
        messages.parsed(spoilt(name, path, value))


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("service-changed", {"updateMask": "labels,template.contaners"}),
        ("cache-rules", {"updateMask": "lines"}),
        ("figures", {"aggregation.perSeriesAligner": "ALIGN_SOMEHOW"}),
        ("figures", {"aggregation.alignmentPeriod": "a minute"}),
        ("figures", {"interval.endTime": "noon"}),
    ],
)
def test_a_spoilt_query_is_noticed(name: str, query: dict[str, str]) -> None:
    good = GOLDEN[name]
    with pytest.raises(ParseError):
        messages.parsed(replace(good, query={**good.query, **query}))


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_what_facets_send_is_held_against_the_same_messages(name: str) -> None:
    """`ParsedGoogle`, by which every test on the simulator asks, finds the message by itself."""
    good = GOLDEN[name]
    messages.check_body(good)
    if good.verb != "GET":
        with pytest.raises(ParseError, match="no field named"):
            messages.check_body(replace(good, body={**good.body, "labls": {"a": "b"}}))


async def test_a_facet_that_sends_what_is_no_message_is_noticed(on_google: Simulated) -> None:
    good, before = GOLDEN["account"], len(on_google.simulator.world.journal.entries)
    await on_google.google.make(good)
    with pytest.raises(ParseError):
        await on_google.google.make(spoilt("account", "serviceAccount.displayname", "AIPress"))
    with pytest.raises(ParseError):
        await on_google.google.make(spoilt("secret", "replication", "automatic"))
    assert len(on_google.simulator.world.journal.entries) == before + 1
