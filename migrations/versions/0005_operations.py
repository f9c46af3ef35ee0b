"""What the last verified backup holds: devices keep their own copy of everything after it."""

import sqlalchemy as sa
from alembic import op

revision = "0005_operations"
down_revision = "0004_importing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("durable_seq", "durable_at"):
        op.add_column("server_state", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("durable_at", "durable_seq"):
        op.drop_column("server_state", name)
