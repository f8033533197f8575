"""A control plane that asks a test for leave at every moment of every step, and creates without a pool.

Started in the place of the real one by `tests/e2e/kills.py`; all else about it is the product's own.
"""

import asyncio
import json
import os

from fastapi import FastAPI

from aipress import durable
from aipress.api import app as product
from aipress.config import Settings


def create_app() -> FastAPI:
    """The product's app, with an ear for every moment."""
    durable.listen(_ask)
    return product.create_app(Settings(pool_size=0))


async def _ask(moment: durable.Moment) -> None:
    """Tell the test which moment it is, and wait for its leave. Without a test, go on."""
    try:
        reader, writer = await asyncio.open_unix_connection(os.environ["AIPRESS_TEST_GATE"])
    except OSError:
        return
    told = {"workflow": moment.workflow_id, "step": moment.step, "phase": moment.phase}
    writer.write(json.dumps(told).encode() + b"\n")
    await writer.drain()
    await reader.readline()
    writer.close()
