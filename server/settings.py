"""Turns config/*.toml and the environment into one frozen object, and refuses to start on nonsense."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from limits import parse as parse_limit

from server.keys import KeyFileError, read_key

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "BAIFANG_"
NOT_SETTINGS = {"CONFIG", "NORTHWIND"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
LAST_PORT = 65535
LEAST_RETENTION_DAYS = 180
COUNTRY = re.compile(r"([A-Z]{2})?")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
CONTACT = re.compile(r"mailto:[^@\s,?]+@(?P<mail_host>[\w-]+(\.[\w-]+)+)|https://(?P<host>[\w-]+(\.[\w-]+)+)(/\S*)?")
PLACEHOLDERS = ("localhost", "example.com", "example.org", "example.net", ".example", ".invalid", ".test", ".local")
FOLDERS = re.compile(r"[\w-]+(/[\w-]+)*", re.ASCII)


class SettingsError(Exception):
    """The configuration cannot be used; the message lists every problem, one a line."""


@dataclass(frozen=True)
class Settings:
    """The whole configuration; `config/default.toml` says what each name means."""

    environment: Literal["development", "production", "test"]
    company_name: str
    company_zone: str
    company_holidays: str
    data_dir: str
    database_url: str
    erase_list: str
    app_dir: str
    bind_host: str
    bind_port: int
    public_origin: str
    trusted_proxies: int
    workers: int
    threads: int
    cursor_key: str = field(repr=False)
    metrics_token: str = field(repr=False)
    log_level: Literal["", "debug", "info", "warning", "error"]
    session_idle_days: int
    session_absolute_days: int
    sign_in_limit_per_account: str
    sign_in_limit_per_address: str
    drain_limit_per_address: str
    limits_storage: str
    max_request_bytes: int
    max_inflated_bytes: int
    max_blob_bytes: int
    blob_bucket: str
    blob_prefix: str
    blob_endpoint: str
    blob_region: str
    blob_access_key: str = field(repr=False)
    blob_secret_key: str = field(repr=False)
    retention_days: int
    vapid_key: str = field(repr=False)
    vapid_subject: str
    push_hosts: str
    push_test_origin: str

    @property
    def is_development(self) -> bool:
        """Whether this is a person's own machine: the only place with relaxed rules."""
        return self.environment == "development"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS."""
        return self.public_origin.startswith("https://")

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the company's calendar days."""
        return ZoneInfo(self.company_zone)

    @property
    def retention_ms(self) -> int:
        """How long the log and deleted rows are kept, in milliseconds."""
        return self.retention_days * 24 * 60 * 60 * 1000

    @property
    def cursor_secret(self) -> bytes:
        """The key that authenticates pull cursors."""
        return bytes.fromhex(self.cursor_key)


NAMES = {one.name for one in fields(Settings)}


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read default.toml, the file in BAIFANG_CONFIG, BAIFANG_* and the overrides, later ones winning.

    Raises SettingsError.
    """
    environ = os.environ if environ is None else environ
    values = read_toml(ROOT / "config" / "default.toml")
    if path := environ.get(PREFIX + "CONFIG"):
        values |= read_toml(Path(path))
    values |= from_environment(environ) | overrides
    if unknown := sorted(values.keys() - NAMES):
        raise SettingsError(f"Unknown settings: {', '.join(unknown)}. See config/default.toml.")
    try:
        settings = complete(msgspec.convert(values, Settings, strict=False))
    except (msgspec.ValidationError, KeyFileError) as problem:
        raise SettingsError(str(problem)) from problem
    if problems := find_problems(settings):
        raise SettingsError("\n".join(problems))
    return settings


def read_toml(path: Path) -> dict[str, Any]:
    """The values of a TOML file; raises SettingsError naming the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SettingsError(f"{path} cannot be read: {problem}") from problem


def from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The settings given as BAIFANG_<NAME>."""
    return {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in NOT_SETTINGS
    }


def complete(settings: Settings) -> Settings:
    """Fill in what follows from other settings, and make paths absolute."""
    data = ROOT / settings.data_dir
    url = settings.database_url or f"sqlite:///{data / 'baifang.db'}"
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    origin = settings.public_origin or f"http://localhost:{settings.bind_port}"
    key_file = data / "keys" / "cursor.key"
    vapid_file = data / "keys" / "vapid.key"
    vapid = settings.vapid_key or (read_key(vapid_file, may_create=False) if vapid_file.exists() else "")
    key = settings.cursor_key or read_key(key_file, may_create=settings.is_development)
    return replace(
        settings,
        data_dir=str(data),
        app_dir=str(ROOT / settings.app_dir),
        database_url=url,
        erase_list=str(ROOT / settings.erase_list) if settings.erase_list else str(data / "erased.jsonl"),
        public_origin=origin.rstrip("/"),
        cursor_key=key,
        vapid_key=vapid,
    )


def find_problems(settings: Settings) -> list[str]:
    """One sentence for each thing that is wrong, saying what to do."""
    origin = urlsplit(settings.public_origin)
    local = origin.hostname in LOOPBACK and settings.bind_host in LOOPBACK
    checks = [
        (settings.company_name.strip() == "", "company_name is empty: name the company."),
        (
            settings.company_zone not in available_timezones(),
            f"company_zone {settings.company_zone!r} is no time zone: use one like Asia/Taipei.",
        ),
        (
            not COUNTRY.fullmatch(settings.company_holidays),
            f"company_holidays {settings.company_holidays!r} is no country: use two letters like TW, or nothing.",
        ),
        (
            not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")),
            "database_url must begin with sqlite:/// or postgresql://.",
        ),
        (
            origin.scheme not in {"http", "https"} or not origin.hostname or origin.path != "",
            "public_origin must look like https://crm.example.com, without a path.",
        ),
        (
            settings.is_development and not local,
            "Development serves only this machine: keep bind_host and public_origin on localhost, "
            "or set environment = production.",
        ),
        (
            not settings.is_development and not settings.is_https,
            "Outside development public_origin must begin with https://: browsers keep the session cookie only there.",
        ),
        (
            not is_strong(settings.cursor_key),
            "cursor_key must be 64 random hex digits: "
            'make them with python3 -c "import secrets; print(secrets.token_hex(32))".',
        ),
        (
            settings.metrics_token != "" and not is_strong(settings.metrics_token),
            "metrics_token must be empty or 64 random hex digits, made like cursor_key.",
        ),
        (
            settings.workers > 1 and settings.limits_storage == "memory://",
            "Several workers need a limits_storage that they share, such as redis://localhost.",
        ),
        (
            settings.session_idle_days > settings.session_absolute_days,
            "session_idle_days is longer than session_absolute_days.",
        ),
        (
            settings.retention_days < LEAST_RETENTION_DAYS,
            f"retention_days must be at least {LEAST_RETENTION_DAYS}: devices may be away for so long.",
        ),
        (settings.bind_port > LAST_PORT, f"bind_port must be at most {LAST_PORT}."),
        *push_checks(settings),
        *(store_checks(settings) if settings.blob_bucket else []),
        *((value < 1, f"{name} must be at least 1.") for name, value in counts(settings)),
        *((not is_limit(v), f"{v!r} is no limit: write '10 per 15 minutes'.") for v in rates(settings)),
    ]
    return [sentence for is_wrong, sentence in checks if is_wrong]


def push_checks(settings: Settings) -> list[tuple[bool, str]]:
    """What may be wrong about pushes; without a key there are none."""
    test = urlsplit(settings.push_test_origin)
    is_test = settings.environment == "test" and test.scheme == "http" and test.hostname in LOOPBACK
    return [
        (
            settings.vapid_key != "" and not is_strong(settings.vapid_key),
            "vapid_key must be 64 hex digits: make it with `baifang vapid`.",
        ),
        (
            settings.vapid_key != "" and not is_contact(settings.vapid_subject),
            "vapid_subject must be a real mailto:somebody@your.company or https://your.company: "
            "push services write there, and Apple refuses all pushes without it.",
        ),
        (settings.vapid_key != "" and not settings.push_hosts.split(), "push_hosts names no push service."),
        (settings.push_test_origin != "" and not is_test, "push_test_origin is for tests only: leave it empty."),
    ]


def is_contact(subject: str) -> bool:
    """Whether somebody who runs a push service could reach whoever runs this server."""
    found = CONTACT.fullmatch(subject)
    host = found["mail_host"] or found["host"] if found else "localhost"
    return not host.endswith(PLACEHOLDERS)


def store_checks(settings: Settings) -> list[tuple[bool, str]]:
    """What may be wrong about the bucket of photos and files."""
    endpoint = urlsplit(settings.blob_endpoint or "https://s3")
    is_near = settings.is_development or endpoint.hostname in LOOPBACK
    return [
        (not BUCKET.fullmatch(settings.blob_bucket), "blob_bucket is no name of a bucket: give the name alone."),
        (
            not FOLDERS.fullmatch(settings.blob_prefix),
            "blob_prefix must be one name or several with / between: all below it is ours, and cleaned up.",
        ),
        (
            not (settings.blob_region and settings.blob_access_key and settings.blob_secret_key),
            "blob_bucket needs blob_region, blob_access_key and blob_secret_key: "
            "give the keys as BAIFANG_BLOB_ACCESS_KEY and BAIFANG_BLOB_SECRET_KEY.",
        ),
        (
            endpoint.scheme not in {"http", "https"} or not endpoint.hostname or endpoint.path != "",
            "blob_endpoint must look like https://s3.example.com, without the bucket.",
        ),
        (
            endpoint.scheme == "http" and not is_near,
            "blob_endpoint must begin with https:// unless the store runs on this machine: photos travel to it.",
        ),
        (
            find_spec("obstore") is None,
            "blob_bucket needs the extra s3: make .venv/.s3-installed, or pip install 'baifang[s3]'.",
        ),
    ]


def counts(settings: Settings) -> list[tuple[str, int]]:
    """The settings that count something of which there must be one."""
    names = (
        *("bind_port", "workers", "threads", "session_idle_days", "session_absolute_days"),
        *("max_request_bytes", "max_inflated_bytes", "max_blob_bytes"),
    )
    return [(name, getattr(settings, name)) for name in names]


def rates(settings: Settings) -> list[str]:
    """The settings that are rates."""
    return [
        settings.sign_in_limit_per_account,
        settings.sign_in_limit_per_address,
        settings.drain_limit_per_address,
    ]


def is_limit(text: str) -> bool:
    """Whether the text is a rate such as '10 per 15 minutes'."""
    try:
        parse_limit(text)
    except ValueError:
        return False
    return True


def is_strong(key: str) -> bool:
    """Whether a key has 32 bytes and was not typed by hand, like a row of zeros."""
    try:
        secret = bytes.fromhex(key)
    except ValueError:
        return False
    return len(secret) >= 32 and len(set(secret)) >= 12
