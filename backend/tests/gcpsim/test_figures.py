"""Cloud Monitoring's arithmetic: minutes, steps, aligners, reducers, percentiles; and what lines become entries of."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gcpsim.machines.entries import of_line, placed
from gcpsim.machines.printed import Reader
from gcpsim.machines.revisions import Name
from gcpsim.semantics.alignment import Wanted, aggregated
from gcpsim.semantics.distributions import quantile, together
from gcpsim.series import Kind, Series, Span, Spread
from gcpsim.wire import Json
from tests.gcpsim.conftest import Google

COUNT, TIMES = Kind("run/count"), Kind("run/times", value="DISTRIBUTION", unit="ms")
THERE = Kind("run/there", "GAUGE")
NOON = 1_800_000_000.0 // 60 * 60


def of(**labels: str) -> Json:
    return {"type": "cloud_run_revision", "labels": {"project_id": "p", **labels}}


def asked(series: Series, minutes: int, period: float, aligner: str, *kept: str) -> list[list[object]]:
    """The points of what one asks for from noon on, newest first; series are added up."""
    end = NOON + minutes * 60
    how = Wanted(NOON, end, period, f"ALIGN_{aligner}", "REDUCE_SUM", kept)
    found = aggregated(list(series.of("p", Span(end))), how)
    return [[next(iter(point["value"].values())) for point in one["points"]] for one in found]


def test_counts_are_added_up_in_steps_newest_first() -> None:
    series = Series()
    for minute, times in ((0, 3), (1, 1), (4, 5)):
        for _ in range(times):
            series.add(COUNT, {"code": "200"}, of(), 1, NOON + minute * 60 + 30)
    series.add(COUNT, {"code": "500"}, of(), 1, NOON + 30)
    assert asked(series, 6, 120, "DELTA") == [[5, 5]]
    assert asked(series, 6, 120, "DELTA", "metric.labels.code") == [[5, 4], [1]]
    assert asked(series, 6, 120, "RATE")[0][0] == pytest.approx(5 / 120)


def test_the_minute_that_goes_on_is_seen() -> None:
    series = Series()
    series.add(COUNT, {}, of(), 1, NOON + 10)
    (one,) = series.of("p", Span(NOON + 20, until=NOON + 15))
    assert one["points"][0]["interval"]["endTime"].endswith(":15.000000Z")
    assert list(series.of("other", Span(NOON + 20))) == []


def test_instances_are_what_they_are_and_the_most_of_a_step() -> None:
    series = Series()
    for minute, number in enumerate((1, 4, 2)):
        series.add(THERE, {"state": "active"}, of(), number, NOON + minute * 60)
        series.add(THERE, {"state": "idle"}, of(), 1, NOON + minute * 60)
    assert asked(series, 3, 180, "MAX") == [[5]]


@given(st.lists(st.floats(0, 50_000), min_size=1, max_size=200), st.sampled_from([50, 95, 99]))
def test_a_percentile_lies_in_the_bucket_of_the_true_one(values: list[float], percent: int) -> None:
    spread = Spread()
    for value in values:
        spread.add(value)
    true = sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]
    told = quantile(spread.shown(), percent / 100)
    assert true / 1.4 - 1 <= told <= true * 1.4 + 1


@given(
    st.lists(st.floats(0, 50_000), min_size=1, max_size=50),
    st.lists(st.floats(0, 50_000), min_size=1, max_size=50),
)
def test_two_distributions_make_one_of_all_values(first: list[float], second: list[float]) -> None:
    spreads = [Spread(), Spread(), Spread()]
    for values, into in ((first, 0), (second, 1), (first + second, 2)):
        for value in values:
            spreads[into].add(value)
    one, whole = together([spreads[0].shown(), spreads[1].shown()]), spreads[2].shown()
    assert (one["count"], one["bucketCounts"]) == (whole["count"], whole["bucketCounts"])
    assert one["mean"] == pytest.approx(whole["mean"])


def test_series_survive_the_simulators_end(tmp_path: Path) -> None:
    series = Series()
    series.open(tmp_path / "points")
    series.add(COUNT, {"code": "200"}, of(), 2, NOON)
    series.add(TIMES, {}, of(), 120, NOON + 60)
    series.keep(NOON + 60)
    series.add(TIMES, {}, of(), 80, NOON + 61)
    series.keep(float("inf"))
    again = Series()
    again.open(tmp_path / "points")
    assert len((tmp_path / "points").read_text().splitlines()) == 2
    assert list(again.of("p", Span(NOON + 120))) == list(series.of("p", Span(NOON + 120)))
    assert oct((tmp_path / "points").stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    "more",
    [
        {"aggregation.crossSeriesReducer": "REDUCE_SUM"},
        {"aggregation.perSeriesAligner": "ALIGN_MEAN", "aggregation.alignmentPeriod": "30s"},
        {"aggregation.perSeriesAligner": "ALIGN_DELTA", "aggregation.alignmentPeriod": "60s"},
        {"interval.endTime": "soon"},
    ],
)
def test_what_can_not_be_counted_so_is_refused(google: Google, more: dict[str, str]) -> None:
    google.world.series.add(THERE, {}, of(), 1, google.world.clock.now())
    query = {
        "filter": 'metric.type="run/there"',
        "interval.endTime": "2999-01-01T00:00:00Z",
        "interval.startTime": "1990-01-01T00:00:00Z",
    }
    assert google.say("GET", "/monitoring/v3/projects/p/timeSeries", **query).json()["timeSeries"]
    assert google.say("GET", "/monitoring/v3/projects/p/timeSeries", **{**query, **more}).status_code == 400


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("plain", {"textPayload": "plain"}),
        ("[1, 2]", {"textPayload": "[1, 2]"}),
        ('{"message": "one"}', {"textPayload": "one"}),
        ('{"severity": "error", "message": "one"}', {"severity": "ERROR", "textPayload": "one"}),
        ('{"severity": "loud", "a": 1}', {"jsonPayload": {"a": 1}}),
        (
            '{"message": "m", "logging.googleapis.com/trace": "t", "logging.googleapis.com/labels": {"a": 1}, "b": {"c": 2}}',
            {"trace": "t", "labels": {"a": "1"}, "jsonPayload": {"message": "m", "b": {"c": 2}}},
        ),
    ],
)
def test_a_line_becomes_an_entry(line: str, entry: Json) -> None:
    assert of_line(line) == entry


def test_an_entry_says_whose_it_is() -> None:
    name = Name("run/projects/p/locations/l/services/s/revisions/s-00001-sim")
    told = placed(
        name, "stdout", {"tenant": "t", "a": "template's"}, {"textPayload": "x", "labels": {"a": "its own"}}
    )
    assert told["resource"]["labels"]["revision_name"] == "s-00001-sim"
    assert told["labels"] == {"tenant": "t", "a": "its own"}


def test_lines_are_read_as_they_grow_and_long_ones_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    reader = Reader(log)
    assert reader.read() == []
    log.write_text("T1 stdout F one\nT2 stderr P a long\nT3 stdout F two\nT4 std")
    assert [(one.stream, one.text) for one in reader.read()] == [("stdout", "one"), ("stdout", "two")]
    with log.open("a") as more:
        more.write("err F  line\n")
    assert [(one.stream, one.text) for one in reader.read()] == [("stderr", "a long line")]
    assert reader.read() == []
