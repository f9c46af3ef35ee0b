"""Keys for copied profiles: one key may be of several device ids, and one id may have several keys."""

import sqlalchemy as sa
from alembic import op

revision = "0012_drain_copies"
down_revision = "0011_dated_grants"
branch_labels = None
depends_on = None

# The former table had room for one key of each device id and one id of each key: the newest stays.
DROP_COPIES = """
DELETE FROM drain_key WHERE EXISTS (
    SELECT 1 FROM drain_key AS other
    WHERE (other.token_hash = drain_key.token_hash
           OR (other.person_id = drain_key.person_id AND other.device = drain_key.device))
      AND (other.created_at, other.token_hash, other.device)
          > (drain_key.created_at, drain_key.token_hash, drain_key.device))
"""


def upgrade() -> None:
    op.drop_index("uq_drain_key_outbox", "drain_key")
    key_by("token_hash", "device")
    op.create_index("ix_drain_key_outbox", "drain_key", ["person_id", "device"])


def downgrade() -> None:
    op.execute(sa.text(DROP_COPIES))
    op.drop_index("ix_drain_key_outbox", "drain_key")
    key_by("token_hash")
    op.create_index("uq_drain_key_outbox", "drain_key", ["person_id", "device"], unique=True)


def key_by(*columns: str) -> None:
    """Give the table another primary key."""
    with op.batch_alter_table("drain_key") as table:
        table.drop_constraint("pk_drain_key", type_="primary")
        table.create_primary_key("pk_drain_key", list(columns))
