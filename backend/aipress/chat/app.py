"""Assembles the assistant's service: settings in, an app out, and the life of what it needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI

from aipress import __version__
from aipress.chat.control_plane import connect
from aipress.chat.engines import Engine, engine_for
from aipress.chat.mcp.door import router as mcp_router
from aipress.chat.routes import router
from aipress.chat.runs import Runs
from aipress.config import Settings
from aipress.kit import logs
from aipress.retirement import warning_about
from aipress.web import problems
from aipress.web.description import PROBLEMS, Described, operation_id


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> FastAPI:
    """The assistant for these settings (default: the environment's). Raises Invalid when its engine is not usable."""
    settings = settings or Settings()
    logs.configure("assistant", settings.log_level)
    app = Described(
        title="AIPress assistant",
        version=__version__,
        openapi_url=None,
        lifespan=_life,
        generate_unique_id_function=operation_id,
        responses=PROBLEMS,
    )
    app.state.settings = settings
    app.state.runs = Runs(engine or engine_for(settings))
    app.include_router(router)
    app.include_router(mcp_router)
    problems.install(app)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    async with connect(app.state.settings) as http:
        app.state.http = http
        settings = app.state.settings
        logs.get().info(
            "assistant is up", version=__version__, engine=settings.engine, model=settings.chosen_model
        )
        if warning := warning_about(settings, datetime.now(UTC).date()):
            logs.get().warning(warning, model=settings.chosen_model)
        yield
        await app.state.runs.close()
