"""Says whether the process lives and whether it can work: asked by load balancers, systemd and monitoring."""

from flask import Blueprint, Response, jsonify

from server.operations.facts import migration_of
from server.shared import migrate
from server.shared.db import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def show_health() -> Response:
    """200 while the process answers, whatever its database does: restarting it would not help that."""
    return jsonify(status="ok")


@blueprint.get("/health/ready")
def show_readiness() -> Response:
    """200 when requests can be served; 503 while the database does not answer or is of another release."""
    with db.engine.connect() as connection:
        migration = migration_of(connection)
    expected = migrate.revisions()[0]
    is_ready = migration == expected
    response = jsonify(status="ok" if is_ready else "migration_needed", migration=migration, expected=expected)
    response.status_code = 200 if is_ready else 503
    return response
