"""Cloud Logging: sinks, metrics and buckets are resources; entries are written and found by a filter."""

from gcpsim.crud import page, present
from gcpsim.errors import Refused, invalid
from gcpsim.rules import Rules
from gcpsim.semantics.logfilter import parsed
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(soft={"buckets": ("lifecycleState", "DELETE_REQUESTED")})
HOLDERS = ("projects", "organizations", "folders", "billingAccounts")


@RULES.does("logging.entries.write")
def write(call: Call) -> Json:
    """Entries with what the call says for all of them."""
    for at, entry in enumerate(call.body.get("entries", [])):
        whole = {
            **entry,
            "logName": entry.get("logName") or call.body.get("logName", ""),
            "resource": entry.get("resource") or call.body.get("resource", {"type": "global"}),
        }
        if "/logs/" not in str(whole["logName"]):
            raise invalid(f"entries[{at}].log_name", "A log is named PARENT/logs/LOG.")
        whole["labels"] = {**call.body.get("labels", {}), **entry.get("labels", {})}
        call.world.logbook.write(whole, call.world.clock.stamp())
    return {}


@RULES.does("logging.entries.list")
def list_entries(call: Call) -> Json:
    """The entries of some resources that a filter finds, in order of time."""
    holders = call.body.get("resourceNames", []) + [
        f"projects/{name}" for name in call.body.get("projectIds", [])
    ]
    if not holders:
        raise invalid("resource_names", "At least one resource is named.")
    fits = parsed(str(call.body.get("filter", "")))
    found = [dict(entry) for entry in call.world.logbook.of(holders) if fits(entry)]
    order = str(call.body.get("orderBy") or "timestamp asc")
    found.sort(
        key=lambda entry: (str(entry.get("timestamp", "")), str(entry.get("insertId", ""))),
        reverse=order.endswith("desc"),
    )
    call.query |= {name: str(call.body[name]) for name in ("pageSize", "pageToken") if call.body.get(name)}
    return page(call, found)


@RULES.made(*(f"logging.{holder}.sinks.create" for holder in HOLDERS), "logging.sinks.create")
def complete_sink(call: Call, sink: Resource) -> None:
    """Who writes for it."""
    sink.content["writerIdentity"] = (
        "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com"
    )


@RULES.check(*(f"logging.{holder}.locations.buckets.create" for holder in HOLDERS))
def check_bucket(call: Call) -> None:
    """Kept between a day and ten years."""
    days = call.body.get("retentionDays")
    if days is not None and not 0 <= int(days) <= 3650:
        raise invalid("bucket.retention_days", "Between 1 and 3650 days.")


@RULES.check(*(f"logging.{holder}.locations.buckets.delete" for holder in HOLDERS))
def check_own_bucket(call: Call) -> None:
    """Google's own buckets stay, and what is locked."""
    bucket = present(call)
    if bucket.id in {"_Default", "_Required"} or bucket.content.get("locked"):
        raise Refused(400, f"The bucket {bucket.id} can't be deleted.", status="FAILED_PRECONDITION")
