"""Who may what: grants, since when they hold, what a service's account may read, and APIs that are switched off."""

import pytest

from gcpsim.roles import ROLES, allows
from tests.gcpsim.conftest import Google

PROJECT = "/cloudresourcemanager/v1/projects/p"
SECRETS, SERVICES = "/secretmanager/v1/projects/p/secrets", "/run/v2/projects/p/locations/r/services"
MAIL = "w-number-one@p.iam.gserviceaccount.com"
READS = "roles/secretmanager.secretAccessor"
OURS = "serviceAccount:control@p.iam.gserviceaccount.com"
SERVICE = {
    "template": {
        "serviceAccount": MAIL,
        "containers": [
            {
                "image": "i",
                "env": [{"name": "A", "valueSource": {"secretKeyRef": {"secret": "key", "version": "1"}}}],
            }
        ],
    }
}


def grant(google: Google, path: str, role: str, member: str = f"serviceAccount:{MAIL}") -> None:
    google.made(f"{path}:setIamPolicy", {"policy": {"bindings": [{"role": role, "members": [member]}]}})


@pytest.fixture
def prepared(google: Google) -> Google:
    """A secret with a value, and an account that may read nothing yet."""
    google.made("/iam/v1/projects/p/serviceAccounts", {"accountId": "w-number-one"})
    google.made(SECRETS, {"replication": {"automatic": {}}}, secretId="key")
    google.made(f"{SECRETS}/key:addVersion", {"payload": {"data": "eA=="}})
    return google


def deployed(google: Google, name: str) -> dict[str, object]:
    """The operation that made a service, and the service it left."""
    operation = google.made(SERVICES, SERVICE, serviceId=name)
    return {"operation": operation, "service": google.say("GET", f"{SERVICES}/{name}").json()}


def test_a_revision_whose_account_may_not_read_its_secret_never_becomes_ready(prepared: Google) -> None:
    failed = deployed(prepared, "shop")
    assert failed["operation"]["error"]["code"] == 7
    assert "roles/secretmanager.secretAccessor" in failed["operation"]["error"]["message"]
    assert failed["service"]["terminalCondition"]["state"] == "CONDITION_FAILED"
    assert "latestReadyRevision" not in failed["service"]
    grant(prepared, f"{SECRETS}/key", READS)
    mended = prepared.say("PATCH", f"{SERVICES}/shop", SERVICE).json()
    assert "error" not in mended
    assert (
        prepared.say("GET", f"{SERVICES}/shop").json()["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"
    )


@pytest.mark.parametrize(
    ("path", "role", "member", "works"),
    [
        (f"{SECRETS}/key", READS, f"serviceAccount:{MAIL}", True),
        (PROJECT, READS, f"serviceAccount:{MAIL}", True),
        (PROJECT, "roles/owner", f"serviceAccount:{MAIL}", True),
        (f"{SECRETS}/key", READS, "allUsers", True),
        (PROJECT, "roles/editor", f"serviceAccount:{MAIL}", False),
        (f"{SECRETS}/key", "roles/secretmanager.viewer", f"serviceAccount:{MAIL}", False),
        (f"{SECRETS}/key", READS, "serviceAccount:w-number-two@p.iam.gserviceaccount.com", False),
        (f"{SECRETS}/key", "roles/of.nobody", f"serviceAccount:{MAIL}", False),
    ],
)
def test_what_a_grant_is_worth(prepared: Google, path: str, role: str, member: str, works: bool) -> None:
    grant(prepared, path, role, member)
    assert ("error" not in deployed(prepared, "shop")["operation"]) is works


def test_a_grant_is_heard_of_after_a_while_and_an_old_one_stays_as_old_as_it_is(prepared: Google) -> None:
    prepared.world.iam_delay = 30
    grant(prepared, f"{SECRETS}/key", READS)
    prepared.world.clock.pass_time(29)
    assert "error" in deployed(prepared, "early")["operation"]
    policy = prepared.say("GET", f"{SECRETS}/key:getIamPolicy").json()
    policy["bindings"].append({"role": "roles/secretmanager.viewer", "members": ["allUsers"]})
    prepared.made(f"{SECRETS}/key:setIamPolicy", {"policy": policy})
    prepared.world.clock.pass_time(1)
    assert "error" not in deployed(prepared, "later")["operation"]


def test_who_asks_is_told_what_they_may(google: Google) -> None:
    asked = {"permissions": ["run.services.create", "iam.serviceAccounts.actAs"]}
    test = f"{PROJECT}:testIamPermissions"
    assert google.made(test, asked)["permissions"] == asked["permissions"], (
        "nobody in particular may do everything"
    )
    google.world.caller = OURS
    assert google.made(test, asked).get("permissions", []) == []
    grant(google, PROJECT, "roles/run.admin", OURS)
    assert google.made(test, asked)["permissions"] == ["run.services.create"]
    google.made(
        "/iam/v1/projects/p/roles", {"roleId": "ours", "role": {"includedPermissions": asked["permissions"]}}
    )
    grant(google, PROJECT, "projects/p/roles/ours", OURS)
    assert google.made(test, asked)["permissions"] == asked["permissions"]


def test_a_role_allows_what_is_written_and_nothing_that_only_begins_like_it() -> None:
    assert allows("roles/cloudsql.client", "cloudsql.instances.connect")
    assert not allows("roles/cloudsql.client", "cloudsql.instances.connectAll")
    assert not allows("roles/run.admin", "runtimeconfig.configs.get")
    assert all(allows(role, told[0] + "x" * told[0].endswith(".")) for role, told in ROLES.items() if told[0])


def test_an_api_that_was_switched_off_answers_nobody_there(google: Google) -> None:
    service = "/serviceusage/v1/projects/p/services/secretmanager.googleapis.com"
    assert google.say("GET", SECRETS).status_code == 200
    google.made(f"{service}:disable", {})
    refused = google.say("GET", SECRETS)
    assert (refused.status_code, refused.json()["error"]["status"]) == (403, "PERMISSION_DENIED")
    assert google.say("GET", SECRETS.replace("/p/", "/q/")).status_code == 200
    google.made(
        "/serviceusage/v1/projects/p/services:batchEnable", {"serviceIds": ["secretmanager.googleapis.com"]}
    )
    assert google.say("GET", SECRETS).status_code == 200
    on = google.say("GET", "/serviceusage/v1/projects/p/services", filter="state:ENABLED").json()
    assert [one["name"].rsplit("/", 1)[-1] for one in on["services"]] == ["secretmanager.googleapis.com"]
