"""BigQuery's jobs: queries and loads, done as soon as they are asked for; answers in pages."""

from gcpsim.crud import create
from gcpsim.errors import Refused, missing
from gcpsim.rules import Rules
from gcpsim.semantics.bigquery_pages import page_of
from gcpsim.semantics.bigquery_rows import load, save, table_of
from gcpsim.store import Resource
from gcpsim.warehouse import Found, Question
from gcpsim.wire import Json
from gcpsim.world import Call

JOBS = "bigquery.jobs."


def enter(rules: Rules) -> None:
    """Add what jobs do to the API's rules."""
    rules.names(JOBS + "insert")(job_id)
    rules.does(JOBS + "insert")(insert)
    rules.made(JOBS + "insert")(run_job)
    rules.does(JOBS + "query")(query)
    rules.does(JOBS + "getQueryResults")(results)


def job_id(call: Call) -> str:
    """A job may be named by its caller."""
    return str(call.body.get("jobReference", {}).get("jobId", ""))


def insert(call: Call) -> Json:
    """A job; of one that is to run dry, only what it would read."""
    told = call.body.get("configuration", {})
    if not told.get("dryRun") or "query" not in told:
        return create(call)
    found = call.world.warehouse.ask(_question(call, told["query"]), dry=True)
    return {
        "kind": "bigquery#job",
        "jobReference": {"projectId": call.segment("projects"), "location": "US"},
        "configuration": {**told, "jobType": "QUERY"},
        "status": {"state": "DONE"},
        "statistics": {
            "totalBytesProcessed": str(found.read),
            "query": {
                "totalBytesProcessed": str(found.read),
                "statementType": "SELECT",
                "schema": {"fields": found.fields},
            },
        },
    }


def run_job(call: Call, job: Resource) -> None:
    """A job is done as soon as it is asked for; what went wrong is in its status."""
    _describe(call, job, str(call.body.get("jobReference", {}).get("location") or "US"))
    told = job.content.get("configuration", {})
    try:
        if "query" in told:
            _run_query(call, job, told["query"])
        elif "load" in told and call.world.warehouse.keeps:
            job.content["statistics"]["load"] = load(call.world, call.segment("projects"), told["load"])
    except Refused as wrong:
        if wrong.code != 501:
            error = {"reason": wrong.reason, "message": wrong.message, "location": ""}
            job.content["status"] |= {"errorResult": error, "errors": [error]}
            job.hidden["code"] = wrong.code


def _run_query(call: Call, job: Resource, told: Json) -> None:
    found = call.world.warehouse.ask(_question(call, told))
    call.world.warehouse.found[job.key] = found
    if reference := told.get("destinationTable"):
        save(call.world, table_of(reference, call.segment("projects")), told, found)
    read = {"totalBytesProcessed": str(found.read)}
    job.content["statistics"] |= {
        **read,
        "query": {**read, "statementType": "SELECT", "cacheHit": False, "totalBytesBilled": str(found.read)},
    }


def query(call: Call) -> Json:
    """Ask and hear the first page at once."""
    dry, project = bool(call.body.get("dryRun")), call.segment("projects")
    found = call.world.warehouse.ask(_question(call, call.body), dry=dry)
    job = Resource(f"bigquery/projects/{project}/jobs/job_{call.store.number()}", {})
    if not dry:
        told = {
            "query": {"query": call.body["query"], "useLegacySql": False},
            "labels": call.body.get("labels", {}),
        }
        job = call.store.put(job.key, {"configuration": told})
        call.world.warehouse.found[job.key] = found
    _describe(call, job, str(call.body.get("location") or "US"))
    int64 = bool(call.body.get("formatOptions", {}).get("useInt64Timestamp"))
    return {
        "kind": "bigquery#queryResponse",
        **_answer(job, found),
        **page_of(call, found, call.body.get("maxResults"), int64=int64),
    }


def results(call: Call) -> Json:
    """A page of what a job found. Raises what it failed with."""
    job = call.store.get(call.key.replace("/queries/", "/jobs/"))
    if job is None:
        raise missing(call.name)
    if error := job.content.get("status", {}).get("errorResult"):
        raise Refused(int(job.hidden["code"]), error["message"], reason=error["reason"])
    found = call.world.warehouse.found.get(job.key)
    if found is None and "query" in job.content.get("configuration", {}):
        raise missing(call.name)
    int64 = call.query.get("formatOptions.useInt64Timestamp") == "true"
    found = found or Found()
    return {
        "kind": "bigquery#getQueryResultsResponse",
        "etag": job.etag,
        **_answer(job, found),
        **page_of(call, found, call.query.get("maxResults"), int64=int64),
    }


def _answer(job: Resource, found: Found) -> Json:
    answer: Json = {
        "jobReference": job.content["jobReference"],
        "jobComplete": True,
        "cacheHit": False,
        "totalBytesProcessed": str(found.read),
    }
    return answer | ({"schema": {"fields": found.fields}} if found.fields else {})


def _describe(call: Call, job: Resource, location: str) -> None:
    project, now = call.segment("projects"), str(int(call.world.clock.now() * 1000))
    told = job.content.setdefault("configuration", {})
    told["jobType"] = next(
        (kind.upper() for kind in ("query", "load", "copy", "extract") if kind in told), "UNKNOWN"
    )
    job.content |= {
        "kind": "bigquery#job",
        "id": f"{project}:{location}.{job.id}",
        "jobReference": {"projectId": project, "jobId": job.id, "location": location},
        "status": {"state": "DONE"},
        "statistics": {"creationTime": now, "startTime": now, "endTime": now},
    }


def _question(call: Call, told: Json) -> Question:
    """The query as it was asked: Google takes it for its older dialect unless it is told otherwise."""
    standard = told.get("useLegacySql") is False or "#standardsql" in str(told.get("query", "")).lower()
    default = told.get("defaultDataset", {})
    return Question(
        call.segment("projects"),
        str(told["query"]),
        tuple(told.get("queryParameters", [])),
        (str(default.get("projectId") or call.segment("projects")), str(default.get("datasetId", ""))),
        legacy=not standard,
    )
