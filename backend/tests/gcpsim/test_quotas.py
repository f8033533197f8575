"""How many a minute, and how many at all: held by the simulator's clock where a world asks for it."""

import pytest

from gcpsim.rates import RATES
from tests.gcpsim.conftest import Google

BUCKETS, SECRETS = "/storage/storage/v1/b", "/secretmanager/v1/projects/p/secrets"


def bucket(google: Google, number: int, project: str = "p") -> int:
    name = {"name": f"{project}-bucket-{number}"}
    return google.say("POST", BUCKETS, name, project=project).status_code


def test_nobody_counts_unless_asked_to(google: Google) -> None:
    assert {bucket(google, number) for number in range(40)} == {200}


def test_a_minute_has_thirty_buckets_of_a_project_and_then_the_next_one_begins(google: Google) -> None:
    google.world.limits_rates = True
    assert [bucket(google, number) for number in range(31)] == [200] * 30 + [429]
    assert bucket(google, 1, "another-project") == 200
    assert google.say("GET", f"{BUCKETS}/p-bucket-1").status_code == 200, "who looks is not counted"
    google.world.clock.pass_time(59)
    assert bucket(google, 30) == 429
    google.world.clock.pass_time(2)
    assert bucket(google, 30) == 200


def test_what_is_too_much_says_so_as_google_does(google: Google) -> None:
    google.world.limits_rates = True
    body = {"replication": {"automatic": {}}}
    answers = [google.say("POST", SECRETS, body, secretId=f"s{number}") for number in range(601)]
    assert [one.status_code for one in answers] == [200] * 600 + [429]
    assert answers[-1].json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert "600 per minute" in answers[-1].json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "counts"),
    [
        ("secretmanager.projects.secrets.addVersion", True),
        ("secretmanager.projects.secrets.setIamPolicy", True),
        ("secretmanager.projects.secrets.versions.access", False),
        ("run.projects.locations.services.create", True),
        ("run.projects.locations.services.list", False),
        ("storage.buckets.patch", False),
        ("storage.objects.insert", False),
        ("iam.projects.serviceAccounts.create", True),
        ("sql.instances.executeSql", False),
    ],
)
def test_which_calls_count(method: str, counts: bool) -> None:
    assert any(rate.methods.match(method) for rate in RATES) is counts


def test_a_project_and_a_region_show_what_they_may_have_and_have(google: Google) -> None:
    def shown(path: str, metric: str) -> tuple[float, float]:
        quotas = google.say("GET", f"/compute/v1/projects/p{path}").json()["quotas"]
        return next((one["usage"], one["limit"]) for one in quotas if one["metric"] == metric)

    assert shown("", "BACKEND_SERVICES") == (0, 2000)
    google.world.limits["compute/projects/p/global/BACKEND_SERVICES"] = 1
    backends = "/compute/compute/v1/projects/p/global/backendServices"
    google.made(backends, {"name": "one"})
    assert shown("", "BACKEND_SERVICES") == (1, 1)
    refused = google.say("POST", backends, {"name": "two"})
    assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (403, "quotaExceeded")
    assert shown("/regions/europe-west1", "NETWORK_ENDPOINT_GROUPS") == (0, 2000)


def test_how_many_service_accounts_there_may_be_is_told(google: Google) -> None:
    path = "/serviceusage/v1beta1/projects/p/services/iam.googleapis.com/consumerQuotaMetrics"

    def most() -> str:
        (metric,) = google.say("GET", path).json()["metrics"]
        assert metric["metric"] == "iam.googleapis.com/quota/service-account-count"
        return str(metric["consumerQuotaLimits"][0]["quotaBuckets"][0]["effectiveLimit"])

    assert most() == "100"
    google.world.limits["p/iam.googleapis.com/quota/service-account-count"] = 950
    assert most() == "950"
