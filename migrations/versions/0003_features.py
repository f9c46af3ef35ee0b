"""The first features' typed tables: people, territories, customers, their timeline and plans."""

import sqlalchemy as sa
from alembic import op

revision = "0003_features"
down_revision = "0002_replication"
branch_labels = None
depends_on = None

ID = sa.String(36)
BIG = sa.BigInteger()
TABLES = (
    *("people", "territories", "customers", "sites", "contacts"),
    *("interactions", "touches", "cadences"),
)


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("manager_id", ID, nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_manager_id", "people", ["manager_id"])
    op.create_table(
        "territories",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("person_ids", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_territories"),
    )
    op.create_index("ix_territories_parent_id", "territories", ["parent_id"])
    op.create_table(
        "customers",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("legal_form", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("tax_id", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("industry", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("briefing_source", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("briefing", sa.String(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=True),
        sa.Column("payment_terms", sa.String(), nullable=True),
        sa.Column("credit_limit_minor", BIG, nullable=True),
        sa.Column("credit_currency", sa.String(), nullable=True),
        sa.Column("special_conditions", sa.String(), nullable=True),
        sa.Column("packaging", sa.String(), nullable=True),
        sa.Column("decision_process", sa.String(), nullable=True),
        sa.Column("buying_habits", sa.String(), nullable=True),
        sa.Column("competitors", sa.String(), nullable=True),
        sa.Column("territory_id", ID, nullable=True),
        sa.Column("fold", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("last_contact_at", BIG, nullable=True),
        sa.Column("last_contact_channel", sa.String(), nullable=True),
        sa.Column("last_contact_by", ID, nullable=True),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("interaction_count", sa.Integer(), nullable=True),
        sa.Column("created_at", BIG, nullable=True),
        sa.Column("plan_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
    )
    op.create_index("ix_customers_plan_id", "customers", ["plan_id"])
    op.create_index("ix_customers_territory_id", "customers", ["territory_id"])
    op.create_table(
        "sites",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("hours", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("purposes", sa.JSON(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("postal_code", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("lat_e7", sa.Integer(), nullable=True),
        sa.Column("lon_e7", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("plan_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
    )
    op.create_index("ix_sites_customer_id", "sites", ["customer_id"])
    op.create_table(
        "contacts",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("line_id", sa.String(), nullable=True),
        sa.Column("preferred_channel", sa.String(), nullable=True),
        sa.Column("preferred_hours", sa.String(), nullable=True),
        sa.Column("influence", sa.Integer(), nullable=True),
        sa.Column("reports_to_id", ID, nullable=True),
        sa.Column("is_met", sa.Boolean(), nullable=True),
        sa.Column("site_id", ID, nullable=True),
        sa.Column("roles", sa.JSON(), nullable=True),
        sa.Column("materials", sa.JSON(), nullable=True),
        sa.Column("birthday_kind", sa.String(), nullable=True),
        sa.Column("birthday_month", sa.Integer(), nullable=True),
        sa.Column("birthday_day", sa.Integer(), nullable=True),
        sa.Column("birthday_year", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("fold", sa.String(), nullable=True),
        sa.Column("plan_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_customer_id", "contacts", ["customer_id"])
    op.create_table(
        "interactions",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("direction", sa.String(), nullable=True),
        sa.Column("started_at", BIG, nullable=True),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("checkin_at", BIG, nullable=True),
        sa.Column("checkin_lat_e7", sa.Integer(), nullable=True),
        sa.Column("checkin_lon_e7", sa.Integer(), nullable=True),
        sa.Column("checkin_accuracy_m", sa.Integer(), nullable=True),
        sa.Column("checkout_at", BIG, nullable=True),
        sa.Column("contact_ids", sa.JSON(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("touch_id", ID, nullable=True),
        sa.Column("voided", sa.Boolean(), nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("person_name", sa.String(), nullable=True),
        sa.Column("created_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_interactions"),
    )
    op.create_index("ix_interactions_customer_id_started_at", "interactions", ["customer_id", "started_at"])
    op.create_index("ix_interactions_person_id_started_at", "interactions", ["person_id", "started_at"])
    op.create_table(
        "touches",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("done_interaction_id", ID, nullable=True),
        sa.Column("snoozed_until_on", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("due_from_on", sa.String(), nullable=True),
        sa.Column("due_to_on", sa.String(), nullable=True),
        sa.Column("due_time", sa.String(), nullable=True),
        sa.Column("cadence_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_touches"),
    )
    op.create_index("ix_touches_assignee_id_due_to_on", "touches", ["assignee_id", "due_to_on"])
    op.create_index("ix_touches_customer_id", "touches", ["customer_id"])
    op.create_table(
        "cadences",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cadences"),
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
