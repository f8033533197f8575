"""Cloud DNS: zones that begin with their NS and SOA, record sets that change together or not at all."""

import re

from gcpsim.crud import page, present
from gcpsim.errors import Refused, invalid, missing, taken
from gcpsim.rules import Rules
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

ONE_RECORD = tuple(f"dns.resourceRecordSets.{word}" for word in ("get", "patch", "delete"))
RULES = Rules(merges=True, empty_answers=True, alone=frozenset(ONE_RECORD))
NAME = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
OWN = {"NS", "SOA"}


@RULES.check("dns.managedZones.create")
def check_zone(call: Call) -> None:
    """A zone has a name of its own and a domain that ends with a dot."""
    if not NAME.fullmatch(str(call.body.get("name", ""))):
        raise invalid("entity.managedZone.name", f"Invalid value '{call.body.get('name', '')}'")
    if not str(call.body.get("dnsName", "")).endswith("."):
        raise invalid(
            "entity.managedZone.dnsName",
            f"Invalid value '{call.body.get('dnsName', '')}': it ends with a dot.",
        )


@RULES.made("dns.managedZones.create")
def complete_zone(call: Call, zone: Resource) -> None:
    """Name servers, and the records that say so."""
    servers = [f"ns-cloud-a{number}.googledomains.com." for number in range(1, 5)]
    zone.content.setdefault("visibility", "public")
    zone.content |= {"nameServers": servers, "creationTime": call.world.clock.stamp()}
    domain = zone.content["dnsName"]
    _put(call, zone.key, {"name": domain, "type": "NS", "ttl": 21600, "rrdatas": servers})
    soa = f"{servers[0]} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300"
    _put(call, zone.key, {"name": domain, "type": "SOA", "ttl": 21600, "rrdatas": [soa]})


@RULES.check("dns.managedZones.delete")
def check_empty(call: Call) -> None:
    """Only a zone with no more than its own records goes."""
    apex = present(call).content.get("dnsName")
    if any(
        one.content.get("type") not in OWN or one.content.get("name") != apex
        for one in call.store.under(f"{call.key}/rrsets")
    ):
        raise Refused(
            400,
            f"The resource named '{call.key.rsplit('/', 1)[-1]}' cannot be deleted because it contains one or more 'resource record sets'.",
            reason="containerNotEmpty",
        )


@RULES.does("dns.changes.create")
def change(call: Call) -> Json:
    """All deletions, then all additions; a deletion must be exactly what is there."""
    zone = call.key.removesuffix("/changes")
    deletions, additions = call.body.get("deletions", []), call.body.get("additions", [])
    if not deletions and not additions:
        raise invalid("entity.change", "A change adds or deletes something.")
    going = [_deletable(call, zone, record) for record in deletions]
    for record in additions:
        _check_record(call, zone, record)
        _check_alone(call, zone, record, going)
        there = call.store.get(_key(zone, record))
        if there is not None and there.content and there.key not in going:
            raise Refused(
                409,
                f"The resource 'entity.change.additions[{record.get('name')}]' named '{record.get('name')} ({record.get('type')})' already exists",
                reason="alreadyExists",
            )
    for key in going:
        call.store.remove(key, call.world.clock.now())
    for record in additions:
        _put(call, zone, record)
    number = str(len(call.store.under(call.key)) + 1)
    made = call.store.put(
        f"{call.key}/{number}",
        {
            **call.body,
            "id": number,
            "kind": "dns#change",
            "startTime": call.world.clock.stamp(),
            "status": "pending",
        },
    )
    call.key = made.key
    return dict(made.content)


@RULES.does("dns.changes.get")
def get_change(call: Call) -> Json:
    """A change that was asked for again is done."""
    made = present(call) if call.store.get(call.key) else None
    if made is None:
        raise missing(call.name)
    made.content["status"] = "done"
    return dict(made.content)


@RULES.does("dns.resourceRecordSets.list")
def list_records(call: Call) -> Json:
    """By name and type where asked."""
    if call.store.get(call.key.removesuffix("/rrsets")) is None:
        raise missing(call.name)
    found = [dict(one.content) for one in call.store.under(call.key)]
    for field in ("name", "type"):
        if wanted := call.query.get(field):
            found = [record for record in found if record.get(field) == wanted]
    return page(call, found) | {"kind": "dns#resourceRecordSetsListResponse"}


@RULES.does("dns.resourceRecordSets.create")
def create_record(call: Call) -> Json:
    """One record set on its own."""
    zone = call.key.removesuffix("/rrsets")
    _check_record(call, zone, call.body)
    if call.store.get(_key(zone, call.body)) is not None:
        raise taken(f"{call.body.get('name')} ({call.body.get('type')})")
    return dict(_put(call, zone, call.body).content)


@RULES.does(*ONE_RECORD)
def one_record(call: Call) -> Json:
    """One record set by name and type in the path."""
    zone, _, rest = call.key.partition("/rrsets/")
    name, _, kind = rest.rpartition("/")
    key = _key(zone, {"name": name, "type": kind})
    found = call.store.get(key)
    if found is None:
        raise missing(call.name)
    if call.method.last == "delete":
        call.store.remove(key, call.world.clock.now())
        return {}
    found.content |= call.body
    return dict(found.content)


@RULES.names("dns.resourceRecordSets.create")
def record_id(call: Call) -> str:
    """A record set is known by name and type."""
    return f"{call.body.get('name', '')}/{call.body.get('type', '')}"


def _key(zone: str, record: Json) -> str:
    return f"{zone}/rrsets/{record.get('name', '')} {record.get('type', '')}"


def _put(call: Call, zone: str, record: Json) -> Resource:
    return call.store.put(_key(zone, record), {"kind": "dns#resourceRecordSet", **record})


def _check_record(call: Call, zone: str, record: Json) -> None:
    name, domain = (
        str(record.get("name", "")),
        str((call.store.get(zone) or Resource(zone, {})).content.get("dnsName", "")),
    )
    if not name.endswith(".") or (domain and name != domain and not name.endswith("." + domain)):
        raise invalid(
            "entity.change.additions.name", f"Invalid value '{name}': it ends with the zone's domain."
        )
    if not record.get("rrdatas") and not record.get("routingPolicy"):
        raise invalid("entity.change.additions.rrdata", "A record set has data.")


def _check_alone(call: Call, zone: str, record: Json, going: list[str]) -> None:
    """A name that is another's by CNAME has nothing else."""
    kinds = {
        str(one.content.get("type"))
        for one in call.store.under(f"{zone}/rrsets")
        if one.content.get("name") == record.get("name") and one.key not in going
    }
    others = kinds - {record.get("type")}
    if others and "CNAME" in {*others, record.get("type")}:
        raise Refused(
            400,
            f"The resource record set 'entity.change.additions[{record.get('name')}]' is invalid because the DNS name may have "
            "either one CNAME resource record set or resource record sets of other types, but not both.",
            reason="cnameResourceRecordSetConflict",
        )


def _deletable(call: Call, zone: str, record: Json) -> str:
    found = call.store.get(_key(zone, record))
    if found is None:
        raise Refused(
            404,
            f"The 'entity.change.deletions' resource named '{record.get('name')} ({record.get('type')})' does not exist.",
        )
    compared = [
        name for name in ("ttl", "rrdatas", "routingPolicy") if name in record and name in found.content
    ]
    if any(_plain(record[name]) != _plain(found.content[name]) for name in compared):
        raise Refused(412, f"Precondition not met for 'entity.change.deletions[{record.get('name')}]'")
    return found.key


def _plain(value: object) -> object:
    """A value without order and without the kinds that Google adds when it shows a record."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if name != "kind"}
    return sorted((_plain(one) for one in value), key=str) if isinstance(value, list) else value
