"""The schemas of both worlds: the database's, kept by Alembic, and the API's, as OpenAPI."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from aipress.kit.db import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


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
