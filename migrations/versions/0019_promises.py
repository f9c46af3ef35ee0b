"""Promises, and the calendar of the company by which they are due."""

import sqlalchemy as sa
from alembic import op

revision = "0019_promises"
down_revision = "0018_push"
branch_labels = None
depends_on = None

ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", ID, nullable=False),
        sa.Column("week", sa.JSON(), nullable=True),
        sa.Column("holidays", sa.JSON(), nullable=True),
        sa.Column("closed", sa.JSON(), nullable=True),
        sa.Column("opened", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_calendars"),
    )
    op.create_table(
        "promises",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("interaction_id", ID, nullable=True),
        sa.Column("promised_at", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("due_on", sa.String(), nullable=True),
        sa.Column("due_time", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closing_note", sa.String(), nullable=True),
        sa.Column("kept_interaction_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_promises"),
    )
    op.create_index("ix_promises_customer_id", "promises", ["customer_id"])
    op.create_index("ix_promises_owner_id_due_on", "promises", ["owner_id", "due_on"])


def downgrade() -> None:
    op.drop_table("promises")
    op.drop_table("calendars")
