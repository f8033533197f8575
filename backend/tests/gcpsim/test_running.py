"""Cloud Run's services really run: a container answers visitors, is told what its service says, and ends with it."""

import hashlib

from gcpsim.machines import podman
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
    place.world.clock.pass_time(61)
    eventually(lambda: not podman.labelled(place.containers.label))
    with place.visitor("quiet.example.test") as visitor:
        assert visitor.get("/").status_code == 200
    place.done(place.say("DELETE", f"{SERVICES}/quiet"))
