"""The schemas of both worlds: the database's, kept by Alembic, and the API's, as OpenAPI."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy import Connection

from aipress.kit.db import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class ProblemField(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details. `ref` is what to quote; `errors` names the fields to mend."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    ref: str
    errors: list[ProblemField] | None = None


PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "Something to mend on the caller's side"},
    "5XX": {"model": Problem, "description": "Something went wrong on ours"},
}


def operation_id(route: APIRoute) -> str:
    """Names in the OpenAPI document, and so in every generated client: the function's own."""
    return route.name


async def upgrade(rows: Database) -> None:
    """Bring the database to the newest schema. Safe to say twice, and by two processes at once."""
    async with rows.engine.connect() as connection:
        await connection.run_sync(_upgrade)
        await connection.commit()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
