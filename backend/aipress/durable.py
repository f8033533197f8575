"""The only file that knows which engine makes our workflows durable.

A workflow is a program whose steps are each recorded once; after a crash it goes on behind the last recorded one.
So a step may run twice (its effect done, its record not): steps only use verbs that are safe to say twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from typing import Any, Literal, ParamSpec, TypeVar, get_type_hints

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from dbos import WorkflowStatus as EngineStatus
from pydantic import TypeAdapter

from aipress.errors import CloudAtWork, CloudBusy, CloudError, CloudRefused
from aipress.kit import clock, logs

P = ParamSpec("P")
R = TypeVar("R")
Flow = Callable[[str], Awaitable[None]]

log = logs.get()

# The order of steps is a stored protocol. Raise this number only with a change of that order, after draining.
PROTOCOL = "1"
EXECUTOR = "aipress"
LOOK_AGAIN = 0.5  # seconds between two looks at a workflow whose end nobody may tell us
A_MOMENT = 0.005  # seconds that the engine takes to record an end
PATIENCE = 60.0  # seconds a step goes on asking a busy cloud
LONG_PATIENCE = 1800.0  # and one that is at work on what was asked, such as a database server of a site's own
NAP = 0.1  # seconds between two looks of the engine's listeners; we send no notifications, but an end waits for them


def workflow(flow: Flow) -> Flow:
    """Make `flow` durable: after a crash it goes on behind its last recorded step."""

    @wraps(flow)
    async def run(subject: str) -> None:
        try:
            await flow(subject)
        finally:
            _ring(current())

    durable: Flow = DBOS.workflow(max_recovery_attempts=50)(run)
    return durable


@dataclass(frozen=True)
class Moment:
    """Something that just happened to a step: about to begin, effect done but not recorded, or recorded."""

    workflow_id: str
    step: str
    phase: Literal["before", "effect", "after"]


Listener = Callable[[Moment], Awaitable[None]]
_listeners: list[Listener] = []
_bells: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Event]] = {}


def listen(listener: Listener) -> None:
    """Hear of every moment of every step, in this process."""
    _listeners.append(listener)


def step(work: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Run `work` once per workflow and record what it returns. A busy cloud is asked again; one that stays busy refused.

    Whatever a step returns is written to the database: names, never secrets. Raises only `CloudRefused`.
    """
    recorded = DBOS.step(name=work.__name__)(_recording(work))

    @wraps(work)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outcome = await recorded(*args, **kwargs)
        await _tell(work.__name__, "after")
        if "refused" in outcome:
            raise CloudRefused(outcome["refused"])
        result: R = _adapter(work).validate_python(outcome["value"])
        return result

    return run


def _recording(work: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[dict[str, Any]]]:
    """`work`, returning what can be stored: its value, or why it was refused."""

    async def record(*args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
        await _tell(work.__name__, "before")
        try:
            value = await _patiently(lambda: work(*args, **kwargs))
        except CloudError as error:
            return {"refused": str(error)}
        except Exception as error:
            log.exception("a step failed in a way nobody foresaw", step=work.__name__)
            return {
                "refused": f"{work.__name__} failed unexpectedly ({type(error).__name__}); the log says more"
            }
        await _tell(work.__name__, "effect")
        return {"value": _adapter(work).dump_python(value, mode="json")}

    return record


async def _patiently(work: Callable[[], Awaitable[R]]) -> R:
    """Ask again while the cloud is busy, ever more slowly, until patience ends."""
    began, pause = clock.now(), 0.03
    while True:
        try:
            return await work()
        except CloudBusy as busy:
            patience = LONG_PATIENCE if isinstance(busy, CloudAtWork) else PATIENCE
            if clock.now() > began + timedelta(seconds=patience):
                raise
            await asyncio.sleep(pause)
            pause = min(pause * 1.6, 2.0)


@cache  # making one costs more than a step's own bookkeeping
def _adapter(work: Callable[..., Any]) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(work)["return"])


async def _tell(step_name: str, phase: Literal["before", "effect", "after"]) -> None:
    for listener in _listeners:
        await listener(Moment(DBOS.workflow_id or "", step_name, phase))


def launch(url: str) -> None:
    """Start the engine on `url` inside the running event loop; whatever was left unfinished goes on."""
    DBOS(config=_config(url))
    DBOS.launch()


def shut_down() -> None:
    """Let the engine go, without waiting for workflows: they go on at the next launch."""
    DBOS.destroy(workflow_completion_timeout_sec=0)


def name_of(flow: Flow, subject: str, attempt: int = 1) -> str:
    """The id of a workflow: what it does, to what, and which try it is."""
    return f"{flow.__name__}:{subject}:{attempt}"


async def start(flow: Flow, subject: str, attempt: int = 1) -> None:
    """Start `flow` for `subject`; starting the same attempt twice is starting it once."""
    with SetWorkflowID(name_of(flow, subject, attempt)):
        await DBOS.start_workflow_async(flow, subject)  # type: ignore[arg-type]


def current() -> str:
    """The id of the workflow this code runs in."""
    return DBOS.workflow_id or ""


@dataclass(frozen=True)
class StepRecord:
    """One recorded step: its name, when it ran, and why it was refused, if it was."""

    key: str
    started_at: datetime | None
    ended_at: datetime | None
    refused: str | None


async def steps_of(workflow_id: str) -> list[StepRecord]:
    """The steps recorded so far, in order."""
    found = await DBOS.list_workflow_steps_async(workflow_id)
    return [
        StepRecord(
            key=one["function_name"],
            started_at=_moment(one.get("started_at_epoch_ms")),
            ended_at=_moment(one.get("completed_at_epoch_ms")),
            refused=(one["output"] or {}).get("refused") if isinstance(one["output"], dict) else None,
        )
        for one in found
    ]


async def state_of(workflow_id: str) -> Literal["unknown", "running", "done", "broken"]:
    """What became of a workflow. `broken` ones will never go on by themselves."""
    status = await DBOS.get_workflow_status_async(workflow_id)
    if status is None:
        return "unknown"
    if status.status in ("PENDING", "ENQUEUED", "DELAYED"):
        return "running"
    return "done" if status.status == "SUCCESS" else "broken"


async def ended(workflow_id: str) -> None:
    """Return when the workflow has ended, however it did."""
    bell = asyncio.Event()
    _bells[workflow_id] = (asyncio.get_running_loop(), bell)
    try:
        while await state_of(workflow_id) == "running":
            if bell.is_set():
                await asyncio.sleep(A_MOMENT)
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN):
                        await bell.wait()
    finally:
        del _bells[workflow_id]


def _ring(workflow_id: str) -> None:
    """Tell who waits for this workflow that it is about to end. It may run in another thread's loop."""
    if workflow_id in _bells:
        loop, bell = _bells[workflow_id]
        loop.call_soon_threadsafe(bell.set)


async def stranded(older_than: timedelta) -> list[str]:
    """Ids of workflows that should have ended by now, or that belong to a version or executor that is gone."""
    unfinished = await DBOS.list_workflows_async(
        status=["PENDING", "ENQUEUED"], load_input=False, load_output=False
    )
    return [one.workflow_id for one in unfinished if _is_foreign(one) or _is_late(one, older_than)]


def _is_foreign(status: EngineStatus) -> bool:
    return status.app_version not in (None, PROTOCOL) or status.executor_id not in (None, EXECUTOR)


def _is_late(status: EngineStatus, older_than: timedelta) -> bool:
    created = _moment(status.created_at)
    return created is not None and created < clock.now() - older_than


def _moment(epoch_ms: int | None) -> datetime | None:
    return datetime.fromtimestamp(epoch_ms / 1000, UTC) if epoch_ms else None


def _config(url: str) -> DBOSConfig:
    config: DBOSConfig = {
        "name": "aipress",
        "system_database_url": url,
        "application_version": PROTOCOL,
        "executor_id": EXECUTOR,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
        "enable_otlp": False,
        "notification_listener_polling_interval_sec": NAP,
        "notification_coalesce_sec": NAP,
    }
    if url.startswith("sqlite"):
        config["system_database_engine"] = _sqlite(url)
    return config


def _sqlite(url: str) -> sa.Engine:
    """SQLite in WAL, every commit on disk: half as fast again as the engine's own default, and as safe."""
    engine = sa.create_engine(url, pool_size=20, max_overflow=0)

    @sa.event.listens_for(engine, "connect")
    def tune(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
