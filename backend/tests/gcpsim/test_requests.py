"""What is refused for how it is written: types, names, formats, masks; and the two ways Google says so."""

from gcpsim.clock import Clock
from tests.gcpsim.conftest import Google
from tests.gcpsim.test_serving import SECRET, SECRETS, SERVICE, SERVICES

IMAGE = {"image": "i"}


def problems(answer: object) -> list[str]:
    """The fields a refusal blames."""
    details = answer.json()["error"]["details"][0]  # type: ignore[attr-defined]
    assert details["@type"] == "type.googleapis.com/google.rpc.BadRequest"
    return [violation["field"] for violation in details["fieldViolations"]]


def test_all_that_is_wrong_is_said_at_once(google: Google) -> None:
    body = {
        "templat": {},
        "ingress": "INGRESS_TRAFFIC_SOME",
        "template": {"timeout": "5 minutes", "containers": [{"args": "x"}], "volumes": {}},
    }
    answer = google.say("POST", SERVICES, body, serviceId="shop")
    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert problems(answer) == [
        "templat",
        "ingress",
        "template.timeout",
        "template.containers[0].args",
        "template.containers[0].image",
        "template.volumes",
    ]


def test_numbers_out_of_range_and_text_for_numbers_are_refused(google: Google) -> None:
    for wrong in (2**31, 1.5, "many", True):
        template = {"containers": [IMAGE], "maxInstanceRequestConcurrency": wrong}
        assert google.say("POST", SERVICES, {"template": template}, serviceId="shop").status_code == 400, (
            wrong
        )
    google.made(
        SERVICES,
        {"template": {"containers": [IMAGE], "maxInstanceRequestConcurrency": "20"}},
        serviceId="shop",
    )


def test_an_enum_by_its_number_is_kept_by_its_name(google: Google) -> None:
    google.made(SERVICES, {**SERVICE, "ingress": 2, "launchStage": 3}, serviceId="shop")
    shown = google.say("GET", f"{SERVICES}/shop").json()
    assert (shown["ingress"], shown["launchStage"]) == ("INGRESS_TRAFFIC_INTERNAL_ONLY", "BETA")


def test_names_of_protos_nulls_and_what_only_google_writes_are_read_as_google_does(google: Google) -> None:
    body = {
        "template": {"containers": [IMAGE], "service_account": None, "max_instance_request_concurrency": 20},
        "uid": "mine",
        "labels": None,
    }
    google.made(SERVICES, body, serviceId="shop")
    shown = google.say("GET", f"{SERVICES}/shop").json()
    assert shown["template"]["maxInstanceRequestConcurrency"] == 20
    assert shown["uid"] != "mine"
    assert "labels" not in shown


def test_what_is_required_is_required_when_something_is_made_and_not_when_it_changes(google: Google) -> None:
    assert google.say("POST", SERVICES, {}, serviceId="shop").status_code == 400
    google.made(SERVICES, SERVICE, serviceId="shop")
    google.say(
        "PATCH", f"{SERVICES}/shop", {"description": "a shop"}, updateMask="description"
    ).raise_for_status()
    assert (
        google.say("GET", f"{SERVICES}/shop").json()["template"]["containers"][0]["image"]
        == SERVICE["template"]["containers"][0]["image"]
    )


def test_a_mask_means_exactly_its_fields(google: Google) -> None:
    google.made(SERVICES, {**SERVICE, "description": "old", "labels": {"a": "1"}}, serviceId="shop")
    google.say(
        "PATCH", f"{SERVICES}/shop", {"description": "new", "labels": {"a": "2"}}, updateMask="labels"
    ).raise_for_status()
    shown = google.say("GET", f"{SERVICES}/shop").json()
    assert (shown["description"], shown["labels"]) == ("old", {"a": "2"})
    google.say("PATCH", f"{SERVICES}/shop", {}, updateMask="description").raise_for_status()
    assert "description" not in google.say("GET", f"{SERVICES}/shop").json()
    assert google.say("PATCH", f"{SERVICES}/shop", {}, updateMask="flavour").status_code == 400


def test_an_old_etag_changes_nothing(google: Google) -> None:
    google.made(SERVICES, SERVICE, serviceId="shop")
    etag = google.say("GET", f"{SERVICES}/shop").json()["etag"]
    google.say(
        "PATCH", f"{SERVICES}/shop", {"description": "1", "etag": etag}, updateMask="description"
    ).raise_for_status()
    late = google.say(
        "PATCH", f"{SERVICES}/shop", {"description": "2", "etag": etag}, updateMask="description"
    )
    assert (late.status_code, late.json()["error"]["status"]) == (409, "ABORTED")
    assert google.say("DELETE", f"{SERVICES}/shop", etag=etag).status_code == 409
    assert google.say("GET", f"{SERVICES}/shop").json()["description"] == "1"


def test_queries_are_held_against_the_method_too(google: Google) -> None:
    assert google.say("GET", SECRETS, flavour="x").status_code == 400
    assert google.say("GET", SECRETS, pageSize="many").status_code == 400
    google.say("GET", SECRETS, page_size="5", alt="json", prettyPrint="false").raise_for_status()
    google.client.get(SECRETS, params={"$alt": "json;enum-encoding=int"}).raise_for_status()
    missing = google.say("POST", "/storage/storage/v1/b", {"name": "b-1"})
    assert missing.status_code == 400


def test_labels_are_what_billing_can_read(google: Google) -> None:
    for wrong in ({"Team": "x"}, {"a": "With Blanks"}, {"1a": "x"}, {f"l{n}": "x" for n in range(65)}):
        assert google.say("POST", SECRETS, {**SECRET, "labels": wrong}, secretId="x").status_code == 400, (
            wrong
        )
    google.made(SECRETS, {**SECRET, "labels": {"aipress-tenant-id": "t-1", "größe": "ü"}}, secretId="x")


def test_lists_come_in_pages_that_lose_nothing(google: Google) -> None:
    for number in range(7):
        google.made(SECRETS, SECRET, secretId=f"s{number}")
    names, token = [], ""
    while True:
        page = google.say("GET", SECRETS, pageSize="3", pageToken=token).json()
        names += [one["name"].rsplit("/", 1)[-1] for one in page["secrets"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert names == [f"s{number}" for number in range(7)]
    assert google.say("GET", SECRETS, pageToken="elsewhere").status_code == 400


def test_older_apis_say_no_in_their_older_shape(google: Google) -> None:
    for path in (
        "/storage/storage/v1/b/none",
        "/sqladmin/v1/projects/p/instances/none",
        "/dns/dns/v1/projects/p/managedZones/none",
        "/bigquery/bigquery/v2/projects/p/datasets/none",
        "/compute/compute/v1/projects/p/global/urlMaps/none",
    ):
        error = google.say("GET", path).json()["error"]
        assert set(error) == {"code", "message", "errors"}, path
        assert error["errors"][0]["reason"] == "notFound"
    assert google.say("GET", f"{SECRETS}/none").json()["error"]["status"] == "NOT_FOUND"


def test_time_passes_when_it_is_told_to() -> None:
    clock = Clock(0)
    first, second = clock.stamp(), clock.stamp()
    assert first < second
    clock.pass_time(3600)
    assert clock.stamp().startswith("1970-01-01T01:00:00")
