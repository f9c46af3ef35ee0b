"""Says whether the process lives and whether it can work: asked by load balancers, systemd and monitoring."""

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from server.operations.facts import migration_of
from server.shared import migrate
from server.shared.db import db

blueprint = Blueprint("health", __name__, description="For load balancers and monitoring")


class HealthSchema(Schema):
    """The process answers."""

    status = fields.String(required=True)


class ReadinessSchema(HealthSchema):
    """Whether requests can be served: `ok`, or `migration_needed` with both releases of the database."""

    migration = fields.String(required=True, allow_none=True)
    expected = fields.String(required=True)


@blueprint.get("/health")
@blueprint.response(200, HealthSchema)
@blueprint.doc(security=[])
def show_health() -> Response:
    """200 while the process answers, whatever its database does: restarting it would not help that."""
    return jsonify(status="ok")


@blueprint.get("/health/ready")
@blueprint.response(200, ReadinessSchema)
@blueprint.doc(security=[])
@blueprint.alt_response(503, schema=ReadinessSchema)
def show_readiness() -> Response:
    """200 when requests can be served; 503 while the database does not answer or is of another release."""
    with db.engine.connect() as connection:
        migration = migration_of(connection)
    expected = migrate.revisions()[0]
    is_ready = migration == expected
    response = jsonify(status="ok" if is_ready else "migration_needed", migration=migration, expected=expected)
    response.status_code = 200 if is_ready else 503
    return response
