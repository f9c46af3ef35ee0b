"""What a clean-up leaves behind: the keys of purged rows, where the log begins, and how far it got."""

import sqlalchemy as sa
from alembic import op

revision = "0009_purge"
down_revision = "0008_blobs"
branch_labels = None
depends_on = None

COUNTERS = ("floor_seq", "purged_seq", "purged_at")
HIDDEN = sa.text("deleted_by IS NOT NULL")


def upgrade() -> None:
    for name in COUNTERS:
        op.add_column("server_state", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "purged_key",
        sa.Column("pk", sa.String(36), nullable=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("root_pk", sa.String(36), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pk", "entity", name="pk_purged_key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_synced_row_hidden", "synced_row", ["entity", "pk"], sqlite_where=HIDDEN, postgresql_where=HIDDEN
    )


def downgrade() -> None:
    op.drop_index("ix_synced_row_hidden", "synced_row")
    op.drop_table("purged_key")
    for name in reversed(COUNTERS):
        op.drop_column("server_state", name)
