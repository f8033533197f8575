"""Cloud Run's services really run: a container answers visitors, is told what its service says, and ends with it."""

import contextlib
import hashlib
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from gcpsim.machines import podman
from gcpsim.sql import Sql
from tests.gcpsim.running import HEALTHY, SERVICES, Place, eventually, service


def test_a_visitor_reaches_the_container_of_a_service(place: Place) -> None:
    done = place.deploy(
        "shop",
        service(
            {
                "env": [
                    {"name": "COLOUR", "value": "deep # blue 'and' $RED "},
                    {"name": "LINES", "value": "1\n2"},
                ]
            }
        ),
    )
    assert done["response"]["latestReadyRevision"].endswith("/revisions/shop-00001-sim")
    with place.visitor("shop.example.test") as visitor:
        told = visitor.get("/a/b?c=%20d").json()
    assert told["path"] == "/a/b?c=%20d"
    variables = told["variables"]
    assert (variables["COLOUR"], variables["LINES"]) == ("deep # blue 'and' $RED ", "1\n2")
    assert (variables["K_SERVICE"], variables["K_REVISION"]) == ("shop", "shop-00001-sim")
    place.done(place.say("DELETE", f"{SERVICES}/shop"))
    with place.visitor("shop.example.test") as visitor:
        assert visitor.get("/").status_code == 404
    assert podman.labelled(place.containers.label) == []


def test_bodies_cookies_and_statuses_go_through_unchanged(place: Place) -> None:
    place.deploy("mail", service())
    body = bytes(range(256)) * 20_000
    with place.visitor("mail.example.test") as visitor:
        whole = visitor.put("/", content=body).json()
        pieces = visitor.post(
            "/", content=(body[at : at + 70_000] for at in range(0, len(body), 70_000))
        ).json()
        assert whole["sum"] == pieces["sum"] == hashlib.sha256(body).hexdigest()
        answer = visitor.get(
            "/", params={"status": "418", "h-set-cookie.1": "a=1; Path=/", "h-set-cookie.2": "b=2"}
        )
        assert (answer.status_code, answer.headers.get_list("set-cookie")) == (418, ["a=1; Path=/", "b=2"])
        assert visitor.head("/").headers["content-length"].isdigit()
        with visitor.stream("GET", "/stream", params={"pause": "0.1"}) as stream:
            assert "".join(stream.iter_text()) == "firstsecond"
        with pytest.raises(httpx.RemoteProtocolError):
            visitor.get("/half")
    place.done(place.say("DELETE", f"{SERVICES}/mail"))


def test_a_container_that_does_not_start_fails_the_deployment_and_leaves_the_old_one(place: Place) -> None:
    place.deploy("old", service())
    broken = service({"env": [{"name": "FAILS", "value": "1"}]})
    done = place.done(place.say("PATCH", f"{SERVICES}/old", broken, updateMask="template"))
    assert done["error"]["code"] == 9, done
    assert done["error"]["message"].startswith(
        "Revision 'old-00002-sim' is not ready and cannot serve traffic. The user-provided container failed to start and listen"
    )
    shown = place.say("GET", f"{SERVICES}/old").body or {}
    assert shown["latestCreatedRevision"].endswith("old-00002-sim")
    assert shown["latestReadyRevision"].endswith("old-00001-sim")
    assert shown["terminalCondition"]["state"] == "CONDITION_FAILED"
    with place.visitor("old.example.test") as visitor:
        assert visitor.get("/").json()["variables"]["K_REVISION"] == "old-00001-sim"
    said = place.entries('resource.labels.revision_name="old-00002-sim" AND logName:"stderr"')
    assert [one["textPayload"] for one in said] == ["I can't start."]
    place.done(place.say("DELETE", f"{SERVICES}/old"))


def test_an_image_nobody_has_fails_the_deployment(place: Place) -> None:
    done = place.deploy("none", service({"image": "example/none@sha256:" + 64 * "1"}))
    assert done["error"]["code"] == 5
    assert "Image 'example/none@sha256:1111" in done["error"]["message"]
    with place.visitor("none.example.test") as visitor:
        assert visitor.get("/").status_code == 404
    place.done(place.say("DELETE", f"{SERVICES}/none"))


def test_nobody_stays_for_whom_nobody_asks_and_a_visitor_wakes_one(place: Place) -> None:
    place.deploy("quiet", service({"startupProbe": HEALTHY}))
    place.let_all_sleep()
    with place.visitor("quiet.example.test") as visitor:
        assert visitor.get("/").status_code == 200
    place.done(place.say("DELETE", f"{SERVICES}/quiet"))


def test_instances_come_with_the_crowd_and_no_more_than_there_may_be(place: Place) -> None:
    place.deploy(
        "busy", service(template={"maxInstanceRequestConcurrency": 2, "scaling": {"maxInstanceCount": 2}})
    )

    def ask(_: int) -> int:
        with place.visitor("busy.example.test") as visitor:
            return int(visitor.get("/", params={"seconds": "0.3"}).json()["variables"]["PORT"])

    with ThreadPoolExecutor(6) as crowd:
        eventually(lambda: len(set(crowd.map(ask, range(6)))) == 2)
        assert len(set(crowd.map(ask, range(6)))) <= 2
    assert len(podman.labelled(place.containers.label)) == 2
    place.done(place.say("DELETE", f"{SERVICES}/busy"))


def test_the_least_there_must_be_is_there_and_comes_back(place: Place) -> None:
    place.deploy("kept", service(scaling={"minInstanceCount": 1}))
    place.world.clock.pass_time(3600)
    with place.visitor("kept.example.test") as visitor:
        first = visitor.get("/").json()["variables"]["PORT"]
        visitor.get("/print", params={"text": "before"})
        with contextlib.suppress(httpx.HTTPError):
            assert visitor.get("/exit").status_code == 503
        second = eventually(lambda: port if (port := answered(visitor)) not in ("", first) else None)
    assert first != second
    gone = eventually(
        lambda: place.entries('textPayload:"Container called exit" AND resource.labels.service_name="kept"')
    )
    assert gone[0]["severity"] == "WARNING"
    changed = {"scaling": {"minInstanceCount": 0}}
    place.done(place.say("PATCH", f"{SERVICES}/kept", changed, updateMask="scaling.minInstanceCount"))
    place.let_all_sleep()
    told = eventually(
        lambda: place.entries('textPayload="I was told to end." AND resource.labels.service_name="kept"')
    )
    assert len(told) == 1
    place.done(place.say("DELETE", f"{SERVICES}/kept"))


def answered(visitor: httpx.Client) -> str:
    """The port of the instance that answers, or '' where none does."""
    answer = visitor.get("/")
    return str(answer.json()["variables"]["PORT"]) if answer.status_code == 200 else ""


def test_one_that_is_not_well_any_more_is_replaced(place: Place) -> None:
    place.deploy("sick", service({"livenessProbe": {**HEALTHY, "failureThreshold": 1}}))
    with place.visitor("sick.example.test") as visitor:
        first = visitor.get("/").json()["variables"]["PORT"]
        assert visitor.get("/sick").status_code == 200
        eventually(lambda: answered(visitor) not in ("", first))
    ours = 'textPayload:"LIVENESS" AND severity=ERROR AND resource.labels.service_name="sick"'
    assert eventually(lambda: place.entries(ours))
    place.done(place.say("DELETE", f"{SERVICES}/sick"))


def test_pitfall_28_the_latest_secret_is_what_it_was_when_the_instance_started(place: Place) -> None:
    secrets = "/secretmanager/v1/projects/p/secrets"
    place.made(secrets, {"replication": {"automatic": {}}}, secretId="word")
    for data in ("b25l", "dHdvCmxpbmVz"):
        place.made(f"{secrets}/word:addVersion", {"payload": {"data": data}})
    env = [
        {"name": name, "valueSource": {"secretKeyRef": {"secret": "word", "version": version}}}
        for name, version in (("PINNED", "1"), ("NEWEST", "latest"))
    ]
    mounts = [{"name": "secret", "mountPath": "/run/secrets"}]
    volume = {"name": "secret", "secret": {"secret": "word", "items": [{"path": "word.txt", "version": "1"}]}}
    place.deploy("told", service({"env": env, "volumeMounts": mounts}, {"volumes": [volume]}))
    with place.visitor("told.example.test") as visitor:
        variables = visitor.get("/").json()["variables"]
        assert (variables["PINNED"], variables["NEWEST"]) == ("one", "two\nlines")
        assert visitor.get("/file", params={"name": "/run/secrets/word.txt"}).text == "one"
        assert visitor.get("/file", params={"name": "/run/secrets/word.txt", "text": "x"}).status_code == 409
    place.made(f"{secrets}/word:addVersion", {"payload": {"data": "dGhyZWU="}})
    with place.visitor("told.example.test") as visitor:
        assert visitor.get("/").json()["variables"]["NEWEST"] == "two\nlines"
    place.let_all_sleep()
    with place.visitor("told.example.test") as visitor:
        assert visitor.get("/").json()["variables"]["NEWEST"] == "three"
    place.done(place.say("DELETE", f"{SERVICES}/told"))


def test_a_container_writes_into_its_part_of_a_bucket_and_nowhere_else(place: Place) -> None:
    place.made("/storage/v1/b", {"name": "p-uploads-of-tests"}, project="p")
    mounts = [{"name": "uploads", "mountPath": "/srv/uploads"}, {"name": "scratch", "mountPath": "/scratch"}]
    options = ["only-dir=site", "uid=33", "gid=33"]
    volumes = [
        {"name": "uploads", "gcs": {"bucket": "p-uploads-of-tests", "mountOptions": options}},
        {"name": "scratch", "emptyDir": {"medium": "MEMORY", "sizeLimit": "4Ki"}},
    ]
    place.deploy("writes", service({"volumeMounts": mounts}, {"volumes": volumes}))
    with place.visitor("writes.example.test") as visitor:
        for name, status in (
            ("/srv/uploads/a.txt", 200),
            ("/scratch/a", 200),
            ("/tmp/a", 200),
            ("/a.txt", 409),
        ):
            assert visitor.get("/file", params={"name": name, "text": "hello"}).status_code == status, name
        large = {"name": "/scratch/b", "text": "x" * 9000}
        assert visitor.get("/file", params=large).status_code == 409, "it holds what it was said to"
    found = place.say("GET", "/storage/v1/b/p-uploads-of-tests/o").body or {}
    assert [(one["name"], one["size"]) for one in found["items"]] == [("site/a.txt", "5")]
    place.done(place.say("DELETE", f"{SERVICES}/writes"))


def test_traffic_goes_to_the_revisions_it_is_meant_for(place: Place) -> None:
    place.deploy("split", service())
    change = {
        **service({"env": [{"name": "NEW", "value": "1"}]}),
        "traffic": [{"revision": "split-00001-sim", "percent": 100}],
    }
    place.done(place.say("PATCH", f"{SERVICES}/split", change, updateMask="template,traffic"))
    with place.visitor("split.example.test") as visitor:
        assert visitor.get("/").json()["variables"]["K_REVISION"] == "split-00001-sim"
        latest = {"traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}]}
        place.done(place.say("PATCH", f"{SERVICES}/split", latest, updateMask="traffic"))
        assert visitor.get("/").json()["variables"]["K_REVISION"] == "split-00002-sim"
    eventually(lambda: len(podman.labelled(place.containers.label)) == 1)
    place.done(place.say("DELETE", f"{SERVICES}/split"))


class Behind(Sql):
    """An instance of Cloud SQL that is a socket."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "s"
        self.listening = socket.create_server(str(self.place), family=socket.AF_UNIX)
        self.listening.settimeout(30)
        self.place.chmod(0o777)

    def greet(self) -> None:
        with self.listening.accept()[0] as line:
            line.sendall(b"hello")

    def socket(self, instance: str) -> Path | None:
        return self.place if instance == "sqladmin/projects/p/instances/pool" else None


def test_a_database_is_reached_by_the_socket_of_its_connection(place: Place, tmp_path: Path) -> None:
    place.world.sql = behind = Behind(tmp_path)
    volume = {"name": "sql", "cloudSqlInstance": {"instances": ["p:europe-west1:pool"]}}
    mounts = {"volumeMounts": [{"name": "sql", "mountPath": "/cloudsql"}]}
    assert "error" not in place.deploy("reads", service(mounts, {"volumes": [volume]}))
    with behind.listening, ThreadPoolExecutor(1) as greeting, place.visitor("reads.example.test") as visitor:
        greeting.submit(behind.greet)
        assert visitor.get("/socket", params={"name": "/cloudsql/p:europe-west1:pool"}).text == "hello"
    place.done(place.say("DELETE", f"{SERVICES}/reads"))
    volume = {"name": "sql", "cloudSqlInstance": {"instances": ["p:europe-west1:none"]}}
    assert place.deploy("reads", service(mounts, {"volumes": [volume]}))["error"]["code"] == 5
    place.done(place.say("DELETE", f"{SERVICES}/reads"))
    place.world.sql = Sql()
