"""The judge on recordings written here: what counts as agreeing, what a placeholder means, that it can find something."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gcpsim.judge.recordings import recordings_in
from gcpsim.judge.report import judged, report, written
from gcpsim.wire import Json

RUN = "https://run.googleapis.com/v2/projects/${projectId}/locations/us-central1/services"
COMPUTE = "https://compute.googleapis.com/compute/v1/projects/${projectId}/global/urlMaps"
SERVICE = {"template": {"containers": [{"image": "i"}]}}


def exchange(request: str, status: str, answer: object = None, body: object = None) -> str:
    asked = f"{request}\nContent-Type: application/json\n" + (
        f"\n{json.dumps(body, indent=2)}\n" if body is not None else ""
    )
    return f"{asked}\n{status}\nContent-Type: application/json; charset=UTF-8\n\n{json.dumps(answer or {}, indent=2)}\n"


def scored(tmp_path: Path, *exchanges: str) -> Json:
    (tmp_path / "one.http.log").write_text("\n---\n\n".join(exchanges))
    return report(judged(tmp_path))


def statuses(summary: Json) -> list[tuple[int, int]]:
    return [(one["expected"], one["got"]) for one in summary["disagreements"]]


LIFE = (
    exchange(f"GET {RUN}/shop-${{uniqueId}}", "404 Not Found"),
    exchange(
        f"POST {RUN}?serviceId=shop-${{uniqueId}}",
        "200 OK",
        {"name": "projects/${projectId}/locations/us-central1/operations/${operationID}"},
        SERVICE,
    ),
    exchange(
        "GET https://run.googleapis.com/v2/projects/${projectId}/locations/us-central1/operations/${operationID}",
        "200 OK",
        {"done": True},
    ),
    exchange(f"GET {RUN}/shop-${{uniqueId}}", "200 OK", {"etag": "abcdef0123A="}),
    exchange(
        f"PATCH {RUN}/shop-${{uniqueId}}", "200 OK", {"done": True}, {**SERVICE, "etag": "abcdef0123A="}
    ),
    exchange(f"DELETE {RUN}/shop-${{uniqueId}}?etag=abcdef0123A%3D", "200 OK", {"done": True}),
    exchange(f"GET {RUN}/shop-${{uniqueId}}", "404 Not Found"),
)


def test_a_life_that_google_accepted_is_accepted(tmp_path: Path) -> None:
    summary = scored(tmp_path, *LIFE)
    assert (summary["requests"], summary["agree"], summary["disagreements"]) == (7, 7, [])
    assert summary["by_api"] == {"run": {"requests": 7, "agree": 7}}


@pytest.mark.parametrize(
    ("at", "wrong"),
    [
        (1, exchange(f"POST {RUN}?serviceId=shop-${{uniqueId}}", "200 OK", {}, {**SERVICE, "flavour": 1})),
        (
            1,
            exchange(
                f"POST {RUN}?serviceId=shop-${{uniqueId}}", "200 OK", {}, {"template": {"containers": "i"}}
            ),
        ),
        (1, exchange(f"POST {RUN}?serviceId=Shop", "200 OK", {}, SERVICE)),
        (3, exchange(f"GET {RUN}/shop-${{uniqueId}}", "404 Not Found")),
        (3, exchange("GET https://run.googleapis.com/v2/projects/${projectId}/sandwiches/x", "200 OK")),
        (
            5,
            exchange(
                f"DELETE {RUN}/shop-${{uniqueId}}", "400 Bad Request", {"error": {"message": "still in use"}}
            ),
        ),
    ],
)
def test_what_google_would_not_have_said_is_found(tmp_path: Path, at: int, wrong: str) -> None:
    told = list(LIFE)
    told[at] = wrong
    summary = scored(tmp_path, *told)
    assert summary["agree"] < summary["requests"]
    first = summary["disagreements"][0]
    assert first["file"] == "one.http.log"
    assert first["reason"]


def test_one_mistake_counts_once(tmp_path: Path) -> None:
    told = list(LIFE)
    told[1] = exchange(
        f"POST {RUN}?serviceId=shop-${{uniqueId}}", "200 OK", {"name": "x"}, {**SERVICE, "flavour": 1}
    )
    assert statuses(scored(tmp_path, *told)) == [(200, 400)]


def test_the_code_must_be_the_same_not_only_the_refusal(tmp_path: Path) -> None:
    assert statuses(
        scored(
            tmp_path,
            exchange(f"GET {RUN}/shop", "403 Forbidden"),
            LIFE[1].replace("shop-${uniqueId}", "shop"),
        )
    ) == [(403, 404)]


def test_what_the_file_does_not_make_was_there_before(tmp_path: Path) -> None:
    network = "https://compute.googleapis.com/compute/v1/projects/${projectId}/global/networks/default"
    assert scored(tmp_path, exchange(f"GET {network}", "200 OK"))["disagreements"] == []
    assert statuses(scored(tmp_path, exchange(f"GET {network}", "404 Not Found"))) == [(404, 200)]


def test_a_mask_is_told_by_googles_answer_by_what_comes_or_by_what_was_last(tmp_path: Path) -> None:
    def shown(name: str) -> Json:
        return {"name": name, "kind": "compute#urlMap"}

    summary = scored(
        tmp_path,
        exchange(f"GET {COMPUTE}/${{urlMapID}}", "404 Not Found"),
        exchange(
            f"POST {COMPUTE}",
            "200 OK",
            {"operationType": "insert", "name": "${operationID}"},
            {"name": "map-1"},
        ),
        exchange(f"GET {COMPUTE}/${{urlMapID}}", "404 Not Found"),
        exchange(
            f"POST {COMPUTE}",
            "200 OK",
            {"operationType": "insert", "name": "${operationID}"},
            {"name": "map-2"},
        ),
        exchange(f"GET {COMPUTE}/${{urlMapID}}", "200 OK", shown("map-1")),
        exchange(
            f"DELETE {COMPUTE}/${{urlMapID}}", "200 OK", {"operationType": "delete", "status": "RUNNING"}
        ),
        exchange(f"GET {COMPUTE}/${{urlMapID}}", "200 OK", shown("map-2")),
        exchange(
            f"DELETE {COMPUTE}/${{urlMapID}}", "200 OK", {"operationType": "delete", "status": "RUNNING"}
        ),
    )
    assert summary["disagreements"] == []
    again = scored(
        tmp_path,
        *[exchange(f"DELETE {COMPUTE}/${{urlMapID}}", "200 OK", {"status": "RUNNING"})] * 1,
        exchange(f"POST {COMPUTE}", "200 OK", {}, {"name": "map-1"}),
    )
    assert statuses(again) == [(200, 404)]


def test_a_name_google_gave_is_learnt_from_its_answer(tmp_path: Path) -> None:
    groups = "https://monitoring.googleapis.com/v3/projects/${projectId}/groups"
    body = {"displayName": "g", "filter": 'resource.type="x"'}
    summary = scored(
        tmp_path,
        exchange(f"POST {groups}", "200 OK", {"name": "projects/p/groups/4711"}, body),
        exchange(f"GET {groups}/4711", "200 OK"),
        exchange(f"DELETE {groups}/4711", "200 OK"),
        exchange(f"GET {groups}/4711", "404 Not Found"),
    )
    assert summary["disagreements"] == []


def test_grpc_is_judged_as_the_http_it_is_equal_to(tmp_path: Path) -> None:
    policy = {
        "displayName": "x",
        "combiner": "OR",
        "conditions": [{"conditionAbsent": {"filter": "x", "duration": "60s"}}],
    }
    name = "projects/${projectId}/alertPolicies/${alertPolicyID}"
    calls = (
        ("CreateAlertPolicy", {"name": "projects/${projectId}", "alertPolicy": policy}, "OK", {"name": name}),
        ("GetAlertPolicy", {"name": name}, "OK", {"name": name}),
        (
            "UpdateAlertPolicy",
            {"alertPolicy": {**policy, "name": name}, "updateMask": "displayName"},
            "OK",
            {"name": name},
        ),
        ("DeleteAlertPolicy", {"name": name}, "OK", {}),
        ("GetAlertPolicy", {"name": name}, "error: rpc error: code = NotFound desc = gone", {}),
    )
    told = [
        f"GRPC /google.monitoring.v3.AlertPolicyService/{word}\n\n{json.dumps(message)}\n\n{said}\n\n{json.dumps(answer)}\n"
        for word, message, said, answer in calls
    ]
    summary = scored(tmp_path, *told)
    assert (summary["requests"], summary["disagreements"]) == (5, [])


def test_a_recording_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.log").write_text("\n---\n".join([*LIFE, "nonsense", ""]))
    (read,) = recordings_in(tmp_path)
    assert (read.file, len(read.exchanges), read.unread) == ("inner/a.log", 7, 1)
    assert read.exchanges[1].body == SERVICE
    assert read.exchanges[1].query == {"serviceId": ["shop-${uniqueId}"]}


def test_it_is_said_for_people_too(tmp_path: Path) -> None:
    summary = scored(
        tmp_path, exchange(f"GET {RUN}/shop", "500 Internal Server Error", {"error": {"message": "oops"}})
    )
    assert "0 of 1 (0.0 %) of all" in written(summary, as_json=False)
    assert "500, not 200" in written(summary, as_json=False)


def test_the_command_says_it_as_json(tmp_path: Path) -> None:
    (tmp_path / "one.log").write_text(LIFE[0])
    command = [sys.executable, "-P", "-m", "gcpsim", "judge", str(tmp_path), "--json"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert set(json.loads(done.stdout)) >= {"requests", "agree", "by_api", "disagreements"}


def test_a_cache_without_a_policy_is_judged_as_any(tmp_path: Path) -> None:
    place = "https://memorystore.googleapis.com/v1/projects/${projectId}/locations/us-central1"
    made = {"name": "projects/${projectId}/locations/us-central1/operations/${operationID}"}
    body = {"shardCount": 1, "nodeType": "STANDARD_SMALL"}
    summary = scored(
        tmp_path, exchange(f"POST {place}/instances?instanceId=c-${{uniqueId}}", "200 OK", made, body)
    )
    assert statuses(summary) == []
