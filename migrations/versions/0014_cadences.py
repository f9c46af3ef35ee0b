"""Cadences for several channels: what they ask of a customer, pauses, exceptions, and the last contact on each."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014_cadences"
down_revision = "0013_occasions"
branch_labels = None
depends_on = None

COLUMNS: dict[str, dict[str, Any]] = {
    "customers": {
        **{name: sa.String() for name in ("paused_until_on", "pause_reason")},
        **{f"{channel}_every_days": sa.Integer() for channel in ("visit", "call", "chat", "email")},
        **{f"last_{channel}_at": sa.BigInteger() for channel in ("visit", "call", "chat", "email")},
    },
    "cadences": {
        **{name: sa.String() for name in ("stage", "industry", "paused_until_on")},
        "tags": sa.JSON(none_as_null=True),
    },
}
ENTITIES = {"customers": "customer", "cadences": "cadence"}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
        _fill(table, columns)


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)


def _fill(table: str, columns: dict[str, Any]) -> None:
    """Rows that a newer release wrote before a downgrade have the fields already: the columns follow them."""
    rows = sa.table("synced_row", sa.column("entity"), sa.column("pk"), sa.column("body"))
    typed = sa.table(table, sa.column("id"), *(sa.column(name, kind) for name, kind in columns.items()))
    found = op.get_bind().execute(sa.select(rows.c.pk, rows.c.body).where(rows.c.entity == ENTITIES[table])).all()
    for pk, body in found:
        fields = json.loads(bytes(body))
        held = {name: fields[name] for name in columns if name in fields}
        if held:
            op.execute(typed.update().where(typed.c.id == pk).values(held))
