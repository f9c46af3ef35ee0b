"""Keys of rows whose content was erased on request: what comes for them again is dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0007_erasure"
down_revision = "0006_releases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_key",
        sa.Column("pk", sa.String(36), nullable=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("pk", "entity", name=op.f("pk_erased_key")),
    )
    op.create_index("ix_erased_key_subject", "erased_key", ["subject"])


def downgrade() -> None:
    op.drop_table("erased_key")
