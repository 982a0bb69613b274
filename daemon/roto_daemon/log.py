"""The daemon's log: one JSON object a line in a rotating file."""

import logging
import logging.handlers
from pathlib import Path

import structlog

from roto_shared.errors import storage_error

MAX_BYTES = 5_000_000
KEPT_FILES = 3


def open_log(path: Path, level: str) -> None:
    """Send every log line of this process to ``path``. Raises StorageError where it cannot be written."""
    handler = _handler(path)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _handler(path: Path) -> logging.Handler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return logging.handlers.RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8")
    except OSError as error:
        raise storage_error(error) from error
