"""Keys under which a device delivers after its person's access was ended, and outboxes that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0010_drain"
down_revision = "0009_purge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drain_key",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("device", sa.String(36), nullable=False),
        sa.Column("installation", sa.String(36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_drain_key"),
    )
    op.create_index("uq_drain_key_outbox", "drain_key", ["person_id", "device"], unique=True)
    op.add_column("sync_device", sa.Column("enqueued_through", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("sync_device", sa.Column("destroyed_by", sa.String(36), nullable=True))
    op.add_column("sync_device", sa.Column("destroyed_at", sa.BigInteger(), nullable=True))
    op.add_column("sync_device", sa.Column("last_known_count", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in ("last_known_count", "destroyed_at", "destroyed_by", "enqueued_through"):
        op.drop_column("sync_device", name)
    op.drop_table("drain_key")
