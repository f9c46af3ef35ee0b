"""The server's clock, handed to those who need it, so that tests can turn it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from flask import current_app

Clock = Callable[[], datetime]
KEY = "baifang.clock"


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present moment by the running app's clock; only endpoints call it."""
    return cast("Clock", current_app.extensions[KEY])()


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970, as the wire writes moments."""
    return int(moment.timestamp() * 1000)
