"""Puts the server together: the only module that knows every room."""

from pathlib import Path

from flask import Flask
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from server.auth import endpoints as auth
from server.auth.cookies import cookie_name
from server.auth.limits import SignInLimits
from server.auth.schemas import ErrorSchema
from server.errors import register_error_handlers
from server.features.attachments import synced as attachments
from server.features.calendar import synced as calendar
from server.features.customers import synced as customers
from server.features.importing import memory as importing
from server.features.interactions import synced as interactions
from server.features.occasions import synced as occasions
from server.features.people import synced as people
from server.features.promises import synced as promises
from server.features.reminders import endpoints as reminding
from server.features.reminders import synced as reminders
from server.features.reminders.shop import make_shop
from server.features.territories import synced as territories
from server.features.territories.services import materialise
from server.features.touches import services as touching
from server.features.touches import synced as touches
from server.operations import health, metrics
from server.protection import protect
from server.replication import drain
from server.replication import endpoints as sync
from server.replication.blobs import endpoints as blobs
from server.replication.blobs.folder import Folder
from server.replication.blobs.shelf import Shelf
from server.replication.blobs.store import BlobStore
from server.replication.chunks import Chunks
from server.replication.entities import with_system_entities
from server.replication.place import Place
from server.replication.server_writer import ServerWriter
from server.settings import Settings
from server.shared import clock, migrate, working, writer
from server.shared.db import db, init_db
from server.shared.logs import init_logs
from server.shared.registry import KEY as REGISTRY
from server.shared.registry import Registry
from server.shell import init_shell


class Description(Api):
    """The OpenAPI description; refusals are described by our own body."""

    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        """Leave refusals to server/errors.py."""


def create_app(settings: Settings, clock_: clock.Clock = clock.utc_now) -> Flask:
    """A server over one database; `clock_` lets tests turn the time."""
    app = Flask("baifang", static_folder=None)
    app.extensions["baifang.settings"] = settings
    app.extensions[clock.KEY] = clock_
    app.extensions[auth.LIMITS] = SignInLimits(settings)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    init_db(app, settings)
    bind_replication(app, settings, clock_)
    init_logs(app)
    register_error_handlers(app)
    protect(app, settings)
    describe(app, settings)
    init_shell(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    return app


def make_registry() -> Registry:
    """Every kind of row of every feature."""
    rooms = (
        people,
        territories,
        calendar,
        customers,
        interactions,
        touches,
        promises,
        attachments,
        occasions,
        reminders,
    )
    return Registry((entity for room in rooms for entity in room.ENTITIES), [importing.forget_values], [materialise])


def what_to_do() -> working.Shop:
    """What the worker does, over what each feature offers to be reminded of."""
    return make_shop([touching.REMINDS])


def bind_replication(app: Flask, settings: Settings, clock_: clock.Clock) -> None:
    """Hand replication its database, registry, key and clock, and features their writer."""
    registry = with_system_entities(make_registry())
    with app.app_context():
        chunks = Chunks(Path(settings.data_dir, "cache", "snapshot"), migrate.revisions()[0])
        place = Place(
            db.engine, registry, settings.cursor_secret, lambda: clock.to_ms(clock_()), chunks, settings.retention_ms
        )
    app.extensions[REGISTRY] = registry
    app.extensions[sync.PLACE] = place
    app.extensions[blobs.SHELF] = Shelf(place, open_store(settings), settings.max_blob_bytes)
    app.extensions[writer.KEY] = ServerWriter(place)
    app.extensions[working.KEY] = working.Tools(place.engine, app.extensions[writer.KEY], settings, place.now_ms)


def open_store(settings: Settings) -> BlobStore:
    """Where photos and files are kept: in a bucket if one is named, else in a folder beside the database."""
    if not settings.blob_bucket:
        return Folder(Path(settings.data_dir, "blobs"))
    from server.replication.blobs.bucket import open_bucket  # noqa: PLC0415  (its library is an extra)

    return open_bucket(settings)


def describe(app: Flask, settings: Settings) -> None:
    """Register the described endpoints, and serve their description at /openapi.json."""
    app.config |= {
        "API_TITLE": "Baifang",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "security": [{"session": []}],
            "components": {
                "securitySchemes": {
                    "session": {"type": "apiKey", "in": "cookie", "name": cookie_name(settings)},
                    "metrics": {"type": "http", "scheme": "bearer"},
                    "drain": {"type": "apiKey", "in": "header", "name": drain.HEADER},
                }
            },
        },
    }
    api = Description(app)
    api.register_blueprint(auth.blueprint)
    api.register_blueprint(sync.blueprint)
    api.register_blueprint(blobs.blueprint)
    api.register_blueprint(reminding.blueprint)
    api.register_blueprint(health.blueprint)
    api.register_blueprint(metrics.blueprint)
