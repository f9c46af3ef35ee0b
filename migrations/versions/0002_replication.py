"""The synced rows, the log that orders them, receipts, devices and grants."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002_replication"
down_revision = "0001_auth"
branch_labels = None
depends_on = None

ID = sa.String(36)
BIG = sa.BigInteger()


def where(condition: str, on_sqlite: str | None = None) -> dict[str, Any]:
    """The rows that a partial index holds, as each database's queries say it."""
    return {"sqlite_where": sa.text(on_sqlite or condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "change_log",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("txn", ID, nullable=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("epoch", BIG, nullable=False),
        sa.Column("n", BIG, nullable=False),
        sa.Column("scope_before", sa.String(120), nullable=True),
        sa.Column("scope_after", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_change_log"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_change_log_row", "change_log", ["entity", "pk", "seq"])
    op.create_table(
        "change_scope",
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("scope", "seq", name="pk_change_scope"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "change_txn",
        sa.Column("txn", ID, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("plan_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("txn", name="pk_change_txn"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "device_lineage",
        sa.Column("device", ID, nullable=False),
        sa.Column("ancestor", ID, nullable=False),
        sa.Column("up_to_seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("device", "ancestor", name="pk_device_lineage"),
    )
    op.create_table(
        "leave_mark",
        sa.Column("device", ID, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("revoked_id", BIG, nullable=False),
        sa.Column("enqueued_through", BIG, nullable=False),
        sa.PrimaryKeyConstraint("device", "seq", "revoked_id", name="pk_leave_mark"),
    )
    op.create_table(
        "mutation_record",
        sa.Column("device", ID, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("is_original", sa.Boolean(), nullable=False),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("txn", sa.String(64), nullable=False),
        sa.Column("commit_txn", ID, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("code", sa.String(40), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=True),
        sa.Column("stamp_ms", BIG, nullable=False),
        sa.Column("stamp_n", BIG, nullable=False),
        sa.Column("entity", sa.String(40), nullable=True),
        sa.Column("pk", ID, nullable=True),
        sa.Column("op", sa.String(8), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("waits_for", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("device", "seq", name="pk_mutation_record"),
    )
    op.create_index("ix_mutation_record_open_pk", "mutation_record", ["pk"], **where("is_open", "is_open = 1"))
    op.create_index("ix_mutation_record_waits", "mutation_record", ["waits_for"], **where("is_open", "is_open = 1"))
    op.create_index(
        "uq_mutation_record_id", "mutation_record", ["id"], unique=True, **where("is_original", "is_original = 1")
    )
    op.create_table(
        "open_conflict",
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("row_pk", ID, nullable=False),
        sa.Column("group", sa.String(60), nullable=False),
        sa.Column("conflict_pk", ID, nullable=False),
        sa.PrimaryKeyConstraint("entity", "row_pk", "group", name="pk_open_conflict"),
    )
    op.create_table(
        "scope_grant",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("granted_seq", BIG, nullable=False),
        sa.Column("granted_at", BIG, nullable=False),
        sa.Column("revoked_id", BIG, nullable=True),
        sa.Column("revoked_seq", BIG, nullable=True),
        sa.Column("revoked_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_scope_grant"),
    )
    op.create_index("ix_scope_grant_person_id", "scope_grant", ["person_id"])
    op.create_index(
        "uq_scope_grant_live", "scope_grant", ["person_id", "scope"], unique=True, **where("revoked_id IS NULL")
    )
    op.create_table(
        "scope_sum",
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("count", BIG, nullable=False),
        sa.Column("sum", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("scope", "seq", name="pk_scope_sum"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "server_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", BIG, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.Column("last_grant_id", BIG, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_server_state_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_server_state"),
    )
    op.create_table(
        "sync_device",
        sa.Column("device", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.Column("last_sha", sa.String(64), nullable=True),
        sa.Column("stamp_ms", BIG, nullable=False),
        sa.Column("stamp_n", BIG, nullable=False),
        sa.Column("acked_through", BIG, nullable=False),
        sa.PrimaryKeyConstraint("device", name="pk_sync_device"),
    )
    op.create_table(
        "synced_row",
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("root_entity", sa.String(40), nullable=False),
        sa.Column("root_pk", ID, nullable=False),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("epoch", BIG, nullable=False),
        sa.Column("n", BIG, nullable=False),
        sa.Column("agg", BIG, nullable=False),
        sa.Column("agg_head", BIG, nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("meta", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(16), nullable=False),
        sa.Column("deleted_by", ID, nullable=True),
        sa.Column("writer_device", ID, nullable=False),
        sa.Column("writer_seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("entity", "pk", name="pk_synced_row"),
    )
    op.create_index("ix_synced_row_root", "synced_row", ["root_entity", "root_pk", "entity", "pk"])
    op.create_index("ix_synced_row_scope", "synced_row", ["scope", "pk", "entity"], **where("deleted_by IS NULL"))
    op.execute("INSERT INTO server_state (id, epoch, last_seq, last_grant_id) VALUES (1, 1, 0, 0)")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = [
    "change_log",
    "change_scope",
    "change_txn",
    "device_lineage",
    "leave_mark",
    "mutation_record",
    "open_conflict",
    "scope_grant",
    "scope_sum",
    "server_state",
    "sync_device",
    "synced_row",
]
