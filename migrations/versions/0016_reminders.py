"""Jobs for the worker, and the notices of everybody's inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0016_reminders"
down_revision = "0015_visit_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(36)),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.Column("lease", sa.String(36)),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_jobs"),
    )
    op.create_index("ix_jobs_run_at", "jobs", ["run_at"])
    op.create_index("ix_jobs_person_id_kind", "jobs", ["person_id", "kind"])
    op.create_table(
        "notices",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36)),
        sa.Column("kind", sa.String()),
        sa.Column("row_pk", sa.String(36)),
        sa.Column("about_customer_id", sa.String(36)),
        sa.Column("due_on", sa.String()),
        sa.Column("due_time", sa.String()),
        sa.Column("counts", sa.JSON()),
        sa.Column("created_at", sa.BigInteger()),
        sa.Column("seen_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_person_id", "notices", ["person_id"])


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("jobs")
