"""Lines and figures are asked for of one tenant, whatever anybody typed."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aipress.clouds.gcp import logs, metrics
from aipress.clouds.gcp.resources import Unbuildable
from aipress.clouds.metrics import UNITS, WHOLE, Span
from gcpsim.semantics.logfilter import parsed
from tests.clouds.gcp.rig import ENVIRONMENT, HOME, LINES, NOON, PLACE

BREAKING_OUT = [
    '" OR resource.type="x',
    '\\" OR NOT "',
    "\\",
    '"',
    "a\n OR severity>=DEFAULT",
    '") OR (labels.a="b',
    "-- x",
    "\u2028",
]
typed = st.one_of(st.sampled_from(BREAKING_OUT), st.text(), st.text(alphabet='"\\ ()=ORNTAD\n')).filter(
    str.strip
)

few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def entry(tenant: str, message: str) -> dict[str, object]:
    return {
        "logName": f"projects/{PLACE.project}/logs/run.googleapis.com%2Fstdout",
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": "sunrise-bakery"}},
        "labels": {"aipress-tenant-id": tenant, "aipress-environment-id": LINES.environment},
        "timestamp": "2026-11-28T11:30:00Z",
        "severity": "ERROR",
        "jsonPayload": {"source": "php", "message": message, "request_id": message},
    }


@few
@given(text=typed)
def test_pitfall_15_what_was_typed_stays_a_literal(text: str) -> None:
    plain = "".join(char if char.isprintable() else " " for char in text)
    for query in (replace(LINES, text=text), replace(LINES, text="", request_id=text)):
        fits = parsed(logs.filter_of(query, [HOME]))
        assert fits(entry(ENVIRONMENT.tenant, plain))
        assert not fits(entry("tnt_other", plain))
        assert not fits({**entry(ENVIRONMENT.tenant, plain), "severity": "INFO"})
        assert not fits(entry(ENVIRONMENT.tenant, "nothing of that kind") | {"jsonPayload": {}})


@few
@given(tenant=typed, service=typed, forgotten=typed)
def test_pitfall_15_nor_does_a_name_lead_out(tenant: str, service: str, forgotten: str) -> None:
    home = logs.Home(service, service, forgotten)
    fits = parsed(logs.filter_of(replace(LINES, tenant=tenant, text=""), [home, HOME]))
    assert not fits(entry("tnt_other", "x"))


@few
@given(service=typed)
def test_pitfall_15_nor_among_figures(service: str) -> None:
    asked = metrics.of_service(metrics.FIGURES["errors"], service, Span(NOON, NOON, WHOLE), "p")
    fits = parsed(asked.query["filter"])
    series = {"metric": {"type": metrics.FIGURES["errors"].type, "labels": {"response_code_class": "5xx"}}}
    resource = {"type": "cloud_run_revision", "labels": {"service_name": "somebody-else"}}
    assert not fits({**series, "resource": resource})


def test_a_label_that_a_program_chose_makes_no_line_anothers() -> None:
    """Labels come with what a container prints; whose service it was, and which log, is Google's word."""
    fits = parsed(logs.filter_of(replace(LINES, text=""), [HOME]))
    line = entry(ENVIRONMENT.tenant, "x")
    assert fits(line)
    elsewhere = {"type": "cloud_run_revision", "labels": {"service_name": "attacker"}}
    assert not fits({**line, "resource": elsewhere})
    plain = parsed(logs.filter_of(replace(LINES, text="", sources=frozenset()), [HOME]))
    told = {"source": "platform", "message": "x"}
    assert not plain({**line, "jsonPayload": told})
    assert plain({**line, "jsonPayload": told, "logName": f"projects/{PLACE.project}{logs.OUR_LOG}"})


def test_the_simulators_reader_would_see_an_injection() -> None:
    inside = logs.filter_of(replace(LINES, text="TYPED"), [HOME])
    raw = inside.replace('"TYPED"', '"" OR labels."aipress-tenant-id"="tnt_other"')
    assert parsed(raw)(entry("tnt_other", "x"))


def test_lines_and_figures_of_everybody_are_not_asked_for() -> None:
    nobody = logs.Home(ENVIRONMENT.id, "")
    for query, homes in ((replace(LINES, tenant=""), [HOME]), (LINES, []), (LINES, [HOME, nobody])):
        with pytest.raises(Unbuildable, match="everybody"):
            logs.entries(query, homes, [PLACE.project], logs.Page())
    with pytest.raises(Unbuildable, match="everybody"):
        metrics.of_service(metrics.FIGURES["errors"], "", Span(NOON, NOON), "p")


def test_a_figure_is_one_of_ours() -> None:
    assert set(metrics.FIGURES) <= {*UNITS, "instance_minutes"}


def test_a_whole_span_is_one_step() -> None:
    span = Span(NOON, NOON.replace(hour=14), WHOLE)
    asked = metrics.of_service(metrics.FIGURES["requests"], "s", span, "p")
    assert asked.query["aggregation.alignmentPeriod"] == "7200s"
