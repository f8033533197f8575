"""Whether the bill is exported to where it is read."""

from collections.abc import AsyncIterator

from aipress.clouds.gcp.doctor.complaints import Complaint, found, listed
from aipress.clouds.gcp.doctor.permissions import granted_of, lacking
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Platform
from aipress.errors import CloudRefused

COLUMNS = ("usage_start_time", "labels", "cost", "credits", "currency", "export_time")
ASKS = "bigquery.jobs.create"
EXPORT = "Turn the detailed export of usage cost on (Billing, Billing export, BigQuery)"


async def export(google: Google, platform: Platform) -> AsyncIterator[Complaint]:
    """The table that the platform's file names, and whether it may be asked; nothing where it names none: costs are not counted then."""
    name = platform.billing_table
    if not name:
        return
    project, _, rest = name.partition(".")
    dataset, _, table = rest.partition(".")
    what = f"billing export {name}"
    try:
        there = await found(
            google, "bigquery", f"/bigquery/v2/projects/{project}/datasets/{dataset}/tables/{table}"
        )
    except CloudRefused as error:
        yield Complaint(
            project,
            what,
            f"can't be read: {error}",
            "Let the platform's account read it: roles/bigquery.dataViewer.",
        )
        return
    if there is None:
        yield Complaint(
            project, what, "is not there", f"{EXPORT}, and write the table's name into the platform's file."
        )
        return
    if not await _may_ask(google, project):
        yield lacking(project, ASKS)
    columns = {str(one.get("name")) for one in listed(there, "schema.fields")}
    if missing := [one for one in COLUMNS if one not in columns]:
        told = f"has no {', '.join(missing)}: it is not the detailed export"
        yield Complaint(project, what, told, f"{EXPORT}: “Detailed usage cost”, not “Standard”.")


async def _may_ask(google: Google, project: str) -> bool:
    """True also where nobody can say: then what is missing was said of a shard."""
    try:
        return ASKS in await granted_of(google, project, [ASKS])
    except CloudRefused:
        return True
