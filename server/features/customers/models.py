"""Typed tables of customers, sites and contacts, for queries; the rows that travel are the truth."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Customer(Base):
    """A company or person we sell to."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_territory_id", "territory_id"),
        Index("ix_customers_plan_id", "plan_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    legal_form: Mapped[str | None]
    code: Mapped[str | None]
    tax_id: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    industry: Mapped[str | None]
    tier: Mapped[str | None]
    briefing_source: Mapped[str | None]
    notes: Mapped[str | None]
    briefing: Mapped[str | None]
    tags: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    payment_terms: Mapped[str | None]
    credit_limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    credit_currency: Mapped[str | None]
    special_conditions: Mapped[str | None]
    packaging: Mapped[str | None]
    decision_process: Mapped[str | None]
    buying_habits: Mapped[str | None]
    competitors: Mapped[str | None]
    paused_until_on: Mapped[str | None]
    pause_reason: Mapped[str | None]
    visit_every_days: Mapped[int | None]
    call_every_days: Mapped[int | None]
    chat_every_days: Mapped[int | None]
    email_every_days: Mapped[int | None]
    territory_id: Mapped[Id | None]
    fold: Mapped[str | None]
    stage: Mapped[str | None]
    last_contact_at: Mapped[int | None] = mapped_column(BigInteger)
    last_contact_channel: Mapped[str | None]
    last_contact_by: Mapped[Id | None]
    last_visit_at: Mapped[int | None] = mapped_column(BigInteger)
    last_call_at: Mapped[int | None] = mapped_column(BigInteger)
    last_chat_at: Mapped[int | None] = mapped_column(BigInteger)
    last_email_at: Mapped[int | None] = mapped_column(BigInteger)
    last_outcome: Mapped[str | None]
    interaction_count: Mapped[int | None]
    created_at: Mapped[int | None] = mapped_column(BigInteger)
    plan_id: Mapped[Id | None]


class Site(Base):
    """An address of a customer."""

    __tablename__ = "sites"
    __table_args__ = (Index("ix_sites_customer_id", "customer_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    customer_id: Mapped[Id]
    name: Mapped[str | None]
    hours: Mapped[str | None]
    phone: Mapped[str | None]
    purposes: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    address: Mapped[str | None]
    city: Mapped[str | None]
    district: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    lat_e7: Mapped[int | None]
    lon_e7: Mapped[int | None]
    notes: Mapped[str | None]
    plan_id: Mapped[Id | None]


class Contact(Base):
    """A person at a customer."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_customer_id", "customer_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    customer_id: Mapped[Id]
    name: Mapped[str | None]
    title: Mapped[str | None]
    department: Mapped[str | None]
    phone: Mapped[str | None]
    mobile: Mapped[str | None]
    email: Mapped[str | None]
    line_id: Mapped[str | None]
    preferred_channel: Mapped[str | None]
    preferred_hours: Mapped[str | None]
    influence: Mapped[int | None]
    reports_to_id: Mapped[Id | None]
    is_met: Mapped[bool | None]
    site_id: Mapped[Id | None]
    roles: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    materials: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    birthday_kind: Mapped[str | None]
    birthday_month: Mapped[int | None]
    birthday_day: Mapped[int | None]
    birthday_year: Mapped[int | None]
    notes: Mapped[str | None]
    fold: Mapped[str | None]
    plan_id: Mapped[Id | None]
