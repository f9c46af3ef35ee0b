"""Operator commands for the company's calendar, on the services that an API will use."""

from datetime import date, datetime, timedelta

import click
from flask import current_app

from server.features.calendar import services
from server.settings import Settings
from server.shared.actor import OPERATOR
from server.shared.clock import now
from server.shared.writer import current_writer
from sync.core.business import hours_on

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = click.DateTime(["%Y-%m-%d"])
SHOWN_DAYS = 365


@click.group()
def calendar() -> None:
    """When the company is open: by it promises are due. Public holidays are those of company_holidays."""


@calendar.command()
def show() -> None:
    """Print the hours, and the days of the year to come on which it is otherwise."""
    business = services.current(current_writer())
    for name, hours in zip(WEEKDAYS, business.week, strict=True):
        click.echo(f"{name}\t{hours or 'closed'}")
    today = _today().isoformat()
    until = (_today() + timedelta(days=SHOWN_DAYS)).isoformat()
    for on in sorted(business.calendar.closed | business.calendar.opened.keys()):
        if today <= on <= until:
            hours = hours_on(business.calendar, on)
            click.echo(f"{on}\t{'-'.join(hours) if hours else 'closed'}\t{business.name_of(on)}")


@calendar.command()
def renew() -> None:
    """Take over the public holidays of this year and the next two again; `db up` does so, too."""
    renew_holidays()
    click.echo(f"{len(services.current(current_writer()).holidays)} holidays are known.")


@calendar.command()
@click.argument("weekdays")
@click.argument("hours")
def hours(weekdays: str, hours: str) -> None:
    """Open on WEEKDAYS, such as mon-fri or sat,sun, during HOURS, such as 09:00-18:00, or "closed"."""
    chosen = "" if hours == "closed" else hours
    services.set_hours(current_writer(), OPERATOR, _weekdays(weekdays), chosen)
    click.echo(f"{weekdays}: {hours}.")


@calendar.command()
@click.argument("day", type=DAY)
@click.option("--name", default="", help="Why, as colleagues read it.")
def close(day: datetime, name: str) -> None:
    """Close on a DAY."""
    services.close(current_writer(), OPERATOR, day.date(), name)
    click.echo(f"{day:%Y-%m-%d} is closed.")


@calendar.command("open")
@click.argument("day", type=DAY)
@click.option("--hours", default="", help="From when to when; the usual ones when left out.")
def open_(day: datetime, hours: str) -> None:
    """Open on a DAY although it is a holiday or a weekend."""
    chosen = services.open_(current_writer(), OPERATOR, day.date(), hours)
    click.echo(f"{day:%Y-%m-%d} is open {chosen}.")


@calendar.command()
@click.argument("day", type=DAY)
def usual(day: datetime) -> None:
    """Forget what was said of a DAY: weekday and holidays decide."""
    services.be_usual(current_writer(), OPERATOR, day.date())
    click.echo(f"{day:%Y-%m-%d} is as usual.")


def renew_holidays() -> None:
    """Take over what the installed release knows of the country's holidays."""
    services.renew(current_writer(), OPERATOR, _today(), _settings().company_holidays)


def _settings() -> Settings:
    return current_app.extensions["baifang.settings"]


def _today() -> date:
    return now().astimezone(_settings().zone).date()


def _weekdays(text: str) -> list[int]:
    """The numbers of mon-fri, sat,sun and the like; raises BadParameter."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        known = {first, last or first} <= set(WEEKDAYS)
        days = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1) if known else range(0)
        if not days:
            raise click.BadParameter(f"{part} is no weekday: use {', '.join(WEEKDAYS)}, mon-fri or sat,sun.")
        found += days
    return found
