"""Says whether the server can do its work: asked by load balancers and by `make run`'s reader."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from server.shared.db import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def show_health() -> Response:
    """200 with the applied migration when the database answers; 503 otherwise."""
    migration = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return jsonify(status="ok", migration=migration)
