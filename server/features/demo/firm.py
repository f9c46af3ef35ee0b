"""One made-up customer: what is known of the firm, its sites and its people."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from server.features.customers.services import latin_name
from server.features.demo.words import Dice, Words, words

TIERS = {"A": 20, "B": 35, "C": 33, "D": 12}
STAGES = {"prospect": 16, "first_time": 13, "repeat": 33, "loyal": 28, "dormant": 7, "lost": 3}
STAGE_NAMES = {
    "prospect": "潛在客戶",
    "first_time": "新客戶",
    "repeat": "老客戶",
    "loyal": "忠誠客戶",
    "dormant": "沉睡客戶",
    "lost": "流失客戶",
}
SITES = (("總廠", ("visiting", "billing", "delivery")), ("二廠", ("visiting", "delivery")))
CREDIT_MINOR = 10_000_000
SPREAD_E7 = 150_000
"""Sites lie within about 1.5 km of their district's centre."""


@dataclass(frozen=True)
class Person:
    """A contact; `called` is how one addresses them, as in 王廠長."""

    id: str
    role: str
    called: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Firm:
    """A customer with its sites and contacts; fields as the entities declare them."""

    id: str
    stage: str
    air: str
    fields: dict[str, Any]
    sites: dict[str, dict[str, Any]]
    people: list[Person]


def make_firm(seed: str, number: int, patch: str) -> Firm:
    """The firm of this number in a patch."""
    dice = Dice.of(seed, "firm", number)
    base, industry = _name(seed, number)
    air, stage = dice.one(industry["airs"]), dice.weighed(STAGES)
    area = next(one for one in words()["districts"] if one["patch"] == patch)
    places = dice.random.sample(area["places"], 2 if dice.chance(20) else 1)
    sites = {dice.id("site", at): _site(dice, at, place) for at, place in enumerate(places)}
    phone = _phone(dice, {**area, **places[0]})
    people = _people(dice, phone, f"{latin_name(base)}.example", list(sites))
    fields = _fields(dice, base, industry["name"], stage, phone)
    fields["code"] = f"{area['code']}-{number + 1:05d}"
    fields["briefing"] = dice.one(words()["profile"]["briefings"]).format(
        stage=STAGE_NAMES[stage], years=dice.between(1, 12), air=air, n=dice.between(1, 4)
    )
    return Firm(dice.id(), stage, air, fields, sites, people)


@cache
def _pairs(seed: str) -> list[str]:
    names = words()["names"]
    pairs = [a + b for a in names["first"] for b in names["second"] if a != b]
    Dice.of(seed, "names").random.shuffle(pairs)
    return pairs


@cache
def _suffixes() -> list[tuple[str, Words]]:
    return [(suffix, one) for one in words()["industries"] for suffix in one["suffixes"]]


def _name(seed: str, number: int) -> tuple[str, Words]:
    # Pairs repeat only after all were used, and then with another suffix: no two firms share a name.
    pairs, suffixes = _pairs(seed), _suffixes()
    round_, place = divmod(number, len(pairs))
    start = Dice.of(seed, "suffix", place).between(0, len(suffixes) - 1)
    suffix, industry = suffixes[(start + round_) % len(suffixes)]
    return pairs[place] + suffix, industry


def _fields(dice: Dice, name: str, industry: str, stage: str, phone: str) -> dict[str, Any]:
    profile = words()["profile"]
    forms = {form["text"]: form["weight"] for form in words()["forms"]}
    fields: dict[str, Any] = {
        "name": name,
        "legal_form": dice.weighed(forms),
        "tax_id": str(dice.between(10_000_000, 99_999_999)),
        "phone": phone,
        "website": f"https://www.{latin_name(name)}.example",
        "industry": industry,
        "tier": dice.weighed(TIERS),
        "stage": stage,
        "notes": "\n".join(dice.some(profile["gates"], 2)),
        "tags": {"add": dice.some(profile["tags"], 3)},
        "payment_terms": dice.one(profile["payment_terms"]),
        "credit_limit_minor": dice.between(2, 40) * CREDIT_MINOR,
        "credit_currency": "TWD",
    }
    for label in ("special_conditions", "packaging", "decision_process", "buying_habits", "competitors"):
        if dice.chance(45):
            fields[label] = dice.one(profile[label])
    return fields


def _phone(dice: Dice, area: Words) -> str:
    digits = f"{dice.between(0, 10 ** area['rest'] - 1):0{area['rest']}d}"
    number = area["prefix"] + digits
    return f"{area['area']}-{number[:-4]}-{number[-4:]}"


def _site(dice: Dice, at: int, place: Words) -> dict[str, Any]:
    name, purposes = SITES[at]
    fields = {key: place[key] for key in ("city", "district", "postal_code")}
    return fields | {
        "name": name,
        "country": "台灣",
        "address": f"{dice.one(place['roads'])}{dice.between(1, 398)}號",
        "hours": dice.one(words()["profile"]["hours"]),
        "purposes": {"add": list(purposes)},
        "lat_e7": round(place["lat"] * 10**7) + dice.between(-SPREAD_E7, SPREAD_E7),
        "lon_e7": round(place["lon"] * 10**7) + dice.between(-SPREAD_E7, SPREAD_E7),
    }


def _people(dice: Dice, phone: str, domain: str, sites: list[str]) -> list[Person]:
    chosen = ["boss", "plant", "buyer"]
    chosen += [role for role, percent in (("tech", 70), ("clerk", 30)) if dice.chance(percent)]
    people: list[Person] = []
    for role in chosen:
        superior = {"boss": None, "tech": dice.id("contact", "plant")}
        called, fields = _person(dice, role, phone, domain)
        fields["reports_to_id"] = superior.get(role, dice.id("contact", "boss"))
        fields["site_id"] = sites[0]
        people.append(Person(dice.id("contact", role), role, called, fields))
    return people


def _person(dice: Dice, role: str, phone: str, domain: str) -> tuple[str, dict[str, Any]]:
    names, part = words()["names"], words()["roles"][role]
    surname, place = dice.one(names["surnames"]), dice.between(0, len(part["title"]) - 1)
    call = part["call"][place]
    given = names["women"] if call == "小姐" or dice.chance(35) else names["men"]
    fields: dict[str, Any] = {
        "name": surname + dice.one(given),
        "title": part["title"][place],
        "department": part["department"],
        "phone": f"{phone}#{dice.between(11, 89)}",
        "preferred_channel": dice.one(["visit", "call", "chat", "email"]),
        "influence": part["influence"],
        "is_met": role != "boss" or dice.chance(60),
        "roles": {"add": part["roles"]},
        "materials": {"add": dice.some(words()["profile"]["materials"], 2)},
        "notes": dice.one(part["notes"]) if dice.chance(60) else None,
    }
    if dice.chance(60):
        fields["mobile"] = f"0900-{dice.between(0, 999):03d}-{dice.between(0, 999):03d}"
    if latin := names["romanised"].get(surname):
        fields["email"] = f"{latin}.{role}@{domain}"
    return surname + call, fields | (_birthday(dice) if dice.chance(35) else {})


def _birthday(dice: Dice) -> dict[str, Any]:
    return {
        "birthday_kind": "lunar" if dice.chance(25) else "solar",
        "birthday_month": dice.between(1, 12),
        "birthday_day": dice.between(1, 28),
        "birthday_year": dice.between(1956, 1996),
    }
