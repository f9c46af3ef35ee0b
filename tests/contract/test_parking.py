"""What cannot apply is kept, shown, mended, and holds up only what needs it (SPEC 7)."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from server.auth import services as auth
from server.replication import apply, carrying, release, releasing
from server.replication.entities import with_system_entities
from server.replication.place import Place
from server.replication.release import replay, replay_news
from server.shared.actor import OPERATOR, Role
from server.shared.db import writing
from server.shared.registry import Proposal, Registry, SyncedEntity
from sync.core.park import Park
from sync.core.policy import EntitySpec, FieldSpec
from tests.contract import things
from tests.contract.world import KEY, Phone, World, new_id
from tests.factories.apps import PASSWORD

A = new_id()


def with_login(world: World, role: Role) -> Phone:
    """Somebody in A whose role the server knows."""
    person = world.person(A)
    moment = datetime.fromtimestamp(world.tick() / 1000, UTC)
    who: dict[str, Any] = {"id": person, "login": person, "name": "Wang", "password": PASSWORD, "role": role}
    with Session(world.engine) as session, writing(session):
        auth.create_user(session, OPERATOR, moment, **who)
    return world.phone(person)


def codes_of(phone: Phone) -> list[str]:
    """Why what still waits of a phone's person waits."""
    phone.pull()
    return [row["code"] for row in phone.all("parked") if row["state"] == "open"]


def outcome(phone: Phone) -> list[tuple[str, str | None]]:
    return [(receipt.status, receipt.code) for receipt in phone.send()]


class TestParking:
    def test_a_parked_value_comes_back_as_a_row_of_its_author_only(self, world: World) -> None:
        phone, other = world.phone(world.person(A)), world.phone(world.person(A))
        pk = phone.create("thing", name="forbidden")
        phone.send()
        phone.pull()
        other.pull()
        [row] = phone.all("parked")
        assert (row["code"], row["state"], row["row_pk"], row["fields"]) == ("forbidden", "open", pk, ["name"])
        assert '"forbidden"' in row["mutation"]
        assert other.all("parked") == []
        assert set(phone.verify().values()) == {"ok"}

    def test_a_txn_parks_whole_and_leaves_nothing_behind(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = new_id()
        good = phone.mutation("thing", pk, "create", {"name": "good"})
        bad = phone.mutation("thing", pk, "patch", {"name": "forbidden"}, seen_rev=(1, 1))
        phone.write(good, bad)
        assert outcome(phone) == [("parked", "depends_on_parked"), ("parked", "forbidden")]
        assert world.row("thing", pk) is None

    def test_a_conflict_rolls_nothing_back(self, world: World) -> None:
        one, two = world.phone(world.person(A)), world.phone(world.person(A))
        pk = one.create("thing", name="a", terms="net 30")
        one.send()
        one.pull()
        two.pull()
        one.patch("thing", pk, terms="net 60")
        one.send()
        log = two.mutation("thing_log", new_id(), "create", {"thing_id": pk, "said": "visit"})
        two.write(log, two.mutation("thing", pk, "patch", {"terms": "cash"}))
        assert [r.status for r in two.send()] == ["applied", "merged"]

    def test_children_of_a_parked_create_wait_and_come_free_with_its_mend(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = new_id()
        bad = phone.mutation("thing", pk, "create", {"name": "forbidden"})
        phone.write(bad)
        note = phone.create("thing_note", thing_id=pk, text="child")
        about = phone.create("thing_note", thing_id=pk, text="grandchild", about_id=note)
        waiting = ("parked", "depends_on_parked")
        assert outcome(phone) == [("parked", "forbidden"), waiting, waiting]
        late = phone.create("thing_note", thing_id=pk, text="later push")
        assert outcome(phone) == [waiting]
        phone.write(phone.mutation("thing", pk, "create", {"name": "mended"}, supersedes=bad.id))
        assert outcome(phone) == [("applied", None)]
        phone.pull()
        assert {row["state"] for row in phone.all("parked")} == {"superseded", "released"}
        assert [phone.see("thing_note", key) is not None for key in (note, about, late)] == [True] * 3
        assert set(phone.verify().values()) == {"ok"}

    def test_an_edit_of_another_field_does_not_wait(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="a")
        phone.send()
        phone.pull()
        phone.patch("thing", pk, name="forbidden")
        phone.patch("thing", pk, phone="111")
        assert outcome(phone) == [("parked", "forbidden"), ("applied", None)]

    def test_what_lists_a_parked_mutation_in_after_waits(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="a")
        phone.send()
        phone.pull()
        bad = phone.patch("thing", pk, name="forbidden")
        phone.write(phone.mutation("thing", pk, "patch", {"phone": "1"}, after=(bad,)))
        assert outcome(phone) == [("parked", "forbidden"), ("parked", "depends_on_parked")]
        phone.write(phone.mutation("thing", pk, "patch", {"name": "b"}, supersedes=bad))
        assert outcome(phone) == [("applied", None)]
        assert (world.row("thing", pk) or {})["phone"] == "1"

    def test_a_released_edit_keeps_its_original_stamp(self, world: World) -> None:
        one, two = world.phone(world.person(A)), world.phone(world.person(A))
        pk = one.create("thing", name="a")
        one.send()
        one.pull()
        two.pull()
        bad = one.patch("thing", pk, name="forbidden")
        one.write(one.mutation("thing", pk, "patch", {"phone": "1"}, after=(bad,)))
        one.send()
        two.patch("thing", pk, phone="2")
        two.send()
        one.write(one.mutation("thing", pk, "patch", {"name": "b"}, supersedes=bad))
        one.send()
        assert (world.row("thing", pk) or {})["phone"] == "2"

    def test_mending_twice_applies_once(self, world: World) -> None:
        one = world.phone(world.person(A))
        two = world.phone(one.person)
        bad = one.mutation("thing", new_id(), "create", {"name": "forbidden"})
        one.write(bad)
        one.send()
        for phone in (one, two):
            patch = {"name": "mended", "count": {"add": 1}}
            phone.write(phone.mutation("thing", bad.pk, "create", patch, supersedes=bad.id))
            assert outcome(phone) == [("applied", None)]
        assert (world.row("thing", bad.pk) or {})["count"] == 1

    def test_a_mend_that_parks_too_takes_the_place_of_the_first(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = new_id()
        first = phone.mutation("thing", pk, "create", {"name": "forbidden"})
        phone.write(first)
        note = phone.create("thing_note", thing_id=pk, text="child")
        phone.send()
        second = phone.mutation("thing", pk, "create", {"name": "forbidden"}, supersedes=first.id)
        phone.write(second)
        assert outcome(phone) == [("parked", "forbidden")]
        phone.write(phone.mutation("thing", pk, "create", {"name": "good"}, supersedes=second.id))
        assert outcome(phone) == [("applied", None)]
        phone.pull()
        assert phone.see("thing_note", note)
        assert [row for row in phone.all("parked") if row["state"] == "open"] == []

    def test_a_second_mend_counts_when_the_first_has_parked_too(self, world: World) -> None:
        one = world.phone(world.person(A))
        two = world.phone(one.person)
        pk = new_id()
        first = one.mutation("thing", pk, "create", {"name": "forbidden"})
        one.write(first)
        note = one.create("thing_note", thing_id=pk, text="child")
        one.send()
        one.write(one.mutation("thing", pk, "create", {"name": "forbidden"}, supersedes=first.id))
        assert outcome(one) == [("parked", "forbidden")]
        two.write(two.mutation("thing", pk, "create", {"name": "good"}, supersedes=first.id))
        assert outcome(two) == [("applied", None)]
        one.pull()
        assert (one.see("thing", pk) or {})["name"] == "good"
        assert one.see("thing_note", note)
        assert {row["state"] for row in one.all("parked")} == {"superseded", "released"}

    def test_letting_go_asks_for_each_that_waited(self, world: World) -> None:
        phone = world.phone(world.person(A))
        bad = phone.mutation("thing", new_id(), "create", {"name": "forbidden"})
        phone.write(bad)
        note = phone.create("thing_note", thing_id=bad.pk, text="child")
        phone.create("thing_note", thing_id=bad.pk, text="grandchild", about_id=note)
        phone.send()
        phone.pull()
        waiting = {row["row_pk"]: row.get("waits_for") for row in phone.all("parked")}
        phone.command("parked", bad.id, command="dismiss", expected_state="open")
        assert outcome(phone) == [("applied", None)]
        phone.pull()
        rows = {row["row_pk"]: row for row in phone.all("parked")}
        assert (rows[note]["state"], rows[note]["code"]) == ("open", "blocker_dismissed")
        assert waiting[note] == bad.id
        assert set(phone.verify().values()) == {"ok"}

    @pytest.mark.parametrize("most", [1, 4])
    def test_however_many_wait_all_come_free(self, world: World, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
        monkeypatch.setattr(carrying, "MAX_REPLAYS", most)
        phone = world.phone(world.person(A))
        bad = phone.mutation("thing", new_id(), "create", {"name": "forbidden"})
        phone.write(bad)
        keys = [phone.create("thing_note", thing_id=bad.pk, text=f"{n}") for n in range(9)]
        keys += [phone.create("thing_note", thing_id=bad.pk, text="below", about_id=parent) for parent in keys[:3]]
        phone.send()
        phone.write(phone.mutation("thing", bad.pk, "create", {"name": "good"}, supersedes=bad.id))
        assert outcome(phone) == [("applied", None)]
        phone.pull()
        assert {row["pk"] for row in phone.all("thing_note")} == set(keys)
        assert [row for row in phone.all("parked") if row["state"] == "open"] == []
        assert set(phone.verify().values()) == {"ok"}

    def test_what_was_left_waiting_for_nothing_is_found_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phone = world.phone(world.person(A))
        bad = phone.mutation("thing", new_id(), "create", {"name": "forbidden"})
        phone.write(bad)
        note = phone.create("thing_note", thing_id=bad.pk, text="child")
        phone.send()
        monkeypatch.setattr(carrying, "MAX_REPLAYS", 0)
        monkeypatch.setattr(release, "free", lambda *_: None)  # the server is killed at that moment
        phone.write(phone.mutation("thing", bad.pk, "create", {"name": "good"}, supersedes=bad.id))
        phone.send()
        assert world.row("thing_note", note) is None
        monkeypatch.undo()
        replay(world.place)
        assert world.row("thing_note", note)

    def test_what_waits_for_anothers_row_is_tried_once_and_holds_nothing_up(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(carrying, "MAX_REPLAYS", 1)
        owner, stranger = world.phone(world.person(A)), world.phone(world.person())
        pk = owner.create("thing", name="not theirs")
        owner.send()
        for number in range(3):
            stranger.create("thing_note", thing_id=pk, text=f"{number}")
        assert {code for _, code in outcome(stranger)} == {"missing_parent"}
        assert replay(world.place) == 0

    def test_what_comes_free_later_is_carried_out_in_its_authors_true_role(self, world: World) -> None:
        manager, rep = (with_login(world, role) for role in (Role.MANAGER, Role.REP))
        pk = rep.create("thing", name="a")
        rep.send()
        for phone in (manager, rep):
            phone.pull()
            phone.create("thing_note", thing_id=pk, text="for managers", about_id=(first := new_id()))
            assert outcome(phone) == [("parked", "missing_parent")]
            rep.write(rep.mutation("thing_note", first, "create", {"thing_id": pk, "text": "b"}))
            assert outcome(rep) == [("applied", None)]
            phone.create("thing_note", thing_id=pk, text="for managers")
            assert [receipt.code for receipt in phone.send(store_raw=True)] == ["store_raw"]
        assert replay(world.place) == 1
        assert codes_of(manager) == []
        assert codes_of(rep) == ["forbidden"] * 2

    def test_a_reference_that_is_no_id_says_so(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing_note", thing_id="x" * 5_000, text="a")
        pk = phone.create("thing", name="a")
        phone.create("thing_note", thing_id=pk, text="a", about_id="nobody")
        assert [(r.code, r.fields) for r in phone.send()] == [
            ("invalid_value", ["thing_id"]),
            (None, []),
            ("invalid_value", ["about_id"]),
        ]

    def test_dismissing_closes_once(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("thing", name="forbidden")
        phone.send()
        phone.pull()
        [row] = phone.all("parked")
        for _ in range(2):
            phone.command("parked", row["pk"], command="dismiss", expected_state="open")
        assert outcome(phone) == [("applied", None), ("parked", "illegal_transition")]
        phone.pull()
        assert [p["state"] for p in phone.all("parked") if p["pk"] == row["pk"]] == ["dismissed"]

    def test_a_child_that_came_before_its_parent_is_applied_when_that_arrives(self, world: World) -> None:
        phone, other = world.phone(world.person(A)), world.phone(world.person(A))
        pk = new_id()
        note = phone.create("thing_note", thing_id=pk, text="early")
        assert outcome(phone) == [("parked", "missing_parent")]
        other.write(other.mutation("thing", pk, "create", {"name": "late parent"}))
        assert outcome(other) == [("applied", None)]
        assert world.row("thing_note", note)

    def test_an_unknown_kind_and_an_unknown_field_park(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.create("dragon", name="a")
        phone.create("thing", name="a", wings=2)
        phone.create("thing", name="a", territory_id=new_id())
        phone.create("thing", name=5)
        phone.create("thing", phone="1")
        phone.create("thing", name="a", amount=-1, currency="TWD")
        phone.write(phone.mutation("thing", new_id(), "create", {"name": "a"}, schema=99))
        assert [(r.code, r.fields) for r in phone.send()] == [
            ("unknown_entity", []),
            ("unknown_field", ["wings"]),
            ("read_only_field", ["territory_id"]),
            ("wrong_type", ["name"]),
            ("invalid_value", ["name"]),
            ("invalid_value", ["amount"]),
            ("unknown_schema", []),
        ]

    def test_a_mutation_beyond_64_kib_parks_alone(self, world: World) -> None:
        phone = world.phone(world.person(A))
        line = b'{"notes":"' + b"x" * 70_000 + b'"}'
        phone.enqueue(new_id(), line)
        phone.create("thing", name="a")
        assert outcome(phone) == [("parked", "too_large"), ("applied", None)]

    def test_a_txn_beyond_a_hundred_mutations_parks(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.write(*(phone.mutation("thing", new_id(), "create", {"name": "a"}) for _ in range(101)))
        assert {code for _, code in outcome(phone)} == {"too_large", "depends_on_parked"}

    def test_what_an_older_server_could_not_apply_is_applied_by_the_next(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phone = world.phone(world.person(A))
        raw = phone.create("thing", name="raw")
        phone.send(store_raw=True)
        note = phone.create("thing_note", thing_id=raw, text="waits")
        phone.create("thing", name="boom")
        future = phone.mutation("thing", new_id(), "create", {"name": "later"}, schema=2)
        phone.write(future)
        codes = [code for _, code in outcome(phone)]
        assert codes == ["missing_parent", "internal", "unknown_schema"]
        monkeypatch.setattr(apply, "CATALOGUE_VERSION", 2)
        assert replay(world.place) == 3
        assert world.row("thing", future.pk)
        assert world.row("thing_note", note)
        phone.pull()
        held = [row for row in phone.all("parked") if row["state"] == "open"]
        assert [row["code"] for row in held] == ["internal"]
        assert replay(world.place) == 0
        phone.pull()
        assert [row for row in phone.all("parked") if row["state"] == "open"] == held


class TestRelease:
    """A server frees by itself what it could not apply before (SPEC 7.5)."""

    def test_a_server_that_learns_a_kind_of_row_applies_what_waited_for_it(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("dragon", name="a")
        raw = phone.create("thing", name="raw", count={"add": 1})
        assert [code for _, code in outcome(phone)] == ["unknown_entity", None]
        phone.patch("thing", raw, count={"add": 1})
        phone.send(store_raw=True)
        is_over = releasing.start(taught(world))
        assert eventually(lambda: world.row("dragon", pk) and (world.row("thing", raw) or {})["count"] == 2)
        is_over.set()
        phone.pull()
        assert [row["state"] for row in phone.all("parked")] == ["released", "released"]
        assert replay_news(taught(world)) == 0

    def test_of_two_processes_that_look_at_once_one_applies(self, world: World) -> None:
        phone = world.phone(world.person(A))
        pk = phone.create("thing", name="a")
        phone.send()
        for _ in range(5):
            phone.patch("thing", pk, count={"add": 1})
            phone.send(store_raw=True)
        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(lambda _: replay_news(taught(world)), range(4))) == 5
        assert (world.row("thing", pk) or {})["count"] == 5

    def test_what_kills_the_process_is_tried_once_by_each_release(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        phone = world.phone(world.person(A))
        pks = [phone.create("thing", name=name) for name in ("deadly", "harmless")]
        phone.send(store_raw=True)
        check = things.check_thing

        def kill(proposal: Proposal, *rest: Any) -> Park | None:
            if proposal.after.get("name") == "deadly":
                raise SystemExit
            return check(proposal, *rest)

        monkeypatch.setattr(things, "check_thing", kill)
        died = 0
        for _ in range(3):
            try:
                replay_news(taught(world))
            except SystemExit:
                died += 1
        assert (died, [world.row("thing", pk) is None for pk in pks]) == (1, [True, False])
        monkeypatch.undo()
        assert replay_news(world.place) == 1


def taught(world: World) -> Place:
    """The same database under a server that knows one more kind of row."""
    dragon = SyncedEntity(
        EntitySpec(name="dragon", fields=(FieldSpec("name", "register"),)), things.ThingSchema, scope=things.scope_of
    )
    registry = with_system_entities(Registry([*things.make_registry(), dragon]))
    return Place(world.engine, registry, KEY, world.tick)


def eventually(is_so: Callable[[], Any]) -> bool:
    """Look until it is so, for ten seconds at most."""
    for _ in range(200):
        if is_so():
            return True
        time.sleep(0.05)
    return False
