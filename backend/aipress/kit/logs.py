"""Structured logs: one JSON object a line on standard error, for the supervisor to keep."""

import logging
import sys

import structlog


def configure(service: str, level: str = "info") -> None:
    """Make this process log as `service`, the standard library's loggers included."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.EventRenamer("message"),
        _named(service),
    ]
    structlog.configure(
        processors=[
            *shared[:3],
            structlog.processors.format_exc_info,
            *shared[3:],
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    line = structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(),
        foreign_pre_chain=[*shared[:3], structlog.processors.format_exc_info, *shared[3:]],
    )
    to_stderr = logging.StreamHandler()
    to_stderr.setFormatter(line)
    logging.root.handlers = [to_stderr]
    logging.root.setLevel(level.upper())
    for talkative in ("httpx", "mcp"):  # they tell of every request, addresses included
        logging.getLogger(talkative).setLevel("WARNING")


def _named(service: str) -> structlog.typing.Processor:
    def add(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {**event, "source": "platform", "service": service}

    return add


def get() -> structlog.stdlib.BoundLogger:
    """A logger of this process."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger()
    return logger
