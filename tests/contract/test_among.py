"""The statements that every push runs look rows up by an index, however many keys one parameter brings."""

from typing import Any

import pytest
from sqlalchemy import Connection, Executable, event

from server.replication.devices import ANCESTORS, CLAIMED
from server.replication.erased import OF_KEYS
from server.replication.held import CREATING, OF_TXN, PARKED, WAITING
from server.replication.log_writer import LAST_SUM
from server.replication.records import BY_ID, BY_SEQ
from server.replication.unit import CONFLICTS, LOCKED, PURGED, ROOTS, ROWS
from tests.contract.world import World

KEYS = ["a", "b'c", "拜"]
OF_ENTITY = {"of": "thing", "pks": KEYS}
EVERY: dict[str, tuple[Executable, dict[str, Any]]] = {
    "claimed": (CLAIMED, {"of": "a"}),
    "ancestors": (ANCESTORS, {"of": "a"}),
    "of_keys": (OF_KEYS, {"pks": KEYS}),
    "creating": (CREATING, {"pks": KEYS}),
    "waiting": (WAITING, {"names": KEYS}),
    "of_txn": (OF_TXN, {"of": "a", "of_txn": "b"}),
    "parked": (PARKED, {"ids": KEYS}),
    "last_sum": (LAST_SUM, {"of": "a", "at": 1}),
    "by_id": (BY_ID, {"ids": KEYS}),
    "by_seq": (BY_SEQ, {"of": "a", "first": 1, "last": 2}),
    "conflicts": (CONFLICTS, OF_ENTITY),
    "locked": (LOCKED, OF_ENTITY),
    "rows": (ROWS, OF_ENTITY),
    "roots": (ROOTS, OF_ENTITY),
    "purged": (PURGED, {"pks": KEYS}),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_statement_of_every_push_reads_no_whole_table(world: World, name: str) -> None:
    with world.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = plan_of(connection, *EVERY[name])
    assert "Seq Scan" not in plan
    assert "SCAN" not in plan.replace("SCAN json_each", "")
    assert "(entity=?)" not in plan


def test_texts_arrive_as_they_were_given(world: World) -> None:
    person = world.person("north")
    phone = world.phone(person)
    pks = [phone.create("thing", name=str(number)) for number in range(3)]
    phone.push()
    with world.engine.connect() as connection:
        found = connection.execute(ROOTS, {"of": "thing", "pks": [*pks[1:], *KEYS]}).all()
        none = connection.execute(ROOTS, {"of": "thing", "pks": []}).all()
    assert sorted(row.pk for row in found) == sorted(pks[1:])
    assert none == []


def plan_of(connection: Connection, statement: Executable, values: dict[str, Any]) -> str:
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"

    def explain(_connection: Any, _cursor: Any, text: str, parameters: Any, *_rest: Any) -> tuple[str, Any]:
        return f"{word} {text}", parameters

    event.listen(connection, "before_cursor_execute", explain, retval=True)
    rows = connection.execute(statement, values).cursor.fetchall()
    return "\n".join(str(row[-1]) for row in rows)
