"""The platform on Google Cloud examined: which API, permission, quota or setting is missing, and what to do about each.

Only what is wrong is said. A look that an API or a permission is missing for is not taken: it would only say the same again.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aipress.clouds.gcp.doctor import (
    apis,
    billing,
    databases,
    front,
    own_domains,
    permissions,
    room,
    settings,
)
from aipress.clouds.gcp.doctor.complaints import Complaint
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Platform, Standing
from aipress.clouds.gcp.together import together
from aipress.errors import AIPressError

Asked = Callable[[Google, Standing], AsyncIterator[Complaint]]


@dataclass(frozen=True)
class Look:
    """One thing looked at in a shard; `needs` are the APIs that are asked."""

    what: str
    asked: Asked
    needs: tuple[str, ...]


LOOKS = (
    Look("service accounts", room.accounts, ("serviceusage", "iam")),
    Look("load balancing's quotas", room.balancing, ("compute",)),
    Look("the network", settings.network, ("compute",)),
    Look("Cloud SQL", databases.instances, ("sqladmin",)),
    Look("Cloud SQL's administrators", databases.administrators, ("secretmanager",)),
    Look("Valkey", settings.cache, ("memorystore",)),
    Look("the list of the cache's users", settings.cache_users, ("memorystore",)),
    Look("the load balancer", front.balancer, ("compute",)),
    Look("certificates", front.certificates, ("certificatemanager",)),
    Look("the URL map's room", own_domains.room, ("compute",)),
    Look("own domains", own_domains.standing, ("certificatemanager",)),
    Look("buckets", settings.buckets, ("storage",)),
)


async def examine(google: Google, platform: Platform) -> list[Complaint]:
    """All that is wrong, shard by shard, and with the bill; what several shards of a project share, once."""
    of_shards = await together(_shard(google, shard) for shard in platform.shards)
    found = [one for complaints in of_shards for one in complaints]
    found += [one async for one in billing.export(google, platform)]
    found += [one async for one in own_domains.named(google, platform)]
    return list(dict.fromkeys(found))


async def _shard(google: Google, shard: Standing) -> list[Complaint]:
    found, closed = await apis.look(google, shard)
    more, forbidden = await permissions.look(google, shard, closed)
    found += more
    for look in LOOKS:
        if not closed.union(forbidden).intersection(look.needs):
            found += await _taken(look, google, shard)
    return found


async def _taken(look: Look, google: Google, shard: Standing) -> list[Complaint]:
    try:
        return [one async for one in look.asked(google, shard)]
    except AIPressError as error:
        return [
            Complaint(
                shard.project,
                look.what,
                f"could not be looked at: {error}",
                "See that the account which asked may read it, and ask again.",
            )
        ]
