"""Assignments to territories with dates, and when the next of them begins or ends."""

import sqlalchemy as sa
from alembic import op

revision = "0011_dated_grants"
down_revision = "0010_drain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("server_state", sa.Column("grants_at", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("server_state", sa.Column("grants_due_at", sa.BigInteger(), nullable=True))
    op.add_column("territories", sa.Column("dated", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("territories", "dated")
    op.drop_column("server_state", "grants_due_at")
    op.drop_column("server_state", "grants_at")
