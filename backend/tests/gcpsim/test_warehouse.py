"""BigQuery by its REST API: tables, rows that come by streaming and by loading, queries in pages."""

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gcpsim.machines.buckets import Buckets
from gcpsim.machines.warehouse import Duck
from tests.gcpsim.conftest import Google
from tests.gcpsim.lake import BASE, FIELDS, LABELS, QUERIES, ask, cells, made_in, parameter, stream


@pytest.fixture
def lake(google: Google, tmp_path: Path) -> Iterator[Google]:
    google.world.warehouse = duck = Duck(tmp_path)
    google.world.files = Buckets(tmp_path)
    made_in(google, "t", FIELDS)
    yield google
    duck.close()


def test_every_type_comes_back_as_google_writes_it(lake: Google) -> None:
    raw = base64.b64encode(b"\x00\xffabc").decode()
    stream(lake, {"name": "a", "n": "5", "cost": 0.1, "exact": "0.000012345", "day": "2026-11-28", "at": "2026-11-28T10:00:00.5Z",
                  "raw": raw, "labels": LABELS}, {"name": "b"})  # fmt: skip
    answer = ask(lake, "SELECT * FROM ds.t ORDER BY name")
    labels = [{"v": {"f": [{"v": one["key"]}, {"v": one["value"]}]}} for one in LABELS]
    assert cells(answer) == [
        ["a", "5", "0.1", "0.000012345", "2026-11-28", "1.7958600005E9", raw, labels],
        ["b", None, None, None, None, None, None, []],
    ]
    shown = [(one["name"], one["type"], one["mode"]) for one in answer["schema"]["fields"]]
    assert shown[:4] == [(name, kind, "NULLABLE") for name, kind in
                         (("name", "STRING"), ("n", "INTEGER"), ("cost", "FLOAT"), ("exact", "NUMERIC"))]  # fmt: skip
    assert shown[-1] == ("labels", "RECORD", "REPEATED")
    assert (answer["totalRows"], answer["jobComplete"]) == ("2", True)
    micro = ask(lake, "SELECT at FROM ds.t WHERE name = 'a'", formatOptions={"useInt64Timestamp": True})
    assert cells(micro) == [["1795860000500000"]]
    listed = lake.say("GET", f"{BASE}/datasets/ds/tables/t/data", maxResults="1").json()
    assert (cells(listed), listed["pageToken"]) == (cells(answer)[:1], "1")
    assert lake.say("GET", f"{BASE}/datasets/ds/tables/t").json()["numRows"] == "2"


def test_pitfall_23_numeric_keeps_nine_decimals_and_a_float_becomes_one_by_its_digits(lake: Google) -> None:
    stream(lake, *({"name": "a", "cost": "0.1", "exact": "0.000012345"} for _ in range(3)))
    told = "SELECT SUM(CAST(cost AS NUMERIC)) AS c, SUM(exact) AS e, CAST('1e-9' AS NUMERIC), SUM(cost) > 0.3 FROM ds.t"
    answer = ask(lake, told)
    assert cells(answer) == [["0.3", "0.000037035", "0.000000001", "true"]]
    assert [one["name"] for one in answer["schema"]["fields"]] == ["c", "e", "f0_", "f1_"]


BY_TENANT = """
SELECT (SELECT value FROM UNNEST(labels) WHERE key = 'tenant' LIMIT 1) AS tenant, SUM(cost) AS c FROM ds.t GROUP BY tenant ORDER BY c
"""


def test_pitfall_24_labels_are_asked_in_a_query_of_their_own(lake: Google) -> None:
    stream(lake, {"name": "a", "cost": 1, "labels": LABELS}, {"name": "b", "cost": 2})
    assert cells(ask(lake, BY_TENANT)) == [
        ["ten_a", "1.0"],
        [None, "2.0"],
    ]
    fanned = ask(lake, "SELECT SUM(cost) AS c FROM ds.t, UNNEST(labels) AS l")
    assert cells(fanned) == [["2.0"]]


def test_parameters_have_their_types(lake: Google) -> None:
    stream(lake, {"name": "a", "n": 1, "day": "2026-11-28", "exact": "1.5"}, {"name": "b", "n": 2})
    told = [
        parameter("n", "INT64", "1"),
        parameter("day", "DATE", "2026-11-28"),
        parameter("exact", "NUMERIC", "1.5"),
    ]
    sql = "SELECT name FROM `p-1.ds.t` WHERE n = @n AND day = @day AND exact = @exact"
    assert cells(ask(lake, sql, *told)) == [["a"]]
    listed = {"name": "all", "parameterType": {"type": "ARRAY", "arrayType": {"type": "STRING"}},
              "parameterValue": {"arrayValues": [{"value": "b"}, {"value": "it's"}]}}  # fmt: skip
    assert cells(ask(lake, "SELECT name FROM ds.t WHERE name IN UNNEST(@all)", listed)) == [["b"]]
    placed = {"parameterType": {"type": "INT64"}, "parameterValue": {"value": "2"}}
    assert cells(ask(lake, "SELECT name FROM ds.t WHERE n = ?", placed, parameterMode="POSITIONAL")) == [
        ["b"]
    ]
    wrong = {"query": sql, "useLegacySql": False, "queryParameters": [parameter("n", "INT64", "one")]}
    assert lake.say("POST", QUERIES, wrong).status_code == 400


@pytest.mark.parametrize(
    ("sql", "code", "reason", "says"),
    [
        ("SELEC 1", 400, "invalidQuery", "Syntax error"),
        ("SELECT nobody FROM ds.t", 400, "invalidQuery", "Unrecognized name: nobody"),
        ("SELECT 1 FROM ds.none", 404, "notFound", "Not found: Table p-1:ds.none"),
        ("SELECT 1 FROM t", 400, "invalidQuery", "must be qualified with a dataset"),
        ("SELECT * FROM ds.t WHERE n = @n", 400, "invalidQuery", "Query parameter 'n' not found"),
        ("SELECT * FROM read_text('/etc/passwd')", 400, "invalidQuery", "Table-valued function not found"),
        ("SELECT * FROM `/etc/passwd`", 400, "invalidQuery", "must be qualified"),
        ("DROP TABLE ds.t", 400, "invalidQuery", "one SELECT"),
        ("SELECT 1; SELECT 2", 400, "invalidQuery", "one SELECT"),
        ("SELECT getenv('HOME')", 400, "invalidQuery", "getenv"),
    ],
)
def test_a_query_that_is_wrong_is_refused_as_google_does(
    lake: Google, sql: str, code: int, reason: str, says: str
) -> None:
    answer = lake.say("POST", QUERIES, {"query": sql, "useLegacySql": False})
    error = answer.json()["error"]
    assert (answer.status_code, error["errors"][0]["reason"]) == (code, reason)
    assert says in error["message"]
    job = lake.made(f"{BASE}/jobs", {"configuration": {"query": {"query": sql, "useLegacySql": False}}})
    assert job["status"]["errorResult"]["reason"] == reason  # type: ignore[index]
    assert lake.say("GET", f"{QUERIES}/{job['jobReference']['jobId']}").status_code == code  # type: ignore[index]


def test_a_query_is_in_the_older_dialect_unless_it_says_so(lake: Google) -> None:
    assert lake.say("POST", QUERIES, {"query": "SELECT 1"}).status_code == 400
    assert cells(ask(lake, "SELECT 1")) == [["1"]]


def test_an_answer_comes_in_pages(lake: Google) -> None:
    stream(lake, *({"name": f"{number:02}"} for number in range(25)))
    first = ask(lake, "SELECT name FROM ds.t ORDER BY name", maxResults=10)
    job, names = first["jobReference"]["jobId"], [one[0] for one in cells(first)]
    page = first
    while token := page.get("pageToken"):
        page = lake.say("GET", f"{QUERIES}/{job}", maxResults="10", pageToken=str(token)).json()
        names += [one[0] for one in cells(page)]
    assert names == [f"{number:02}" for number in range(25)]
    assert (page["totalRows"], page["jobComplete"]) == ("25", True)
    none = lake.say("GET", f"{QUERIES}/{job}", maxResults="0").json()
    assert ("rows" not in none, none["schema"]) == (True, first["schema"])
    assert lake.say("GET", f"{QUERIES}/{job}", startIndex="24").json()["rows"] == [{"f": [{"v": "24"}]}]
    assert lake.say("GET", f"{QUERIES}/none").status_code == 404
    assert lake.say("GET", f"{BASE}/jobs/{job}").json()["status"] == {"state": "DONE"}


def test_a_dry_run_reads_nothing_and_leaves_nothing(lake: Google) -> None:
    stream(lake, {"name": "a"})
    answer = ask(lake, "SELECT name, n FROM ds.t", dryRun=True)
    assert ("rows" in answer, [one["name"] for one in answer["schema"]["fields"]]) == (False, ["name", "n"])
    configuration = {"dryRun": True, "query": {"query": "SELECT n FROM ds.t", "useLegacySql": False}}
    job = lake.made(f"{BASE}/jobs", {"configuration": configuration})
    assert int(job["statistics"]["totalBytesProcessed"]) > 0  # type: ignore[index]
    assert "jobs" not in lake.say("GET", f"{BASE}/jobs").json()
    wrong = {"dryRun": True, "query": {"query": "SELECT x FROM ds.t", "useLegacySql": False}}
    assert lake.say("POST", f"{BASE}/jobs", {"configuration": wrong}).status_code == 400


def test_rows_that_do_not_fit_are_told_and_none_is_written(lake: Google) -> None:
    good, wrong = {"name": "a"}, [{"n": 1}, {"name": "b", "n": "many"}, {"name": "c", "colour": "red"}]
    answer = stream(lake, good, *wrong)
    told = [
        (one["index"], one["errors"][0]["reason"], one["errors"][0]["location"])
        for one in answer["insertErrors"]
    ]
    assert told == [(0, "stopped", ""), (1, "invalid", "name"), (2, "invalid", "n"), (3, "invalid", "colour")]
    assert cells(ask(lake, "SELECT COUNT(*) AS n FROM ds.t")) == [["0"]]
    assert (
        len(stream(lake, good, *wrong, skipInvalidRows=True, ignoreUnknownValues=True)["insertErrors"]) == 2
    )
    assert cells(ask(lake, "SELECT name FROM ds.t ORDER BY name")) == [["a"], ["c"]]
    twice = {"rows": [{"insertId": "1", "json": {"name": "once"}}]}
    for _ in range(2):
        lake.made(f"{BASE}/datasets/ds/tables/t/insertAll", twice)
    assert cells(ask(lake, "SELECT COUNT(*) AS n FROM ds.t WHERE name = 'once'")) == [["1"]]


def load(google: Google, address: str, **more: str) -> dict[str, Any]:
    told = {
        "sourceUris": [address],
        "sourceFormat": "NEWLINE_DELIMITED_JSON",
        "schema": {"fields": FIELDS},
        "destinationTable": {"projectId": "p-1", "datasetId": "ds", "tableId": "loaded"},
        **more,
    }
    return dict(google.made(f"{BASE}/jobs", {"configuration": {"load": told}}))


def test_lines_of_a_bucket_are_loaded_all_or_none(lake: Google, tmp_path: Path) -> None:
    lake.made("/storage/storage/v1/b", {"name": "exports"}, project="p-1")
    folder = tmp_path / "buckets/exports"
    (folder / "1.json").write_text('{"name": "a", "labels": [{"key": "k", "value": "v"}]}\n\n{"name": "b"}\n')
    (folder / "2.json.gz").write_bytes(gzip.compress(b'{"name": "c", "exact": "0.000000001"}'))
    assert load(lake, "gs://exports/*.json*")["statistics"]["load"]["outputRows"] == "3"
    assert cells(ask(lake, "SELECT name, exact FROM ds.loaded ORDER BY name")) == [
        ["a", None],
        ["b", None],
        ["c", "0.000000001"],
    ]
    (folder / "wrong.json").write_text('{"name": "d"}\n{"nobody": 1}\n')
    for address in ("gs://exports/wrong.json", "gs://exports/none.json"):
        assert "errorResult" in load(lake, address)["status"]
    assert "errorResult" in load(lake, "gs://exports/1.json", writeDisposition="WRITE_EMPTY")["status"]
    assert cells(ask(lake, "SELECT COUNT(*) AS n FROM ds.loaded")) == [["3"]]
    load(lake, "gs://exports/1.json", writeDisposition="WRITE_TRUNCATE")
    assert cells(ask(lake, "SELECT COUNT(*) AS n FROM ds.loaded")) == [["2"]]


def test_what_a_query_found_is_kept_in_a_table_and_a_view_is_asked_anew(lake: Google) -> None:
    stream(lake, {"name": "a", "labels": LABELS, "at": "2026-11-28T10:00:00Z"})
    reference = {"projectId": "p-1", "datasetId": "ds", "tableId": "kept"}
    told = {
        "query": "SELECT name, labels, at FROM ds.t",
        "useLegacySql": False,
        "destinationTable": reference,
    }
    lake.made(f"{BASE}/jobs", {"configuration": {"query": told}})
    assert cells(ask(lake, "SELECT * FROM ds.kept")) == cells(ask(lake, "SELECT name, labels, at FROM ds.t"))
    view = {"query": "SELECT name FROM `p-1.ds.t`", "useLegacySql": False}
    lake.made(f"{BASE}/datasets/ds/tables", {"tableReference": {**reference, "tableId": "v"}, "view": view})
    stream(lake, {"name": "b"})
    assert cells(ask(lake, "SELECT COUNT(*) AS n FROM v", defaultDataset={"datasetId": "ds"})) == [["2"]]


def test_a_table_gets_columns_goes_with_its_rows_and_is_there_again_after_a_restart(
    lake: Google, tmp_path: Path
) -> None:
    stream(lake, {"name": "a"})
    more = [*FIELDS, {"name": "new", "type": "BOOL"}]
    lake.say("PATCH", f"{BASE}/datasets/ds/tables/t", {"schema": {"fields": more}}).raise_for_status()
    stream(lake, {"name": "b", "new": True})
    assert isinstance(lake.world.warehouse, Duck)
    lake.world.warehouse.close()
    lake.world.warehouse = Duck(tmp_path)
    assert cells(ask(lake, "SELECT name, new FROM ds.t ORDER BY name")) == [["a", None], ["b", "true"]]
    lake.say("DELETE", f"{BASE}/datasets/ds", deleteContents="true").raise_for_status()
    assert (
        lake.say("POST", QUERIES, {"query": "SELECT 1 FROM ds.t", "useLegacySql": False}).status_code == 404
    )
    made_in(lake, "t", FIELDS)
    assert cells(ask(lake, "SELECT COUNT(*) AS n FROM ds.t")) == [["0"]]
    lake.world.warehouse.close()
