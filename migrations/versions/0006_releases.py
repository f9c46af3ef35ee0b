"""Which release tried a parked mutation last: one that kills the server is tried once by each."""

import sqlalchemy as sa
from alembic import op

revision = "0006_releases"
down_revision = "0005_operations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mutation_record", sa.Column("tried_by", sa.String(16), nullable=True))


def downgrade() -> None:
    op.drop_column("mutation_record", "tried_by")
