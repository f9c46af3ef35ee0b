"""A small old system in files, and the registry of what it is imported into."""

from pathlib import Path
from typing import Any

from server.features.customers.synced import ENTITIES as CUSTOMERS
from server.features.importing.mapping import Mapping, parse_mapping
from server.features.importing.planning import Plan, make_plan
from server.features.importing.shapes import kinds_of
from server.features.people.synced import ENTITIES as PEOPLE
from server.features.territories.synced import ENTITIES as TERRITORIES
from server.shared.registry import Registry

REGISTRY = Registry((*PEOPLE, *TERRITORIES, *CUSTOMERS))
KINDS = kinds_of(REGISTRY)
ROOT = Path(__file__).resolve().parents[2]

MAPPING = """
source = "old"

[tables.people]
file = "people.csv"
key = ["id"]
references = { boss = "people" }
[tables.areas]
file = "areas.csv"
key = ["id"]
[tables.works]
file = "works.csv"
key = ["who", "area"]
references = { who = "people", area = "areas" }
[tables.firms]
file = "firms.csv"
key = ["id"]
[tables.orders]
file = "orders.csv"
key = ["id"]
references = { firm = "firms", who = "people" }

[people]
table = "people"
manager = "boss"
[people.fields]
name = "name"
title = "title"

[territories]
table = "areas"
[territories.fields]
name = "name"

[customers]
table = "firms"
[customers.fields]
name = "name"
tier = { columns = ["class"], choices = { "1" = "A", "2" = "B" } }
credit_limit_minor = "limit"
payment_terms = "terms"
notes = "notes"
tags = "tags"

[[sites]]
table = "firms"
customer = "id"
[sites.fields]
address = { columns = ["address"], lines = "，" }
purposes = { value = ["visiting"] }

[[contacts]]
table = "firms"
customer = "id"
part = "1"
[contacts.fields]
name = "contact"
is_met = "met"

[[steps]]
step = "patch_per_person"
assignments = "works"
person = "who"
area = "area"
areas = "areas"
region = "id"
[[steps]]
step = "rep_by_most_orders"
orders = "orders"
customer = "firm"
rep = "who"
at = "on"
"""

FILES = {
    "people.csv": "id,name,title,boss\n1,王小明,業務,3\n10,李美,業務,3\n3,林主管,經理,\n",
    "areas.csv": "id,name\nN,北區\nS,南區\n",
    "works.csv": "who,area\n1,N\n10,S\n",
    "firms.csv": (
        "id,name,class,limit,terms,notes,tags,address,contact,met\n"
        'F1,大同商行,1,5000,月結,"第一行\n第二行",食品;零售,"台北市\n大安路1號",陳先生,是\n'
        "F2,和平五金,2,,,,,台南市中正路2號,,\n"
    ),
    "orders.csv": "id,firm,who,on\n1,F1,10,2024-01-02\n2,F1,1,2024-01-01\n3,F1,1,2024-01-03\n",
}


def mapping_of(text: str = MAPPING) -> Mapping:
    return parse_mapping(text.encode(), "m.toml")


def plan_of(text: str = MAPPING, **changed: str) -> Plan:
    """A plan of the sample, with some files' text replaced (`firms="…"`)."""
    files = FILES | {f"{name}.csv": content for name, content in changed.items()}
    return make_plan(mapping_of(text), "m.toml", {name: text.encode() for name, text in files.items()}, KINDS)


def rows(plan: Plan, entity: str) -> dict[str, dict[str, Any]]:
    """The planned rows of one kind: key -> fields."""
    return {draft.key: draft.fields for unit in plan.units for draft in unit if draft.entity == entity}


def faults(plan: Plan) -> list[tuple[str, str]]:
    return [(problem.code, problem.place) for problem in plan.problems]
