"""How sites run: on all clouds together, and on each, since one may keep them apart and another not."""

import asyncio

from pydantic import BaseModel

from aipress import clouds
from aipress.clouds.base import Cloud, RuntimeReport
from aipress.clouds.each import in_time
from aipress.errors import CloudError

SECONDS = 5.0  # somebody waits for the page


class CloudRuntimeRead(BaseModel):
    """How sites run on one cloud. `isolated` is false where the code of one may reach another's; `memory_kb` is what watching over
    them takes, in KiB."""

    name: str
    isolated: bool
    sandbox: str
    limits: str
    outbound: str
    awake: int
    asleep: int
    memory_kb: int


class RuntimeRead(BaseModel):
    """Of all clouds together: `isolated` is true where each keeps its sites apart, numbers are sums, words those of the cloud of new
    sites. `clouds` has each by itself, that of new sites first; `silent` names those that do not answer just now."""

    isolated: bool
    sandbox: str
    limits: str
    outbound: str
    awake: int
    asleep: int
    memory_kb: int
    clouds: list[CloudRuntimeRead]
    silent: list[str]


async def report() -> RuntimeRead:
    """As told by each cloud. Raises CloudError where none answers."""
    asked = clouds.every()
    ask = in_time(_told_by, SECONDS)
    answers = await asyncio.gather(*(ask(cloud) for cloud in asked), return_exceptions=True)
    there = [one for one in answers if isinstance(one, CloudRuntimeRead)]
    for failure in answers:
        is_no_news = isinstance(failure, CloudError) and there
        if isinstance(failure, BaseException) and not is_no_news:
            raise failure
    silent = [cloud.name for cloud, one in zip(asked, answers, strict=True) if one not in there]
    return _together(there, silent)


async def _told_by(cloud: Cloud) -> CloudRuntimeRead:
    told: RuntimeReport = await cloud.runtime.report()
    return CloudRuntimeRead(name=cloud.name, **vars(told))


def _together(each: list[CloudRuntimeRead], silent: list[str]) -> RuntimeRead:
    first = each[0]
    return RuntimeRead(
        isolated=all(one.isolated for one in each),
        sandbox=first.sandbox,
        limits=first.limits,
        outbound=first.outbound,
        awake=sum(one.awake for one in each),
        asleep=sum(one.asleep for one in each),
        memory_kb=sum(one.memory_kb for one in each),
        clouds=each,
        silent=silent,
    )
