"""Over HTTP: a service's life with its operation, a secret's, what is written down, and what goes wrong on purpose."""

import httpx
import pytest

from gcpsim.faults import Fault, parse_fault
from tests.gcpsim.conftest import Google

SERVICES = "/run/v2/projects/p/locations/europe-west1/services"
SECRETS = "/secretmanager/v1/projects/p/secrets"
SERVICE = {"template": {"containers": [{"image": "docker.io/library/wordpress@sha256:0"}]}}
SECRET = {"replication": {"automatic": {}}}


def test_a_service_comes_is_seen_and_goes_by_operations(google: Google) -> None:
    google.world.latency = 30
    assert google.say("GET", f"{SERVICES}/shop").status_code == 404
    begun = google.made(SERVICES, SERVICE, serviceId="shop")
    operation = f"/run/v2/{begun['name']}"
    assert "done" not in begun
    assert "done" not in google.say("GET", operation).json()
    google.say("POST", "/_gcpsim/clock", {"seconds": 31})
    done = google.say("GET", operation).json()
    assert done["done"] is True
    assert done["response"]["@type"] == "type.googleapis.com/google.cloud.run.v2.Service"
    shown = google.say("GET", f"{SERVICES}/shop").json()
    assert shown["uri"].startswith("https://shop-")
    assert [one["name"] for one in google.say("GET", SERVICES).json()["services"]] == [shown["name"]]
    google.say("DELETE", f"{SERVICES}/shop").raise_for_status()
    assert google.say("GET", f"{SERVICES}/shop").status_code == 404
    assert google.say("GET", f"{SERVICES}/shop/revisions").status_code == 404


def test_a_secret_is_numbered_read_checked_and_destroyed(google: Google) -> None:
    google.made(SECRETS, SECRET, secretId="t-a-db")
    assert google.say("POST", SECRETS, SECRET, secretId="t-a-db").status_code == 409
    first = google.made(
        f"{SECRETS}/t-a-db:addVersion", {"payload": {"data": "aHVudGVyMg==", "dataCrc32c": "1736498283"}}
    )
    assert first["name"] == "projects/p/secrets/t-a-db/versions/1"
    payload = google.say("GET", f"{SECRETS}/t-a-db/versions/latest:access").json()["payload"]
    assert payload == {"data": "aHVudGVyMg==", "dataCrc32c": "1736498283"}
    wrong = google.say(
        "POST", f"{SECRETS}/t-a-db:addVersion", {"payload": {"data": "aHVudGVyMg==", "dataCrc32c": "1"}}
    )
    assert wrong.status_code == 400
    google.say("POST", f"{SECRETS}/t-a-db/versions/1:destroy", {}).raise_for_status()
    assert google.say("GET", f"{SECRETS}/t-a-db/versions/1:access").status_code == 400
    assert google.say("POST", f"{SECRETS}/t-a-db/versions/1:enable", {}).status_code == 400


def test_an_api_is_named_by_host_or_by_path(google: Google) -> None:
    google.made(SECRETS, SECRET, secretId="x")
    by_host = google.client.get("/v1/projects/p/secrets/x", headers={"Host": "secretmanager.googleapis.com"})
    by_path = google.client.get("/secretmanager/v1/projects/p/secrets/x")
    by_itself = google.client.get("/v1/projects/p/secrets/x")
    assert by_host.json() == by_path.json() == by_itself.json()
    regional = {"Host": "secretmanager.europe-west1.rep.googleapis.com"}
    assert google.client.get("/v1/projects/p/secrets/x", headers=regional).status_code == 200
    assert (
        google.client.get("/v1/projects/p/secrets/x", headers={"Host": "run.googleapis.com"}).status_code
        == 404
    )


def test_an_api_without_a_document_keeps_to_the_conventions(google: Google) -> None:
    quotas = {"Host": "cloudquotas.googleapis.com"}
    wishes = "/v1/projects/p/locations/global/quotaPreferences"

    def say(method: str, path: str, body: object = None) -> httpx.Response:
        return google.client.request(method, path, json=body, headers=quotas)

    assert say("GET", f"{wishes}/run").status_code == 404
    assert (
        say("POST", f"{wishes}?quotaPreferenceId=run", {"quotaConfig": {"preferredValue": "5"}}).status_code
        == 200
    )
    assert say("POST", f"{wishes}?quotaPreferenceId=run", {}).status_code == 409
    assert say("PATCH", f"{wishes}/run", {"quotaConfig": {"preferredValue": "6"}}).json()["quotaConfig"] == {
        "preferredValue": "6"
    }
    assert say("DELETE", f"{wishes}/run").status_code == 200
    assert say("GET", f"{wishes}/run").status_code == 404
    assert say("GET", "/nowhere").status_code == 404


def test_an_endpoint_may_be_given_without_version(google: Google) -> None:
    google.made("/compute/projects/p/global/urlMaps", {"name": "edge"})
    assert google.say("GET", "/compute/v1/projects/p/global/urlMaps/edge").status_code == 200
    google.made(
        "/run/apis/serving.knative.dev/v1/namespaces/p/services",
        {"metadata": {"name": "old", "namespace": "p"}, "kind": "Service"},
    )
    assert google.say("GET", "/run/apis/serving.knative.dev/v1/namespaces/p/services/old").status_code == 200


def test_what_was_asked_is_written_down_without_secrets(google: Google) -> None:
    google.made(SECRETS, SECRET, secretId="x")
    google.made(f"{SECRETS}/x:addVersion", {"payload": {"data": "aHVudGVyMg=="}})
    google.made(
        "/sqladmin/v1/projects/p/instances",
        {"name": "pool", "rootPassword": "hunter2", "settings": {"tier": "db-f1-micro"}},
    )
    journal = google.say("GET", "/_gcpsim/journal")
    assert journal.json()["entries"][0]["method_id"] == "secretmanager.projects.secrets.create"
    assert "hunter2" not in journal.text
    assert "aHVudGVyMg" not in journal.text


@pytest.mark.parametrize(("kind", "code"), [("429", 429), ("503", 503)])
def test_a_refusal_on_purpose_changes_nothing_and_passes(google: Google, kind: str, code: int) -> None:
    google.world.faults.planned.append(Fault(kind, "secretmanager.*.create"))
    assert google.say("POST", SECRETS, SECRET, secretId="x").status_code == code
    assert google.say("GET", f"{SECRETS}/x").status_code == 404
    google.made(SECRETS, SECRET, secretId="x")


def test_a_lost_answer_is_lost_after_it_was_done(google: Google) -> None:
    google.say("POST", "/_gcpsim/faults", {"fault": "lost:secretmanager.*.create"}).raise_for_status()
    with pytest.raises(httpx.RemoteProtocolError):
        google.say("POST", SECRETS, SECRET, secretId="x")
    assert google.say("POST", SECRETS, SECRET, secretId="x").status_code == 409


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
def test_what_is_no_message_is_refused(google: Google, text: str) -> None:
    answer = google.client.post(
        SECRETS, content=text, headers={"Content-Type": "application/json"}, params={"secretId": "x"}
    )
    assert answer.status_code == 400


def test_there_is_nothing_where_no_method_is(google: Google) -> None:
    assert google.say("GET", "/run/v2/projects/p/locations/l/sandwiches").status_code == 404
    assert google.say("GET", "/nowhere").status_code == 404


def test_faults_are_told_in_one_word_each() -> None:
    assert parse_fault("503:run.*:2:1") == Fault("503", "run.*", 2, 1)
    with pytest.raises(ValueError, match="there is no fault 'fire'"):
        parse_fault("fire")
