"""Whether a shard's Cloud SQL instances are as sites and the control plane need them."""

from collections.abc import AsyncIterator

from aipress.clouds.gcp.doctor.complaints import Complaint, found, listed
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import environment_of
from aipress.clouds.gcp.names import admin_secret
from aipress.clouds.gcp.platform import SharedInstance, Standing
from aipress.clouds.gcp.resources import Json, at
from aipress.clouds.gcp.sql_instances import TRUST

ENCRYPTED = ("ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")
TERRAFORM = "Let Terraform make it as its file says, or mend the platform's file."


async def instances(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """Each instance the platform's file names, and those that are a site's own."""
    for instance in shard.instances:
        there = await found(google, "sqladmin", f"/v1/projects/{shard.project}/instances/{instance.name}")
        what = f"Cloud SQL instance {instance.name}"
        if there is None:
            yield Complaint(shard.project, what, "is not there", TERRAFORM)
            continue
        for said, remedy in (*_unreachable(instance, there), *_unsafe(there)):
            yield Complaint(shard.project, what, said, remedy)
    for there in await google.read_all("sqladmin", f"/v1/projects/{shard.project}/instances", "items"):
        if environment_of(there):
            for said, remedy in (*_unfinished(there), *_unsafe(there)):
                yield Complaint(shard.project, f"Cloud SQL instance {there.get('name')}", said, remedy)


async def administrators(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """Each instance's administrator and who sweeps the cache: their passwords are secrets of their own."""
    wanted = {admin_secret(one.name): "the instance's administrator" for one in shard.instances}
    wanted[f"aipress-cache-sweeper-{shard.cache.name}"] = "who sweeps up the keys of sites that are gone"
    for name, whose in wanted.items():
        secret = await found(
            google, "secretmanager", f"/v1/projects/{shard.project}/secrets/{name}/versions/latest"
        )
        if secret is None or secret.get("state") != "ENABLED":
            yield Complaint(
                shard.project,
                f"secret {name}",
                f"has no password of {whose}",
                "Give that user a password, and add it to the secret as a version.",
            )


def _unreachable(instance: SharedInstance, there: Json) -> list[tuple[str, str]]:
    """Why sites or the control plane could not speak with it, and what mends that."""
    addresses = {one.get("ipAddress") for one in listed(there, "ipAddresses")}
    wrong = [
        (
            there.get("state") != "RUNNABLE",
            f"is {there.get('state')}",
            "Wait until it runs, or see its operations in Cloud SQL.",
        ),
        (
            not str(there.get("databaseVersion")).startswith("MYSQL_8"),
            f"is {there.get('databaseVersion')}, not MySQL 8",
            TERRAFORM,
        ),
        (
            bool(instance.address) and instance.address not in addresses,
            f"is not at {instance.address}, where the platform's file has it",
            "Write its private address into the platform's file.",
        ),
        (
            not addresses,
            "has no address, so that nobody can make databases on it",
            "Give it a private address.",
        ),
        (
            _connections(there) < instance.max_connections,
            f"takes {_connections(there)} connections; the platform's file counts on {instance.max_connections}",
            "Set its flag max_connections, or the number in the platform's file.",
        ),
        (
            at(there, "settings.backupConfiguration.binaryLogEnabled") is True
            and _flag(there, TRUST) not in ("on", "1", "true"),
            "has a binary log, so that sites' functions and triggers can't be made on it",
            f"Set its flag {TRUST} to on.",
        ),
    ]
    return [(said, remedy) for is_wrong, said, remedy in wrong if is_wrong]


def _unfinished(there: Json) -> list[tuple[str, str]]:
    """Whether a site's own came to be."""
    if there.get("state") != "FAILED":
        return []
    return [
        (
            "could not be made",
            "Remove the site and make it again; see the instance's operations in Cloud SQL.",
        )
    ]


def _unsafe(there: Json) -> list[tuple[str, str]]:
    """Whom it lets in that it should not, and what would be lost with it."""
    network, here = at(there, "settings.ipConfiguration"), "settings.ipConfiguration"
    wrong = [
        (
            at(there, f"{here}.sslMode") not in ENCRYPTED,
            "lets in connections without TLS",
            f"Set {here}.sslMode to ENCRYPTED_ONLY.",
        ),
        (
            bool(network) and at(there, f"{here}.ipv4Enabled") is not False,
            "has a public address",
            f"Set {here}.ipv4Enabled to false.",
        ),
        (
            not there.get("masterInstanceName")
            and at(there, "settings.backupConfiguration.enabled") is not True,
            "is not backed up",
            "Set settings.backupConfiguration.enabled and binaryLogEnabled to true.",
        ),
    ]
    return [(said, remedy) for is_wrong, said, remedy in wrong if is_wrong]


def _connections(there: Json) -> int:
    """What its flag says; without one Google decides by its memory, and nothing is known."""
    told = _flag(there, "max_connections")
    return int(told) if told.isdigit() else 10**9


def _flag(there: Json, name: str) -> str:
    """As it is set; empty where it is not."""
    flags = listed(there, "settings.databaseFlags")
    return next((str(one.get("value", "")).lower() for one in flags if one.get("name") == name), "")
