"""What tests of domains say most."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import select

from aipress.domains.models import Domain
from aipress.kit import clock
from tests.api.world import Json, World
from tests.fakes.domains import ADDRESS
from tests.fakes.name_server import NameServer
from tests.make import Headers

SHOP = "www.bakery.example"


async def owner_of(world: World, name: str = "Bakery", **person: Any) -> tuple[Headers, Json]:
    """A person and their live site."""
    who = await world.ada(**person)
    return who, await world.site(who, name)


async def added(world: World, who: Headers, domain: str = SHOP, site: str = "bakery") -> Json:
    answer = await world.ask("POST", f"/tenants/{site}/domains", who, {"domain": domain})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def checked(world: World, who: Headers, domain: str = SHOP, site: str = "bakery") -> Json:
    """The domain, after it was looked at."""
    path = f"/tenants/{site}/domains/{domain}"
    answer = await world.ask("POST", f"{path}/verification", who)
    assert answer.status_code == 204, answer.text
    return (await world.ask("GET", path, who)).json()


def proof(domain: Json) -> Json:
    return next(one for one in domain["records"] if one["purpose"] == "proof")


def prove(zone: NameServer, domain: Json) -> None:
    """Do what the owner of the domain's DNS would."""
    wanted = proof(domain)
    zone.put(wanted["name"], "TXT", wanted["value"])


def lead(zone: NameServer, domain: str = SHOP, *addresses: str) -> None:
    zone.put(domain, "A", *(addresses or (ADDRESS,)))


def led(world: World, domain: str = SHOP) -> str | None:
    """The environment the cloud leads its visitors to."""
    return world.cloud.domains.led.get(domain)


async def removed(world: World, who: Headers, domain: str = SHOP, site: str = "bakery") -> httpx.Response:
    return await world.ask("DELETE", f"/tenants/{site}/domains/{domain}", who)


async def days_pass(world: World, days: float) -> None:
    """As if all that is written about domains had been written so many days earlier."""
    async with world.rows.transaction() as session:
        for row in await session.scalars(select(Domain)):
            for name in ("made_at", "checked_at", "next_check_at", "proved_at", "proof_lost_at"):
                if (moment := getattr(row, name)) is not None:
                    setattr(row, name, moment - timedelta(days=days))


def minutes_until(moment: str) -> int:
    return round((datetime.fromisoformat(moment) - clock.now()).total_seconds() / 60)
