"""The label by which Google's bill is split among tenants, and the guard without which nothing is built.

Cloud Run's costs and lines carry the labels of a revision alone (`template.labels`), never the service's own; everything else is
billed by the labels of the resource.
"""

import re

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable, at

TENANT = "aipress-tenant-id"
ENVIRONMENT = "aipress-environment-id"
VALUE = re.compile(r"[a-z0-9_-]{1,63}")
BILLED_AT = {
    "Cloud Run service": ("labels", "template.labels"),
    "secret": ("labels",),
    "bucket": ("labels",),
    "certificate": ("labels",),
    "certificate map entry": ("labels",),
    "DNS authorization": ("labels",),
    "Cloud SQL instance": ("settings.userLabels",),
}
"""Where a tenant's own resources of each kind must have the label."""


class Unlabelled(Unbuildable):
    """Whatever has no tenant's label is billed to nobody."""

    code, title = "cloud_unlabelled", "Nobody would be billed for that"


def labels_of(environment: EnvironmentSpec) -> dict[str, str]:
    """The labels of all that belongs to an environment. Raises Unlabelled while it is nobody's."""
    if not environment.tenant:
        raise Unlabelled(
            f"Environment {environment.id} belongs to no tenant, so Google would bill it without {TENANT}. Nothing was made; "
            "claim the environment for a site first. Environments of the pool stay unbuilt on Google Cloud."
        )
    labels = {**environment.labels, "aipress-tier": environment.tier}
    for name, value in labels.items():
        if not VALUE.fullmatch(value):
            raise Unlabelled(
                f"{name} can't be “{value}”: a label has 1 to 63 lower-case letters, digits, - and _. Nothing was made."
            )
    return labels


def environment_of(thing: Json) -> str:
    """Which environment a thing says it belongs to; '' where it is nobody's of ours."""
    return label(thing, ENVIRONMENT)


def label(thing: Json, name: str) -> str:
    """What a thing's label says; Cloud SQL has its labels among its settings."""
    return str(at(thing, f"labels.{name}") or at(thing, f"settings.userLabels.{name}") or "")


def billed(resource: Resource) -> Resource:
    """The resource, if its tenant's label is everywhere the bill looks. Raises Unlabelled."""
    for path in BILLED_AT[resource.kind]:
        if not at(resource.body, f"{path}.{TENANT}"):
            raise Unlabelled(
                f"The {resource.kind} {resource.name} has no {TENANT} in {path}, where the bill looks for it. Nothing was made; "
                "build it with labels_of(environment)."
            )
    return resource
