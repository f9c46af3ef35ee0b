"""How long a voice memo is, what a document is called or who signed, and what was signed."""

import sqlalchemy as sa
from alembic import op

revision = "0017_attachment_facts"
down_revision = "0016_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachments", sa.Column("name", sa.String(), nullable=True))
    op.add_column("attachments", sa.Column("duration_ms", sa.Integer(), nullable=True))
    op.add_column("attachments", sa.Column("signed_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("attachments", "signed_hash")
    op.drop_column("attachments", "duration_ms")
    op.drop_column("attachments", "name")
