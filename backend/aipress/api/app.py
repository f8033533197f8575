"""Assembles the control plane: settings in, an app out, and the life of everything it needs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, FastAPI

from aipress import __version__, clouds, durable
from aipress.api import edge, health, housekeeping, idempotency, me, overview, prometheus, schema
from aipress.api.choosing import chosen_clouds
from aipress.api.description import ControlPlane
from aipress.api.stopping import before_stopping
from aipress.audit import chain
from aipress.audit.routes import router as audit_router
from aipress.auth.door import routes_without_policy
from aipress.billing import alerts, keeping
from aipress.billing.routes import router as billing_router
from aipress.clouds.base import Cloud
from aipress.config import Settings
from aipress.cron import service as cron
from aipress.domains import checking
from aipress.domains import offers as domain_offers
from aipress.domains import rounds as domain_rounds
from aipress.domains.moving import carry_domains_too
from aipress.domains.routes import router as domains_router
from aipress.domains.telling import tell_of_domains
from aipress.events import crossing
from aipress.events.hub import Hub
from aipress.events.routes import router as events_router
from aipress.kit import logs
from aipress.kit.db import Database
from aipress.kit.resolving import Names
from aipress.kit.sealed_text import TextSeal
from aipress.mail import service as mailing
from aipress.mail.routes import router as mail_router
from aipress.operations.routes import router as operations_router
from aipress.plans.registry import router as actions_router
from aipress.plans.routes import router as plans_router
from aipress.secrets import delivery
from aipress.secrets.moving import carry_secrets_too
from aipress.secrets.routes import router as secrets_router
from aipress.telemetry import collecting
from aipress.telemetry.alerts import deliveries, pace, readings, rounds
from aipress.telemetry.alerts.routes import router as alerts_router
from aipress.telemetry.alerts.telling import tell_of_alerts
from aipress.telemetry.alerts.webhooks import Poster
from aipress.telemetry.diagnosis.routes import router as diagnosis_router
from aipress.telemetry.metric_routes import router as metrics_router
from aipress.telemetry.routes import router as telemetry_router
from aipress.tenants import ledger, noted, offers, pool, reconciler, service, telling, undoing
from aipress.tenants.routes import options_router, tiers_router
from aipress.tenants.routes import router as tenants_router
from aipress.threads.routes import routers as threads_routers
from aipress.usage.routes import router as usage_router
from aipress.users import current, in_step
from aipress.users.routes import routers as users_routers
from aipress.web.description import PROBLEMS, operation_id

log = logs.get()
ROUTERS = (
    health.router,
    overview.router,
    prometheus.router,
    me.router,
    audit_router,
    *users_routers,
    tenants_router,
    tiers_router,
    options_router,
    secrets_router,
    domains_router,
    billing_router,
    mail_router,
    metrics_router,
    telemetry_router,
    diagnosis_router,
    alerts_router,
    operations_router,
    events_router,
    plans_router,
    actions_router,
    *threads_routers,
    usage_router,
)


def create_app(settings: Settings | None = None, *chosen: Cloud) -> FastAPI:
    """The control plane for these settings (default: the environment's) on these clouds (default: the settings'), new sites on the first."""
    settings = settings or Settings()
    logs.configure("control", settings.log_level)
    rows = Database(settings.rows_url)
    app = ControlPlane(
        title="AIPress control plane",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # the edge has them, and they load nothing from elsewhere
        redoc_url=None,
        lifespan=_living(settings, chosen or chosen_clouds(settings, rows)),
        generate_unique_id_function=operation_id,
        responses=PROBLEMS,
    )
    app.state.settings = settings
    app.state.rows = rows
    app.state.hub = Hub()
    chain.use(settings.control_dir)
    app.state.findings = reconciler.Findings()
    current.install(app, settings, [service.tie])
    edge.install(app)
    idempotency.install(app)
    _mount(app)
    if unguarded := routes_without_policy(app):
        raise LookupError(f"routes that say no policy: {', '.join(unguarded)}")
    return app


def _mount(app: FastAPI) -> None:
    api = APIRouter(prefix="/api", dependencies=[Depends(idempotency.once)])
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)


def _living(
    settings: Settings, chosen: Sequence[Cloud]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What runs as long as the app does: the database's schema, the workflow engine, the pool, the reconciler."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        rows: Database = app.state.rows
        await schema.upgrade(rows)
        clouds.use(*chosen)
        ledger.use(rows)
        offers.make_offers(settings.site_quota)
        undoing.make_undoings()
        domain_offers.make_offers(settings)
        checking.use(Names(settings.name_server))
        noted.show_entries()
        telling.tell_of_sites()
        carry_secrets_too()
        carry_domains_too()
        alerts.use(current.desk_at(app).outbox)
        deliveries.use(_carriers(app, settings))
        pace.use(_pace(settings))
        tell_of_alerts()
        tell_of_domains()
        origin = crossing.begin(app.state.hub, rows)
        durable.launch(settings.workflows_url)
        keepers = [asyncio.create_task(one) for one in _keepers(app, settings, origin)]
        log.info("control plane is up", version=__version__)
        with before_stopping(app.state.hub.close):
            yield
        app.state.hub.close()
        for keeper in keepers:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        durable.shut_down()
        await rows.close()

    return life


def _keepers(app: FastAPI, settings: Settings, origin: str) -> list[Coroutine[Any, Any, None]]:
    """What goes on beside the requests, round after round."""
    rows: Database = app.state.rows
    keepers = [
        reconciler.keep_true(rows, settings.reconcile_seconds, app.state.findings),
        delivery.keep_true(rows, settings.reconcile_seconds),
        domain_rounds.keep_true(rows, settings.reconcile_seconds),
        keeping.keep_counting(rows, settings.meter_seconds),
        rounds.keep_watching(rows, settings.reconcile_seconds, _disk(settings)),
        pool.keep_full(rows, settings.pool_size if clouds.current().prepares else 0),
        housekeeping.keep_tidy(rows),
        crossing.keep_crossing(app.state.hub, rows, origin),
    ]
    for cloud in clouds.every():
        keepers += _keepers_of(cloud, rows, settings)
    firebase = current.desk_at(app).firebase
    return keepers if firebase is None else [*keepers, in_step.keep_in_step(rows, firebase.accounts)]


def _keepers_of(cloud: Cloud, rows: Database, settings: Settings) -> list[Coroutine[Any, Any, None]]:
    """What goes on for each cloud by itself, so that one that is slow to answer keeps no other waiting."""
    return [
        cron.keep_running(rows, cloud, settings.cron_seconds),
        mailing.keep_mailing(rows, cloud, mailing.rules_of(settings)),
        collecting.keep_collecting(rows, cloud),
    ]


def _carriers(app: FastAPI, settings: Settings) -> deliveries.Carriers:
    """How messages about alerts leave."""
    return deliveries.Carriers(
        outbox=current.desk_at(app).outbox,
        poster=Poster(settings.webhook_private),
        seal=TextSeal(settings.control_dir / "alerts.key"),
        base_url=settings.base_url,
    )


def _pace(settings: Settings) -> pace.Pace:
    """How soon alerts open here."""
    return pace.Pace(timedelta(seconds=settings.alert_settle_seconds), settings.alert_minutes)


def _disk(settings: Settings) -> readings.Gauge | None:
    """The disk that is watched: this machine's own, where sites are on it."""
    return partial(readings.share_used, settings.data_dir) if "local" in settings.clouds else None
