"""Many at once: no committed row is ever stepped over, and no aggregate is torn apart (R11, R24)."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication import log_writer
from server.replication.models import SyncedRow
from server.shared.scope import territory_scope
from sync.core import digest
from tests.contract.world import Phone, World, new_id

A, B = new_id(), new_id()
WRITERS = 8


def together(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run the jobs at the same time; the first error is raised."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]


class TestConcurrency:
    def test_a_writer_that_commits_late_is_never_skipped(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        append = log_writer.append

        def slowly(*args: Any, **options: Any) -> int:
            time.sleep(random.uniform(0, 0.02))
            seq = append(*args, **options)
            time.sleep(random.uniform(0, 0.02))
            return seq

        monkeypatch.setattr(log_writer, "append", slowly)
        person = world.person(A)
        reader = world.phone(person)
        reader.pull()
        is_done = threading.Event()

        def read() -> None:
            while not is_done.is_set():
                reader.apply(reader.page())
            reader.apply(reader.page())

        def write() -> list[str]:
            phone = world.phone(person)
            keys: list[str] = []
            for number in range(12):
                keys.append(phone.create("thing", name=f"{number}"))
                assert [r.status for r in phone.send()] == ["applied"]
            return keys

        watcher = threading.Thread(target=read)
        watcher.start()
        try:
            written = {key for keys in together([write] * WRITERS) for key in keys}
        finally:
            is_done.set()
            watcher.join()
        skipped = written - {row["pk"] for row in reader.all("thing")}
        assert (len(written), skipped) == (WRITERS * 12, set())
        assert set(reader.verify().values()) == {"ok"}

    def test_children_written_while_their_root_moves_end_where_it_ends(self, world: World) -> None:
        person = world.person(A, B)
        phone = world.phone(person)
        pk = phone.create("thing", name="a")
        phone.send()

        def write() -> None:
            own = world.phone(person)
            for number in range(10):
                own.create("thing_note", thing_id=pk, text=f"{number}")
                assert [r.status for r in own.send()] == ["applied"]

        def move() -> None:
            for territory in (B, A, B):
                assert world.move(pk, territory).status == "applied"

        together([write, write, write, move])
        with Session(world.engine) as session:
            scopes = set(session.scalars(select(SyncedRow.scope).where(SyncedRow.root_pk == pk)))
        assert scopes == {territory_scope(B)}
        phone.pull()
        assert len(phone.all("thing_note")) == 30
        assert set(phone.verify().values()) == {"ok"}

    def test_one_row_created_by_two_at_once_is_one_row(self, world: World) -> None:
        phones = [world.phone(world.person(A)) for _ in range(4)]
        pk = new_id()
        for number, phone in enumerate(phones):
            phone.write(phone.mutation("thing", pk, "create", {"name": f"{number}", "count": {"add": 1}}))
        done = [receipt.status for receipts in together([p.send for p in phones]) for receipt in receipts]
        assert (len(done), set(done) <= {"applied", "merged"}) == (4, True)
        assert (world.row("thing", pk) or {})["count"] == 4

    def test_one_push_sent_four_times_at_once_applies_once(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="a", count={"add": 1})
        done = together([lambda: phone.push(is_lost=True)] * 4)
        assert sorted(reply.receipts[0].status for reply in done) == ["applied"] + ["duplicate"] * 3
        assert (world.row("thing", pk) or {})["count"] == 1

    def test_what_two_set_free_at_once_applies_at_most_once(self, world: World) -> None:
        phone = world.phone(world.person(A))
        first, second = new_id(), new_id()
        child = phone.mutation("thing_log", new_id(), "create", {"thing_id": first, "said": "x"})
        phone.write(child, phone.mutation("thing", second, "patch", {"count": {"add": 1}}, seen_rev=(1, 1)))
        assert {r.status for r in phone.send()} == {"parked"}
        owners = [world.phone(world.person(A)) for _ in range(2)]
        for owner, pk in zip(owners, (first, first), strict=True):
            owner.write(owner.mutation("thing", pk, "create", {"name": "parent", "count": {"add": 1}}))
        owners[0].create("thing", name="other")
        together([owner.send for owner in owners])
        assert (world.row("thing", first) or {}).get("log_count", 0) <= 1

    def test_rows_written_crosswise_never_stand_in_each_others_way(self, world: World) -> None:
        phones = [world.phone(world.person(A)) for _ in range(4)]
        keys = [phones[0].create("thing", name=f"{n}") for n in range(6)]
        phones[0].send()
        for phone in phones:
            phone.pull()

        def write(phone: Phone, order: list[str]) -> list[str]:
            for _ in range(3):
                for pk in order:
                    phone.patch("thing", pk, count={"add": 1})
                    phone.create("thing_log", thing_id=pk, said="x")
                assert {r.status for r in phone.send()} == {"applied"}
            return order

        together([lambda p=p, k=k: write(p, k) for p, k in zip(phones, (keys, keys[::-1]) * 2, strict=True)])
        totals = [(world.row("thing", pk) or {}) for pk in keys]
        assert [(row["count"], row["log_count"]) for row in totals] == [(12, 12)] * 6


class TestHistory:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_after_a_random_history_running_sums_equal_recomputed_ones_and_all_phones_agree(
        self, world: World, seed: int
    ) -> None:
        dice = random.Random(seed)
        phones = [world.phone(world.person(A, B)) for _ in range(3)]
        keys: list[str] = []
        for _ in range(60):
            phone = dice.choice(phones)
            act(world, phone, keys, dice)
            if dice.random() < 0.5:
                phone.push(is_lost=dice.random() < 0.3)
            if dice.random() < 0.4:
                phone.pull(limit=dice.choice([1, 7, 100]))
        for _ in range(2):
            for phone in phones:
                phone.send()
        for phone in phones:
            phone.pull()
            assert set(phone.verify().values()) == {"ok"}
        shared = [{k: r.body for k, r in p.mirror.items() if not r.scope.startswith("person")} for p in phones]
        assert shared[0] == shared[1] == shared[2]
        self.check_sums(world)

    def check_sums(self, world: World) -> None:
        with Session(world.engine) as session:
            rows = session.scalars(select(SyncedRow).where(SyncedRow.deleted_by.is_(None))).all()
            totals: dict[str, tuple[int, int]] = {}
            for row in rows:
                count, total = totals.get(row.scope, (0, 0))
                one = digest.row_digest(row.entity, row.pk, (row.epoch, row.n), row.body)
                totals[row.scope] = count + 1, digest.add(total, one)
            held = log_writer.latest_sums(session, list(totals), 2**50)
        assert held == totals


def act(world: World, phone: Phone, keys: list[str], dice: random.Random) -> None:
    """One random thing a person or the operator may do."""
    known = [pk for pk in keys if phone.see("thing", pk)]
    kind = dice.choice(["create", "patch", "patch", "note", "log", "delete", "move", "park", "resolve"])
    if kind == "create" or not known:
        keys.append(phone.create("thing", name=f"{len(keys)}"))
        return
    pk = dice.choice(known)
    if kind == "patch":
        field = dice.choice(["phone", "terms", "notes"])
        phone.patch("thing", pk, **{field: f"{field} {dice.random()}"})
    elif kind == "note":
        phone.create("thing_note", thing_id=pk, text="n")
    elif kind == "log":
        phone.create("thing_log", thing_id=pk, said="s")
    elif kind == "delete" and dice.random() < 0.3:
        phone.delete("thing", pk)
    elif kind == "move" and world.row("thing", pk):
        world.move(pk, dice.choice([A, B]))
    elif kind == "park":
        phone.patch("thing", pk, name="forbidden")
    elif found := [c for c in phone.all("conflict") if c["state"] == "open" and c["kind"] != "delete"]:
        chosen = dice.choice(found)["pk"]
        phone.command("conflict", chosen, command="resolve", expected_state="open", choice="current")
