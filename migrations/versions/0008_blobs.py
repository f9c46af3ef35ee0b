"""Blobs: what is kept, who proved to have it, which rows name it, and what is on its way; and attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0008_blobs"
down_revision = "0007_erasure"
branch_labels = None
depends_on = None

ID = sa.String(36)
SHA = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("log_seq", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_blob"),
    )
    op.create_index("ix_blob_kept_at", "blob", ["kept_at"])
    op.create_table(
        "blob_proof",
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("sha256", "person_id", name="pk_blob_proof"),
    )
    op.create_table(
        "blob_reference",
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("entity", "pk", "sha256", name="pk_blob_reference"),
    )
    op.create_index("ix_blob_reference_sha256", "blob_reference", ["sha256"])
    op.create_table(
        "blob_upload",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_blob_upload"),
    )
    op.create_index("uq_blob_upload_person_sha", "blob_upload", ["person_id", "sha256"], unique=True)
    op.create_index("ix_blob_upload_touched_at", "blob_upload", ["touched_at"])
    op.create_table(
        "blob_part",
        sa.Column("upload_id", ID, nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "start", name="pk_blob_part"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("interaction_id", ID, nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("sha256", SHA, nullable=True),
        sa.Column("thumb_sha256", SHA, nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("voided", sa.Boolean(), nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_interaction_id", "attachments", ["interaction_id"])


def downgrade() -> None:
    for table in ("attachments", "blob_part", "blob_upload", "blob_reference", "blob_proof", "blob"):
        op.drop_table(table)
