"""What cadences make people do: contacts a week, and who would be overdue; for what is, and for what may be set."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.features.customers.services import Rhythm, rhythms
from server.features.people.services import all_people
from server.features.territories.services import all_territories
from server.features.touches.models import Touch
from server.features.touches.policies import Policy
from sync.core.cadence import Cadence, anchor, applying, covers
from sync.core.window import Window, generated_pk, overdue_days, window

WEEK_DAYS = 7


@dataclass(frozen=True)
class Late:
    """A customer with a contact that is overdue: the channel, and by how many days."""

    customer: Rhythm
    channel: str
    days: int


@dataclass(frozen=True)
class Effect:
    """What a set of cadences amounts to.

    `matches` counts customers by cadence id; `weekly` contacts a week by person's name, `late_by` the
    overdue customers in their territories (of two who share one, each does half and sees all). ""
    is where nobody works.
    """

    matches: Mapping[str, int]
    weekly: Mapping[str, float]
    late: Sequence[Late]
    late_by: Mapping[str, int]


@dataclass(frozen=True)
class Scene:
    """Everything that an effect is worked out from, read once."""

    customers: Sequence[Rhythm]
    workers: Mapping[str, Sequence[str]]
    touches: Mapping[str, Mapping[str, Touch]]
    today: date
    zone: ZoneInfo


def scene(session: Session, now: datetime, zone: ZoneInfo) -> Scene:
    """Read the customers, who works where today, and what became of planned contacts."""
    names = {one.id: one.name for one in all_people(session)}
    at = int(now.timestamp() * 1_000)
    workers = {node.id: sorted(names.get(one, one) for one in node.workers(at)) for node in all_territories(session)}
    touches: dict[str, dict[str, Touch]] = {}
    for touch in session.scalars(select(Touch)):
        touches.setdefault(touch.customer_id, {})[touch.id] = touch
    return Scene(rhythms(session), workers, touches, now.astimezone(zone).date(), zone)


def effect(scene: Scene, policies: Iterable[Policy]) -> Effect:
    """What these cadences amount to on the scene's day."""
    by_id = {one.rule.id: one for one in policies}
    rules = [one.rule for one in by_id.values()]
    matches: Counter[str] = Counter()
    weekly: defaultdict[str, float] = defaultdict(float)
    late_by: Counter[str] = Counter()
    late: list[Late] = []
    for customer in scene.customers:
        asking = applying(rules, customer.traits)
        matches.update(one.id for one in asking)
        people = scene.workers.get(customer.territory_id or "") or [""]
        share = _weekly(customer, asking) / len(people)
        for person in people:
            weekly[person] += share
        found = _latest(scene, customer, [by_id[one.id] for one in asking])
        if found:
            late.append(found)
            late_by.update(people)
    return Effect(matches, weekly, sorted(late, key=lambda one: (-one.days, one.customer.name)), late_by)


def _weekly(customer: Rhythm, asking: Sequence[Cadence]) -> float:
    """Contacts a week: a stronger contact counts for the weaker channels, so the most frequent one sets the number."""
    days = [customer.every_days.get(one.channel, one.every_days) for one in asking]
    return WEEK_DAYS / min(days) if days else 0


def _latest(scene: Scene, customer: Rhythm, policies: Sequence[Policy]) -> Late | None:
    """The customer's contact that is overdue longest."""
    today = scene.today.isoformat()
    dues = [(one, _due(scene, customer, one)) for one in policies]
    late = [(overdue_days(due, today), one.rule.channel) for one, due in dues if due]
    days, channel = max(late, default=(0, ""))
    return Late(customer, channel, days) if days else None


def _due(scene: Scene, customer: Rhythm, policy: Policy) -> Window | None:
    """When a cadence asks next; None where a planned contact speaks for it."""
    rule, touches = policy.rule, scene.touches.get(customer.id, {})
    opened = [one for one in touches.values() if one.state == "open"]
    at = anchor(customer.contacts, rule.channel) or customer.created_at
    if at is None or any(covers(one.channel or "", rule.channel) for one in opened):
        return None
    every = customer.every_days.get(rule.channel, rule.every_days)
    over = max(filter(None, (customer.paused_until_on, policy.paused_until_on)), default=None)
    on = datetime.fromtimestamp(at / 1_000, scene.zone).date().isoformat()
    due = window(on, every, policy.lead_days, over)
    # What was skipped counts as if it had happened on its last day.
    while generated_pk(rule.id, customer.id, due.due_from_on) in touches:
        due = window(due.due_to_on, every, policy.lead_days, over)
    return due
