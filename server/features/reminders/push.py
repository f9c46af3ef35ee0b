"""Encrypts a reminder for one device and hands it to the device's push service."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pywebpush import WebPushException
from pywebpush import webpush as hand_over  # pyright: ignore[reportUnknownVariableType]
from requests import Response
from requests.exceptions import RequestException

from server.features.reminders.models import PushSubscription
from server.features.reminders.reach import is_allowed, make_session
from server.settings import ROOT, Settings

TTL_S = 4 * 60 * 60
"""How long the push service keeps it for a device that is off: afterwards the inbox is enough."""
GONE = {404, 410}
LANGUAGE = "zh-Hant"
WORDS: Path = ROOT / "config" / "catalogs" / "reminders.json"


@dataclass(frozen=True)
class Sent:
    """How it went: no `error`, or its code, whether the subscription is gone, and how long to wait (seconds)."""

    error: str | None = None
    is_gone: bool = False
    wait_s: int | None = None


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """Kind -> language -> title and body: nothing in them is about anybody, since a lock screen shows them."""
    return json.loads(WORDS.read_text(encoding="utf-8"))


@cache
def key_of(hex_key: str) -> Vapid02:
    """The signing key."""
    return Vapid02.from_raw(base64.urlsafe_b64encode(bytes.fromhex(hex_key)))


def public_key(settings: Settings) -> str | None:
    """What browsers subscribe with, as base64url; None while pushes are not set up."""
    if not settings.vapid_key:
        return None
    known = cast("Any", key_of(settings.vapid_key)).public_key
    point: bytes = known.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def payload(settings: Settings, kind: str, notice_id: str, locale: str) -> dict[str, Any]:
    """What the device gets: readable by our service worker, and by a browser that needs none (Declarative Web Push)."""
    known = words().get(kind) or words()["other"]
    said = known.get(locale) or known[LANGUAGE]
    navigate = f"{settings.public_origin}/inbox?open={notice_id}"
    shown = {"title": said["title"], "body": said["body"], "navigate": navigate, "tag": notice_id, "lang": locale}
    return {"web_push": 8030, "notification": shown}


def send(settings: Settings, to: PushSubscription, content: Mapping[str, Any], topic: str) -> Sent:
    """Send it; a service that holds one of the same topic for the device replaces it."""
    if not is_allowed(to.endpoint, settings):
        return Sent("push_endpoint_refused", is_gone=True)
    try:
        hand_over(
            {"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}},
            json.dumps(content, ensure_ascii=False),
            vapid_private_key=key_of(settings.vapid_key),
            vapid_claims={"sub": settings.vapid_subject},
            ttl=TTL_S,
            headers={"Topic": topic, "Urgency": "normal", "Content-Type": "application/octet-stream"},
            requests_session=make_session(settings),
        )
    except WebPushException as problem:
        return _refused(problem)
    except RequestException:
        return Sent("push_unreachable")
    except ValueError:  # keys that are no point of the curve
        return Sent("push_endpoint_refused", is_gone=True)
    return Sent()


def _refused(problem: WebPushException) -> Sent:
    response = cast("Response | None", problem.response)
    status = response.status_code if response is not None else 0
    if status in GONE:
        return Sent("push_refused", is_gone=True)
    header = response.headers.get("Retry-After") if response is not None else None
    return Sent("push_busy" if status == 429 or status >= 500 else "push_refused", wait_s=seconds(header))


def seconds(header: str | None) -> int | None:
    """What Retry-After asks for, at most a day: a number of seconds, or a date."""
    if not header:
        return None
    try:
        wait = int(header) if header.isdecimal() else _until(header)
    except ValueError:
        return None
    return min(max(wait, 0), 86_400)


def _until(date: str) -> int:
    return int((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
