"""A Cloud Run service as it is: how it fares, what of it is ours to know, and what is changed of it without building it anew."""

from aipress.clouds.base import Supply
from aipress.clouds.gcp.resources import Json, Resource, at
from aipress.clouds.gcp.services import BUILT, OWNERS, PUBLISHED, SUPPLY, WITHDRAWN, owners_secrets


def is_rolling_out(service: Json) -> bool:
    """Whether Google is at work on it."""
    return bool(service.get("reconciling"))


def is_ready(service: Json) -> bool:
    """Whether its newest revision takes the traffic."""
    return at(service, "terminalCondition.state") == "CONDITION_SUCCEEDED"


def is_published(service: Json) -> bool:
    """Whether visitors come to it by the load balancer."""
    return service.get("ingress") == PUBLISHED


def is_as(service: Json, wanted: Resource) -> bool:
    """Whether this is what was asked for last. Google writes numbers and zeros its own way, so what we asked is compared."""
    return _note(service, BUILT) == at(wanted.body, f"annotations.{BUILT}")


def revision_of(service: Json) -> int:
    """The revision of its owner's secrets it goes by; 0 where it never got any."""
    return int(_note(service, SUPPLY) or 0)


def supply_of(service: Json) -> Supply:
    """What it has of its owner's secrets, by Google's numbers."""
    pins = {str(one["name"]): at(one, "valueSource.secretKeyRef.version") for one in _variables(service)}
    owners = {name.removeprefix(OWNERS): pin for name, pin in pins.items() if name.startswith(OWNERS)}
    return Supply(revision_of(service), {name: int(str(pin)) for name, pin in owners.items()})


def has_variable(service: Json, name: str) -> bool:
    """Whether its container is given a variable of this name."""
    return any(one.get("name") == name for one in _variables(service))


def supplied(service: Json, id: str, supply: Supply) -> Resource:
    """The service with exactly these of its owner's secrets, if it is as it was read."""
    others = [one for one in _variables(service) if not str(one["name"]).startswith(OWNERS)]
    template = {name: told for name, told in _template(service).items() if name != "revision"}
    template["containers"] = [{**_container(service), "env": others + owners_secrets(id, supply)}]
    notes = {**_notes(service), SUPPLY: str(supply.revision)}
    return _changed(service, {"template": template, "annotations": notes})


def let_in(service: Json, visitors: bool) -> Resource:
    """The service with or without visitors, if it is as it was read. Its revisions stay, so nothing starts anew."""
    return _changed(service, {"ingress": PUBLISHED if visitors else WITHDRAWN})


def _changed(service: Json, to: Json) -> Resource:
    name = str(service["name"])
    mask = {"updateMask": ",".join(sorted(to))}
    body = {**to, "etag": service["etag"]}
    return Resource("Cloud Run service", name.rsplit("/", 1)[-1], "run", f"/v2/{name}", body, mask, "PATCH")


def _notes(service: Json) -> Json:
    found = service.get("annotations")
    return found if isinstance(found, dict) else {}


def _note(service: Json, name: str) -> str:
    return str(_notes(service).get(name, ""))


def _template(service: Json) -> Json:
    found = service.get("template")
    return found if isinstance(found, dict) else {}


def _container(service: Json) -> Json:
    found = _template(service).get("containers")
    return dict(found[0]) if isinstance(found, list) and found else {}


def _variables(service: Json) -> list[Json]:
    found = _container(service).get("env")
    return list(found) if isinstance(found, list) else []
