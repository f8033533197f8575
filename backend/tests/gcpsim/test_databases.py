"""Cloud SQL and BigQuery: instances with users and databases, datasets with what is in them."""

from gcpsim.warehouse import Found, Question, Warehouse
from tests.gcpsim.conftest import Google

INSTANCES = "/sqladmin/v1/projects/p/instances"
POOL = {
    "name": "pool",
    "databaseVersion": "MYSQL_8_4",
    "settings": {"tier": "db-f1-micro", "userLabels": {"aipress-pool": "pool"}},
}
DATASETS = "/bigquery/bigquery/v2/projects/p/datasets"


def test_an_instance_begins_with_a_user_and_databases(google: Google) -> None:
    google.made(INSTANCES, POOL)
    shown = google.say("GET", f"{INSTANCES}/pool").json()
    assert (shown["state"], shown["connectionName"]) == ("RUNNABLE", "p:us-central1:pool")
    users = google.say("GET", f"{INSTANCES}/pool/users").json()["items"]
    assert [(user["name"], user["host"]) for user in users] == [("root", "%")]
    names = [one["name"] for one in google.say("GET", f"{INSTANCES}/pool/databases").json()["items"]]
    assert "mysql" in names


def test_users_and_databases_come_and_go(google: Google) -> None:
    google.made(INSTANCES, POOL)
    google.made(f"{INSTANCES}/pool/users", {"name": "w1", "password": "hunter2"})
    assert google.say("POST", f"{INSTANCES}/pool/users", {"name": "w1", "host": "%"}).status_code == 409
    assert "hunter2" not in google.say("GET", f"{INSTANCES}/pool/users").text
    google.say("PUT", f"{INSTANCES}/pool/users", {"password": "new"}, name="w1", host="%").raise_for_status()
    google.say("DELETE", f"{INSTANCES}/pool/users", name="w1", host="%").raise_for_status()
    assert google.say("DELETE", f"{INSTANCES}/pool/users", name="w1", host="%").status_code == 404
    database = {"name": "w1", "charset": "utf8mb4", "collation": "utf8mb4_0900_ai_ci"}
    google.made(f"{INSTANCES}/pool/databases", database)
    assert google.say("POST", f"{INSTANCES}/pool/databases", database).status_code == 409
    google.say("DELETE", f"{INSTANCES}/pool/databases/w1").raise_for_status()
    assert google.say("GET", f"{INSTANCES}/pool/databases/w1").status_code == 404
    assert google.say("POST", f"{INSTANCES}/none/databases", database).status_code == 404


def test_settings_are_merged_and_counted(google: Google) -> None:
    google.made(INSTANCES, POOL)
    google.say(
        "PATCH", f"{INSTANCES}/pool", {"settings": {"tier": "db-n1-standard-1", "userLabels": None}}
    ).raise_for_status()
    settings = google.say("GET", f"{INSTANCES}/pool").json()["settings"]
    assert (settings["tier"], settings["edition"], settings["settingsVersion"]) == (
        "db-n1-standard-1",
        "ENTERPRISE",
        "2",
    )
    assert "userLabels" not in settings


def test_a_clone_is_an_instance(google: Google) -> None:
    google.made(INSTANCES, POOL)
    google.made(f"{INSTANCES}/pool/clone", {"cloneContext": {"destinationInstanceName": "copy"}})
    assert google.say("GET", f"{INSTANCES}/copy").json()["name"] == "copy"
    assert (
        google.say(
            "POST", INSTANCES, {**POOL, "name": "x", "settings": {"userLabels": {"A": "b"}}}
        ).status_code
        == 400
    )


def test_a_name_stays_taken_for_a_week(google: Google) -> None:
    google.made(INSTANCES, POOL)
    google.say("DELETE", f"{INSTANCES}/pool").raise_for_status()
    assert google.say("POST", INSTANCES, POOL).status_code == 409
    google.world.clock.pass_time(7 * 24 * 3600 + 1)
    google.made(INSTANCES, POOL)


def test_what_is_protected_or_read_from_stays(google: Google) -> None:
    google.made(INSTANCES, {**POOL, "settings": {"deletionProtectionEnabled": True}})
    assert google.say("DELETE", f"{INSTANCES}/pool").status_code == 400
    google.say(
        "PATCH", f"{INSTANCES}/pool", {"settings": {"deletionProtectionEnabled": False}}
    ).raise_for_status()
    replica = {"name": "replica", "masterInstanceName": "pool"}
    assert google.say("POST", INSTANCES, replica).status_code == 400
    logged = {"settings": {"backupConfiguration": {"enabled": True, "binaryLogEnabled": True}}}
    google.say("PATCH", f"{INSTANCES}/pool", logged).raise_for_status()
    google.made(INSTANCES, replica)
    shown = google.say("GET", f"{INSTANCES}/replica").json()
    assert (shown["databaseVersion"], shown["instanceType"]) == ("MYSQL_8_4", "READ_REPLICA_INSTANCE")
    assert google.say("POST", f"{INSTANCES}/replica/databases", {"name": "w1"}).status_code == 400
    assert google.say("POST", f"{INSTANCES}/replica/users", {"name": "w1"}).status_code == 400
    assert google.say("DELETE", f"{INSTANCES}/pool").status_code == 400
    google.say("DELETE", f"{INSTANCES}/replica").raise_for_status()
    google.say("DELETE", f"{INSTANCES}/pool").raise_for_status()
    assert google.say("POST", INSTANCES, {"name": "orphan", "masterInstanceName": "none"}).status_code == 404


def test_a_replica_becomes_an_instance_of_its_own(google: Google) -> None:
    logged = {"backupConfiguration": {"binaryLogEnabled": True}}
    google.made(INSTANCES, {**POOL, "settings": logged})
    google.made(INSTANCES, {"name": "replica", "masterInstanceName": "p:pool"})
    google.made(f"{INSTANCES}/replica/promoteReplica", {})
    assert google.say("POST", f"{INSTANCES}/replica/promoteReplica", {}).status_code == 400
    google.made(f"{INSTANCES}/replica/databases", {"name": "w1"})
    google.say("DELETE", f"{INSTANCES}/pool").raise_for_status()


def test_pooling_is_enterprise_plus(google: Google) -> None:
    pooled = {"connectionPoolConfig": {"connectionPoolingEnabled": True}}
    assert google.say("POST", INSTANCES, {**POOL, "settings": pooled}).status_code == 400
    google.made(INSTANCES, {**POOL, "settings": {**pooled, "edition": "ENTERPRISE_PLUS"}})
    cheaper = {"settings": {"edition": "ENTERPRISE"}}
    assert google.say("PATCH", f"{INSTANCES}/pool", cheaper).status_code == 400


def test_sql_by_the_api_wants_leave(google: Google) -> None:
    google.made(INSTANCES, POOL)
    asked = {"sqlStatement": "CREATE USER w1", "database": "mysql"}
    assert google.say("POST", f"{INSTANCES}/pool/executeSql", asked).status_code == 400
    google.say(
        "PATCH", f"{INSTANCES}/pool", {"settings": {"dataApiAccess": "ALLOW_DATA_API"}}
    ).raise_for_status()
    seen: list[object] = []

    def run(instance: str, body: dict[str, object]) -> dict[str, object]:
        seen.append((instance, body["sqlStatement"]))
        return {"results": []}

    google.world.statements = run
    google.made(f"{INSTANCES}/pool/executeSql", asked)
    assert seen == [("sqladmin/projects/p/instances/pool", "CREATE USER w1")]


def test_a_dataset_goes_empty_or_on_purpose(google: Google) -> None:
    google.made(DATASETS, {"datasetReference": {"datasetId": "costs", "projectId": "p"}})
    google.made(
        f"{DATASETS}/costs/tables",
        {
            "tableReference": {"projectId": "p", "datasetId": "costs", "tableId": "days"},
            "schema": {"fields": [{"name": "d", "type": "DATE"}]},
        },
    )
    assert google.say("GET", f"{DATASETS}/costs/tables/days").json()["id"] == "p:costs.days"
    assert google.say("DELETE", f"{DATASETS}/costs").json()["error"]["errors"][0]["reason"] == "resourceInUse"
    assert google.say("DELETE", f"{DATASETS}/costs", deleteContents="true").status_code == 204
    assert google.say("GET", f"{DATASETS}/costs/tables/days").status_code == 404
    assert (
        google.say(
            "POST", DATASETS, {"datasetReference": {"datasetId": "two words", "projectId": "p"}}
        ).status_code
        == 400
    )


def test_a_query_nobody_answers_is_refused(google: Google) -> None:
    assert (
        google.say("POST", "/bigquery/bigquery/v2/projects/p/queries", {"query": "SELECT 1"}).status_code
        == 501
    )


def test_a_mistake_behind_is_an_internal_error_and_the_next_call_goes_on(google: Google) -> None:
    class Broken(Warehouse):
        def ask(self, question: Question, *, dry: bool = False) -> Found:
            raise ZeroDivisionError("rows / 0")

    google.world.warehouse = Broken()
    asked = google.say("POST", "/bigquery/bigquery/v2/projects/p/queries", {"query": "SELECT 1"})
    assert (asked.status_code, "ZeroDivisionError" in asked.text) == (500, True)
    google.made(INSTANCES, POOL)
