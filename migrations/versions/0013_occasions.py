"""Occasions that the company set, and anniversaries."""

import sqlalchemy as sa
from alembic import op

revision = "0013_occasions"
down_revision = "0012_drain_copies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "occasions",
        sa.Column("id", sa.String(36), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("key", "kind", "name", "calendar", "channel")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("month", "day", "shift_days", "lead_days")),
        sa.Column("tiers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("tags", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_occasions"),
    )
    op.create_table(
        "anniversaries",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("customer_id", sa.String(36), nullable=False),
        sa.Column("contact_id", sa.String(36), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("calendar", sa.String(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("month", "day", "year")),
        sa.PrimaryKeyConstraint("id", name="pk_anniversaries"),
    )
    op.create_index("ix_anniversaries_customer_id", "anniversaries", ["customer_id"])


def downgrade() -> None:
    op.drop_table("anniversaries")
    op.drop_table("occasions")
