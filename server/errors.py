"""Turns every refusal into the one JSON error body, in the reader's language."""

import json
import logging
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from flask import Flask, Response, jsonify, request
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from werkzeug.exceptions import HTTPException

from server.settings import ROOT

LANGUAGES = ("zh-Hant", "zh-Hans", "en")
# What browsers send, and which of our languages answers it; the first is also the fallback.
ACCEPTED = {
    "zh-Hant": "zh-Hant",
    "zh-TW": "zh-Hant",
    "zh-HK": "zh-Hant",
    "zh-Hans": "zh-Hans",
    "zh-CN": "zh-Hans",
    "zh-SG": "zh-Hans",
    "en": "en",
}
# Framework refusals that have a code of their own; any other 4xx is a bad request.
HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "too_many_requests",
}
RETRY_SECONDS = 5
# What the drivers raise when the database, not the statement, is at fault; PostgreSQL calls read-only internal.
REFUSED_BY_DATABASE = (OperationalError, InternalError)

log = logging.getLogger(__name__)


class DomainError(Exception):
    """A refusal with a stable code from config/catalogs/errors.json.

    `details` fills the message's places and goes into the body; `retry_after` (seconds) among
    them also becomes the Retry-After header.
    """

    def __init__(self, code: str, status: int, details: Mapping[str, Any] | None = None):
        super().__init__(code)
        self.code = code
        self.status = status
        self.details = dict(details or {})


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Code -> language -> message, as both languages of the project read it."""
    return json.loads((ROOT / "config" / "catalogs" / "errors.json").read_text(encoding="utf-8"))


def message(code: str, language: str, details: Mapping[str, Any]) -> str:
    """The sentence for a code; a place without a detail stays empty."""
    shown = {name: shorten(value) for name, value in details.items()}
    return catalogue()[code][language].format_map(Blanks(shown))


class Blanks(dict[str, str]):
    """Fills places for which no detail was given."""

    def __missing__(self, key: str) -> str:
        return ""


def shorten(value: Any) -> str:
    """A detail as it reads inside a sentence: field names with commas."""
    names = cast("Iterable[Any]", value) if isinstance(value, (list, tuple, dict)) else [value]
    return ", ".join(str(name) for name in names)


def language_of_request() -> str:
    """The reader's language, by Accept-Language."""
    best = request.accept_languages.best_match(list(ACCEPTED))
    return ACCEPTED[best] if best else LANGUAGES[0]


def error_response(error: DomainError) -> Response:
    """The one error body: {"error": {"code", "message", "details"}}."""
    text = message(error.code, language_of_request(), error.details)
    body = {"error": {"code": error.code, "message": text, "details": error.details}}
    response = jsonify(body)
    response.status_code = error.status
    if "retry_after" in error.details:
        response.headers["Retry-After"] = str(error.details["retry_after"])
    return response


def from_http(error: HTTPException) -> DomainError:
    """The framework's own refusal as one of ours."""
    status = error.code or 500
    if status >= 500:
        return DomainError("internal", status)
    details: dict[str, Any] = {}
    if status == 413:
        details = {"max_bytes": request.max_content_length}
    if status == 422:
        details = {"fields": invalid_fields(error)}
    return DomainError(HTTP_CODES.get(status, "bad_request"), status, details)


def invalid_fields(error: HTTPException) -> dict[str, Any]:
    """Field name -> what is wrong with it, as the schema found it."""
    data = cast("dict[str, Any]", getattr(error, "data", {}))
    by_place = cast("dict[str, dict[str, Any]]", data.get("messages", {}))
    return {name: why for fields in by_place.values() for name, why in fields.items()}


def from_database(error: DBAPIError) -> DomainError:
    """A full, read-only or busy database: all pass, none loses what was sent."""
    log.error("database refused: %s", error.orig)
    code = "database_unavailable"
    if is_reason(error, sqlite3.SQLITE_FULL, "53100"):
        code = "storage_full"
    elif is_reason(error, sqlite3.SQLITE_READONLY, "25006"):
        code = "read_only"
    return DomainError(code, 503, {"retry_after": RETRY_SECONDS})


def is_reason(error: DBAPIError, sqlite_code: int, sqlstate: str) -> bool:
    """Whether SQLite's result code (its low byte) or PostgreSQL's SQLSTATE is the given one."""
    given = getattr(error.orig, "sqlite_errorcode", None)
    return (given is not None and given & 0xFF == sqlite_code) or getattr(error.orig, "sqlstate", None) == sqlstate


def register_error_handlers(app: Flask) -> None:
    """Make every refusal of the app, ours or the framework's, use the one body."""
    app.register_error_handler(DomainError, error_response)
    app.register_error_handler(HTTPException, lambda e: error_response(from_http(e)))
    for kind in REFUSED_BY_DATABASE:
        app.register_error_handler(kind, lambda e: error_response(from_database(e)))
