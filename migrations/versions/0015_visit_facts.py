"""What a visit was for, and how far from the customer its check-in was."""

import sqlalchemy as sa
from alembic import op

revision = "0015_visit_facts"
down_revision = "0014_cadences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("interactions", sa.Column("purpose", sa.String(), nullable=True))
    op.add_column("interactions", sa.Column("checkin_distance_m", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("interactions", "checkin_distance_m")
    op.drop_column("interactions", "purpose")
