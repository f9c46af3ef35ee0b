"""Writes logs as JSON lines that a machine can follow from request to row, and that hold nothing about people.

A line has ids, codes and counts only. Of an exception it tells the type and where it was raised: its words may
quote what somebody typed.
"""

import logging
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask, Response

from server.settings import ROOT, Settings

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class JsonLines(logging.Formatter):
    """One JSON object a line; `extra={"fields": {…}}` adds keys."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if known := request_id.get():
            line["request"] = known
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["stack"] = [_place(frame) for frame in traceback.extract_tb(record.exc_info[2])]
        return msgspec.json.encode(line).decode()


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{name}:{frame.lineno} {frame.name}"


def level_of(settings: Settings) -> str:
    """The least level that is written; a developer's terminal stays quiet unless told otherwise."""
    return (settings.log_level or ("warning" if settings.is_development else "info")).upper()


def dict_config(settings: Settings) -> dict[str, Any]:
    """For logging.config: everything to standard error, gunicorn's own lines too."""
    ours = {"handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "server.shared.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": level_of(settings), "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": "WARNING", **ours},
            "gunicorn.access": {"level": "WARNING", **ours},
            "alembic": {"level": "WARNING"},  # it tells of each of its plugins
        },
    }


def init_logs(app: Flask) -> None:
    """Give every request an id, told to who asked, too, so that a complaint can be found again."""

    def begin() -> None:
        request_id.set(uuid.uuid4().hex)

    def tell(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id.get() or ""
        return response

    app.before_request(begin)
    app.after_request(tell)
