"""Requests read as Google's own Python clients read them: into the very messages their servers are made of.

`python -m tests.clouds.gcp.rig` and Google's documents say what may be sent; a message also knows numbers, durations, masks and times.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.resources import Json, Resource
from gcpsim.discovery.documents import version_in
from gcpsim.discovery.methods import match

WITHOUT = {
    "storage": "google-cloud-storage writes JSON by hand; its messages are of another API, with other names (storage v2)",
    "dns": "google-cloud-dns writes JSON by hand",
    "bigquery": "google-cloud-bigquery writes JSON by hand",
}
"""APIs whose client has no messages: for these Google's discovery document stands alone."""


@dataclass(frozen=True)
class Kind:
    """The message of a request, and which of its fields the HTTP body is; '' where the body is the whole message."""

    module: str
    name: str
    body: str = ""


CERTIFICATES, SQL, COMPUTE = (
    "google.cloud.certificate_manager_v1",
    "google.cloud.sqladmin_v1",
    "google.cloud.compute_v1",
)
KINDS = {
    "run.projects.locations.services.create": Kind("google.cloud.run_v2", "CreateServiceRequest", "service"),
    "run.projects.locations.services.patch": Kind("google.cloud.run_v2", "UpdateServiceRequest", "service"),
    "secretmanager.projects.secrets.create": Kind(
        "google.cloud.secretmanager_v1", "CreateSecretRequest", "secret"
    ),
    "secretmanager.projects.secrets.addVersion": Kind(
        "google.cloud.secretmanager_v1", "AddSecretVersionRequest"
    ),
    "secretmanager.projects.secrets.patch": Kind(
        "google.cloud.secretmanager_v1", "UpdateSecretRequest", "secret"
    ),
    "secretmanager.projects.secrets.versions.destroy": Kind(
        "google.cloud.secretmanager_v1", "DestroySecretVersionRequest"
    ),
    "iamcredentials.projects.serviceAccounts.signBlob": Kind(
        "google.cloud.iam_credentials_v1", "SignBlobRequest"
    ),
    "secretmanager.projects.secrets.setIamPolicy": Kind(
        "google.iam.v1.iam_policy_pb2", "SetIamPolicyRequest"
    ),
    "iam.projects.serviceAccounts.setIamPolicy": Kind("google.iam.v1.iam_policy_pb2", "SetIamPolicyRequest"),
    "iam.projects.serviceAccounts.create": Kind("google.cloud.iam_admin_v1", "CreateServiceAccountRequest"),
    "sql.instances.insert": Kind(SQL, "SqlInstancesInsertRequest", "body"),
    "sql.instances.patch": Kind(SQL, "SqlInstancesPatchRequest", "body"),
    "sql.instances.export": Kind(SQL, "SqlInstancesExportRequest", "body"),
    "memorystore.projects.locations.aclPolicies.patch": Kind(  # Valkey's client has no lists; Redis' are the same
        "google.cloud.redis_cluster_v1", "UpdateAclPolicyRequest", "aclPolicy"
    ),
    "compute.urlMaps.invalidateCache": Kind(
        COMPUTE, "InvalidateCacheUrlMapRequest", "cacheInvalidationRuleResource"
    ),
    "compute.urlMaps.update": Kind(COMPUTE, "UpdateUrlMapRequest", "urlMapResource"),
    "compute.backendServices.insert": Kind(COMPUTE, "InsertBackendServiceRequest", "backendServiceResource"),
    "compute.securityPolicies.insert": Kind(COMPUTE, "InsertSecurityPolicyRequest", "securityPolicyResource"),
    "compute.regionNetworkEndpointGroups.insert": Kind(
        COMPUTE, "InsertRegionNetworkEndpointGroupRequest", "networkEndpointGroupResource"
    ),
    "certificatemanager.projects.locations.dnsAuthorizations.create": Kind(
        CERTIFICATES, "CreateDnsAuthorizationRequest", "dnsAuthorization"
    ),
    "certificatemanager.projects.locations.certificates.create": Kind(
        CERTIFICATES, "CreateCertificateRequest", "certificate"
    ),
    "certificatemanager.projects.locations.certificateMaps.certificateMapEntries.create": Kind(
        CERTIFICATES, "CreateCertificateMapEntryRequest", "certificateMapEntry"
    ),
    "logging.entries.list": Kind("google.cloud.logging_v2.types", "ListLogEntriesRequest"),
    "logging.entries.write": Kind("google.cloud.logging_v2.types", "WriteLogEntriesRequest"),
    "monitoring.projects.timeSeries.create": Kind(
        "google.cloud.monitoring_v3.types", "CreateTimeSeriesRequest"
    ),
    "monitoring.projects.timeSeries.list": Kind("google.cloud.monitoring_v3", "ListTimeSeriesRequest"),
}


def parsed(resource: Resource) -> Message:
    """The request as a message. Raises json_format.ParseError for what is none: a field, an enum's word, a duration nobody knows."""
    kind = KINDS[method_of(resource)]
    told = _nested(resource.query, _message(kind)().DESCRIPTOR)
    told |= {kind.body: resource.body} if kind.body else resource.body
    read = json_format.ParseDict(told, _message(kind)())
    for field, value, known in _words(read):
        if value not in known:
            raise json_format.ParseError(f"{field} can't be {value!r}.")
    _check_mask(read)
    return read


BODIES = {
    "run": ("google.cloud.run_v2", "GoogleCloudRunV2"),
    "secretmanager": ("google.cloud.secretmanager_v1", ""),
    "iam": ("google.cloud.iam_admin_v1", ""),
    "iamcredentials": ("google.cloud.iam_credentials_v1", ""),
    "sqladmin": (SQL, ""),
    "redis": ("google.cloud.redis_cluster_v1", ""),
    "compute": (COMPUTE, ""),
    "certificatemanager": (CERTIFICATES, ""),
    "logging": ("google.cloud.logging_v2.types", ""),
    "monitoring": ("google.cloud.monitoring_v3", ""),
}
"""Where the messages of an API's bodies are, and how its document begins their names."""


class ParsedGoogle(Google):
    """Asks as the product does, and lets nothing through that Google's own message would not take."""

    async def ask(self, resource: Resource) -> Json:
        check_body(resource)
        return await super().ask(resource)


def check_body(resource: Resource) -> None:
    """Raises json_format.ParseError for a request that is no message of its method's, where there is one."""
    found = match(resource.api, version_in(resource.path.strip("/").split("/")), resource.verb, resource.path)
    if found is not None and found.method.id in KINDS:
        parsed(resource)
        return
    if found is None or resource.api not in BODIES or not found.method.request:
        return
    module, prefix = BODIES[resource.api]
    name = found.method.request.removeprefix(prefix)
    modules = (import_module(one) for one in (module, "google.iam.v1.iam_policy_pb2"))
    told = next((getattr(one, name) for one in modules if hasattr(one, name)), None)
    if told is None:
        raise json_format.ParseError(f"{module} has no message {name}.")
    json_format.ParseDict(resource.body, _made(told)())


def method_of(resource: Resource) -> str:
    """The method's id in the discovery document."""
    found = match(resource.api, version_in(resource.path.strip("/").split("/")), resource.verb, resource.path)
    assert found, resource.path
    return found.method.id


@cache
def _message(kind: Kind) -> Callable[[], Message]:
    return _made(getattr(import_module(kind.module), kind.name))


def _made(found: Any) -> Callable[[], Message]:
    """Half of the clients wrap their messages."""
    return found.pb() if hasattr(found, "pb") else found  # type: ignore[no-any-return]


def _nested(query: Mapping[str, str], message: Descriptor) -> dict[str, Any]:
    """`interval.startTime` is a field of a field; what may be there several times is a list."""
    told: dict[str, Any] = {}
    for name, value in query.items():
        *outer, last = name.split(".")
        place: dict[str, Any] = told
        within: Descriptor | None = message
        for one in outer:
            place = place.setdefault(one, {})
            within = inner.message_type if (inner := _field(within, one)) else None
        field = _field(within, last)
        place[last] = [value] if field and field.is_repeated else value
    return told


def _field(message: Descriptor | None, name: str) -> FieldDescriptor | None:
    return (
        next((one for one in message.fields if name in (one.json_name, one.name)), None) if message else None
    )


def _check_mask(read: Any) -> None:
    """A mask names fields of the message beside it, all the way down."""
    masks = [(field.name, value) for field, value in read.ListFields() if isinstance(value, FieldMask)]
    for name, mask in masks:
        bodies = [
            field.message_type
            for field, value in read.ListFields()
            if isinstance(value, Message) and field.name != name
        ]
        if not any(mask.IsValidForDescriptor(one) for one in bodies):
            raise json_format.ParseError(f"{name} names what is no field.")


def _words(message: Message) -> Iterator[tuple[str, str, set[str]]]:
    """Compute's enums are texts on the wire and in its messages; which words there are, an enum named after the field says."""
    enums = message.DESCRIPTOR.enum_types_by_name
    for field, value in message.ListFields():
        several = _several(field, value)
        enum = enums.get("".join(part.title() for part in field.name.split("_")))
        if field.type == FieldDescriptor.TYPE_STRING and enum:
            yield from ((field.full_name, one, set(enum.values_by_name)) for one in several)
        for one in several:
            if isinstance(one, Message):
                yield from _words(one)


def _several(field: FieldDescriptor, value: Any) -> list[Any]:
    if not field.is_repeated:
        return [value]
    return list(value.values()) if hasattr(value, "values") else list(value)
