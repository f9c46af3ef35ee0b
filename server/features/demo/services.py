"""Writes the demo company, one customer with its children at a time, through the same door as everybody."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.auth import services as auth
from server.features.calendar.services import current as current_calendar
from server.features.calendar.services import renew as renew_calendar
from server.features.customers.services import count
from server.features.demo import errors
from server.features.demo.firm import Firm, make_firm
from server.features.demo.occasions import anniversary_soon, birthday_soon, dice_of, own_day
from server.features.demo.promised import promises
from server.features.demo.story import Scene, interactions, touches
from server.features.demo.words import Dice, words
from server.features.people.services import Facts
from server.features.people.services import save as save_people
from server.features.territories.services import ROOT_ID, Node, ensure_root, regrant
from server.features.territories.services import save as save_territories
from server.shared.actor import OPERATOR, Actor, Role
from server.shared.db import reading, writing
from server.shared.differing import differing, write
from server.shared.writer import Change, Writer
from sync.core.business import Calendar

STAND_IN = 25
"""At so many of a hundred customers a colleague of the same patch stood in for the rep."""
STOOD_IN = 30
"""And wrote so many of a hundred interactions there."""


@dataclass(frozen=True)
class Plan:
    """What is to be made: how many customers, around which day, from which seed."""

    customers: int
    today: date
    zone: ZoneInfo
    seed: str


@dataclass(frozen=True)
class Beat:
    """A rep's share of a patch; `others` may stand in."""

    patch: str
    rep: str
    others: tuple[str, ...]


def logins() -> dict[str, Facts]:
    """The demo's people by login, in the order of the file."""
    managers = {
        login: region["manager"]
        for region in words()["regions"]
        for patch in region["patches"]
        for login in patch["people"]
    } | {region["manager"]: "guo" for region in words()["regions"]}
    return {
        login: Facts(
            person_id(login),
            one["name"],
            Role(one["role"]),
            person_id(managers[login]) if login in managers else None,
            one["title"],
        )
        for login, one in words()["people"].items()
    }


def person_id(login: str) -> str:
    """The same person has the same id in every demo."""
    return Dice.of("demo", "person", login).id()


def territory_id(name: str) -> str:
    """The same territory has the same id in every demo."""
    return Dice.of("demo", "territory", name).id()


def is_empty(session: Session) -> bool:
    """Whether nobody has put a customer or a login in yet."""
    with reading(session):
        return count(session) == 0 and not auth.logins(session)


def make(
    session: Session,
    writer: Writer,
    now: datetime,
    plan: Plan,
    password: str,
    tell: Callable[[int], object] = lambda _: None,
) -> None:
    """Make the company; repeating it adds nothing. Raises not_a_demo where other data is.

    `tell` hears how many customers there are after each.
    """
    _must_be_ours(session)
    people = logins()
    with writing(session):
        known = auth.logins(session).values()
        for login in people.keys() - known:
            names: dict[str, Any] = {"login": login, "name": people[login].name}
            names |= {"role": people[login].role, "password": password, "id": people[login].id}
            auth.create_user(session, OPERATOR, now, **names)
    save_people(writer, OPERATOR, people.values())
    ensure_root(writer, OPERATOR, words()["company"])
    save_territories(writer, OPERATOR, _territories())
    write(writer, OPERATOR, differing(writer, "cadence", _cadences()))
    write(writer, OPERATOR, differing(writer, "occasion", {Dice.of("demo", "own day").id(): own_day(plan.today)}))
    renew_calendar(writer, OPERATOR, plan.today, "TW")
    calendar = current_calendar(writer).calendar
    regrant(session, now)
    for number in range(plan.customers):
        _write_customer(writer, plan, number, calendar)
        tell(number + 1)


def _must_be_ours(session: Session) -> None:
    with reading(session):
        strangers = auth.logins(session).keys() - {one.id for one in logins().values()}
        if strangers:
            raise errors.not_a_demo()


def _territories() -> Iterator[Node]:
    for region in words()["regions"]:
        yield Node(territory_id(region["name"]), region["name"], ROOT_ID, "region")
        for patch in region["patches"]:
            people = tuple(sorted(person_id(login) for login in patch["people"]))
            parent = territory_id(region["name"])
            yield Node(territory_id(patch["name"]), patch["name"], parent, "patch", people)


def _cadences() -> dict[str, Mapping[str, Any]]:
    """By an id that follows from the key, or from the tier of those for a whole tier."""
    known = [dict(one) for one in words()["cadences"]]
    return {Dice.of("demo", "cadence", one.pop("key", one.get("tier"))).id(): one for one in known}


def _beats() -> list[Beat]:
    patches = [patch for region in words()["regions"] for patch in region["patches"]]
    return [
        Beat(patch["name"], login, tuple(other for other in patch["people"] if other != login))
        for patch in patches
        for login in patch["people"]
    ]


def _write_customer(writer: Writer, plan: Plan, number: int, calendar: Calendar) -> None:
    dice = Dice.of(plan.seed, "story", number)
    beat = dice.one(_beats())
    firm = make_firm(plan.seed, number, beat.patch)
    timeline = interactions(Scene(firm, plan.today, plan.zone, dice))
    by_author: dict[str, list[Change]] = {beat.rep: _firm_changes(firm, beat, plan, number)}
    colleague = dice.one(beat.others) if beat.others and dice.chance(STAND_IN) else None
    make_change = partial(_child, firm)
    for place, row in enumerate(timeline):
        author = colleague if colleague and dice.chance(STOOD_IN) else beat.rep
        change = make_change("interaction", dice.id("interaction", place), row)
        by_author.setdefault(author, []).append(change)
    scene = Scene(firm, plan.today, plan.zone, dice)
    for place, row in enumerate(touches(scene, timeline[-1]["next_step"])):
        assigned = row | {"assignee_id": person_id(beat.rep)}
        by_author[beat.rep].append(make_change("touch", dice.id("touch", place), assigned))
    # Of dice of their own: that there are promises changed nothing else of the company.
    told = Scene(firm, plan.today, plan.zone, Dice.of(plan.seed, "promises", number))
    for place, row in enumerate(promises(told, calendar)):
        owned = row | {"owner_id": person_id(beat.rep)}
        by_author[beat.rep].append(make_change("promise", told.dice.id("promise", place), owned))
    for login, changes in by_author.items():
        write(writer, _actor(login), changes)


def _firm_changes(firm: Firm, beat: Beat, plan: Plan, number: int) -> list[Change]:
    dice = dice_of(plan.seed, number)
    born, anniversary = birthday_soon(dice, firm, plan.today), anniversary_soon(dice, plan.today)
    fields = firm.fields | {"territory_id": territory_id(beat.patch)}
    changes = [_create("customer", firm.id, fields)]
    changes += [_child(firm, "site", pk, site) for pk, site in firm.sites.items()]
    changes += [_child(firm, "contact", one.id, {**one.fields, **born.get(one.id, {})}) for one in firm.people]
    return changes + ([_child(firm, "anniversary", dice.id("anniversary"), anniversary)] if anniversary else [])


def _child(firm: Firm, entity: str, pk: str, fields: Mapping[str, Any]) -> Change:
    return _create(entity, pk, {**fields, "customer_id": firm.id})


def _create(entity: str, pk: str, fields: Mapping[str, Any]) -> Change:
    filled = {name: value for name, value in fields.items() if value not in ("", {"add": []})}
    # The id follows from the row: making the same demo again repeats nothing.
    return Change(entity, pk, "create", filled, id=Dice.of("demo", "create", pk).id())


def _actor(login: str) -> Actor:
    return Actor(person_id(login), Role.REP, None, "zh-Hant")
