"""Logs: lines for a person on a terminal, JSON elsewhere."""

import logging
import sys
import time
from collections import defaultdict

import structlog

SAID_AGAIN_AFTER_S = 60.0


class _OnceInAWhile(logging.Filter):
    """Lets each kind of message through once a minute, whatever it is about."""

    def __init__(self) -> None:
        super().__init__()
        self._due: defaultdict[object, float] = defaultdict(float)

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._due[record.msg]:
            return False
        self._due[record.msg] = now + SAID_AGAIN_AFTER_S
        return True


def configure_logs(*, quiet: bool = False) -> None:
    """Send everything, ours and the libraries', through one formatter to standard error."""
    for_people = sys.stderr.isatty()
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer() if for_people else structlog.processors.JSONRenderer()
    )
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(
        handlers=[handler], level=logging.WARNING if quiet else logging.INFO, force=True
    )
    _quieten()


def _quieten() -> None:
    """Say less of what the libraries say of every request, and of each connection that is lost."""
    for noisy in ("httpx", "httpcore", "stripe", "procrastinate", "uvicorn.access", "mail.log"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A statement that fails is raised where it is read: that those sent with it fell is no news.
    # Connections that are lost are, and have a name of their own: while the database is away it is
    # heard for each of them, twice a second.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    pool = logging.getLogger("psycopg.pool")
    pool.setLevel(logging.WARNING)
    pool.addFilter(_OnceInAWhile())
