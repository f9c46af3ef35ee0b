"""What the imports remember: their plans, and what they last wrote to each row."""

import sqlalchemy as sa
from alembic import op

revision = "0004_importing"
down_revision = "0003_features"
branch_labels = None
depends_on = None

ID = sa.String(36)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "import_plans",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_import_plans"),
    )
    op.create_index("ix_import_plans_fingerprint", "import_plans", ["fingerprint"])
    op.create_table(
        "import_rows",
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("removed_by", ID, nullable=True),
        sa.PrimaryKeyConstraint("entity", "pk", name="pk_import_rows"),
    )
    op.create_index("ix_import_rows_plan_id", "import_rows", ["plan_id"])
    op.create_index("ix_import_rows_source", "import_rows", ["source"])


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("import_plans")
