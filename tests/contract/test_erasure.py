"""What is erased on a person's request is nowhere any more, and no device brings it back (R34)."""

import pytest
from sqlalchemy import text

from server.errors import DomainError
from server.operations.check import check
from server.operations.erase_list import EraseList
from server.operations.erasure import compare, erase_subject, keep_erased, look
from server.replication.place import DAY_MS
from server.replication.purge import purge
from server.shared.actor import OPERATOR, Actor, Role
from tests.contract.erasures import NAME, Erase, met, moment, park_codes, stored, unread
from tests.contract.world import Phone, World, new_id


class TestTrace:
    """Nothing is left."""

    @pytest.mark.usefixtures("careless")
    def test_no_value_is_left_anywhere_in_the_database(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        for phone in pair[:2]:
            phone.patch("thing_note", pk, text=f"{NAME} by {phone.id}")
            phone.send()
        one.pull()
        [conflict] = one.all("conflict")
        one.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="current")
        one.patch("thing_note", pk, wrong=f"{NAME} parked")
        unread(one, pk)
        one.send()
        one.patch("thing_note", pk, text=f"{NAME} raw")
        one.send(store_raw=True)
        other.pull()
        other.chunk(next(iter(other.sums())), None)
        assert world.chunks
        assert list(world.chunks.folder.rglob("*"))
        before = stored(world)
        assert before.count(NAME.encode()) >= 8
        erase("thing_note", pk)
        assert NAME.encode() not in stored(world)
        assert list(world.chunks.folder.rglob("*")) == []
        assert check(world.engine, world.place.registry) == []

    def test_a_delete_that_asks_what_to_keep_of_others_keeps_nothing_of_it(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase
    ) -> None:
        one, other, thing = pair
        pk, stays = met(one, other, thing), met(one, other, thing, "somebody else")
        other.patch("thing_note", pk, text=f"{NAME} unseen")
        other.patch("thing_note", stays, text="unseen, too")
        other.send()
        one.delete("thing", thing)
        one.send()
        erase("thing_note", pk)
        assert NAME.encode() not in stored(world)
        one.pull()
        [conflict] = one.all("conflict")
        assert [c["value"]["pk"] for c in conflict["candidates"]] == [stays]
        erase("thing_note", stays)
        one.pull()
        assert [row["state"] for row in one.all("conflict")] == ["superseded"]
        assert check(world.engine, world.place.registry) == []

    def test_a_customer_goes_with_all_that_stands_under_it(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase
    ) -> None:
        one, other, _ = pair
        thing = one.create("thing", name=NAME, amount=7, currency="TWD", tags={"add": [NAME]})
        for n in range(3):
            one.create("thing_log", thing_id=thing, said=f"{NAME} {n}")
        waiting = one.create("thing_note", thing_id=thing, text=NAME, about_id=new_id())
        one.send()
        assert world.row("thing_note", waiting) is None
        done = erase("thing", thing)
        assert done.rows["thing_log"] == 3
        assert NAME.encode() not in stored(world)
        one.pull()
        other.pull()
        assert [row["name"] for row in one.all("thing")] == ["Tea house"]
        assert one.all("thing_log") == []
        assert set(one.verify().values()) == {"ok"}
        assert check(world.engine, world.place.registry) == []

    @pytest.mark.parametrize("entity", ["thing_note", "thing"])
    def test_whom_a_clean_up_took_away_goes_from_the_history(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase, entity: str
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        subject = {"thing_note": pk, "thing": thing}[entity]
        one.delete(entity, subject)
        one.send()
        world.now += 400 * DAY_MS
        other.create("thing", name="today's work")
        other.send()
        assert purge(world.place).rows
        assert NAME.encode() in stored(world)
        assert look(world.place, OPERATOR, (entity, subject)).mutations
        erase(entity, subject)
        assert NAME.encode() not in stored(world)
        assert check(world.engine, world.place.registry) == []

    def test_it_is_written_down_who_erased_what_and_when_and_no_value(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase, listing: EraseList
    ) -> None:
        pk = met(pair[0], pair[1], pair[2])
        erase("thing_note", pk)
        [entry] = listing.read()
        assert (entry.entity, entry.pk, entry.by_id) == ("thing_note", pk, OPERATOR.person_id)
        assert listing.path.stat().st_mode & 0o777 == 0o600
        with world.engine.connect() as connection:
            [event] = connection.execute(text("SELECT action, actor_id, subject_id, details FROM audit_events")).all()
        assert event[:3] == ("erased", OPERATOR.person_id, pk)
        erase("thing_note", pk)
        assert listing.read() == [entry]

    def test_only_an_admin_erases_and_only_people(
        self, world: World, pair: tuple[Phone, Phone, str], listing: EraseList
    ) -> None:
        one, _, thing = pair
        log = one.create("thing_log", thing_id=thing, said="hello")
        one.send()
        rep = Actor(one.person, Role.REP, None, "en")
        for actor, subject, code in (
            (rep, ("thing", thing), "forbidden"),
            (OPERATOR, ("thing_log", log), "not_found"),
            (OPERATOR, ("thing", new_id()), "not_found"),
        ):
            with pytest.raises(DomainError, match=code):
                erase_subject(world.place, listing, actor, subject, moment(world))
        assert not listing.exists

    def test_a_look_says_what_would_go_and_what_names_it_and_changes_nothing(
        self, world: World, pair: tuple[Phone, Phone, str]
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        namer = one.create("thing_note", thing_id=thing, text="knows them", about_id=pk)
        one.send()
        before = stored(world)
        outlook = look(world.place, OPERATOR, ("thing_note", pk))
        assert (dict(outlook.rows), outlook.mutations) == ({"thing_note": 1}, 1)
        assert outlook.references == [("thing_note", namer)]
        assert stored(world) == before


class TestDevices:
    """What devices still hold does not come back."""

    def test_it_leaves_every_device_and_they_are_told_why(self, pair: tuple[Phone, Phone, str], erase: Erase) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        erase("thing_note", pk)
        page = other.page()
        [line] = [row for row in page.rows if row["pk"] == pk]
        assert (line["op"], line["erased"]) == ("delete", True)
        other.apply(page)
        assert other.see("thing_note", pk) is None
        assert set(other.verify().values()) == {"ok"}

    def test_what_an_offline_device_brings_for_it_is_dropped_and_its_author_told(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        other.patch("thing_note", pk, text=f"{NAME} offline")
        other.write(other.mutation("thing_note", pk, "create", {"thing_id": thing, "text": f"{NAME} again"}))
        other.patch("thing", thing, phone="02 1234 5678")
        erase("thing_note", pk)
        receipts = other.push(is_lost=True).receipts
        assert [(r.status, r.code) for r in receipts] == [("parked", "erased")] * 2 + [("applied", None)]
        assert [(r.status, r.code) for r in other.send()] == [("duplicate", "erased")] * 2 + [("duplicate", None)]
        assert NAME.encode() not in stored(world)
        other.pull()
        assert other.see("thing_note", pk) is None
        told = other.all("parked")
        assert [(row["code"], row["row_pk"], row["state"]) for row in told] == [("erased", pk, "open")] * 2
        assert not any("mutation" in row or "bytes_b64" in row for row in told)
        other.command("parked", told[0]["pk"], command="dismiss", expected_state="open")
        assert [r.status for r in other.send()] == ["applied"]
        assert check(world.engine, world.place.registry) == []

    @pytest.mark.parametrize("is_raw", [False, True])
    def test_bytes_that_cannot_be_read_are_dropped_when_they_name_it(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase, is_raw: bool
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        erase("thing_note", pk)
        unread(other, pk)
        other.patch("thing_note", pk, text=NAME)
        assert [r.code for r in other.send(store_raw=is_raw)] == ["erased"] * 2
        assert NAME.encode() not in stored(world)

    def test_new_children_of_an_erased_customer_are_dropped_with_their_later_edits(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase, listing: EraseList
    ) -> None:
        _one, other, thing = pair
        erase("thing", thing)
        child = other.create("thing_note", thing_id=thing, text=f"{NAME} 1")
        assert [r.code for r in other.send()] == ["erased"]
        other.patch("thing_note", child, text=f"{NAME} 2")
        assert [r.code for r in other.send()] == ["erased"]
        assert NAME.encode() not in stored(world)
        assert compare(world.engine, listing) != []
        keep_erased(world.place, listing)
        assert ("thing_note", child) in {(entry.entity, entry.pk) for entry in listing.read()}
        assert compare(world.engine, listing) == []

    def test_a_delete_of_it_is_no_content_and_passes(self, pair: tuple[Phone, Phone, str], erase: Erase) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        erase("thing_note", pk)
        other.delete("thing_note", pk)
        assert [r.status for r in other.send()] == ["applied"]

    def test_what_came_in_one_txn_with_it_is_kept_for_its_author_to_decide(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        erase("thing_note", pk)
        other.write(
            other.mutation("thing", thing, "patch", {"phone": "02 1234 5678"}),
            other.mutation("thing_note", pk, "patch", {"text": NAME}),
        )
        assert [r.code for r in other.send()] == ["blocker_dismissed", "erased"]
        other.pull()
        kept = next(row for row in other.all("parked") if row["code"] == "blocker_dismissed")
        assert "02 1234 5678" in kept["mutation"]

    def test_what_waited_for_something_erased_waits_no_more(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        parked = one.patch("thing_note", pk, wrong=f"{NAME} parked")
        one.write(one.mutation("thing", thing, "patch", {"phone": "02"}, after=(parked,)))
        one.send()
        one.pull()
        assert sorted(park_codes(one)) == [("depends_on_parked", "open"), ("unknown_field", "open")]
        erase("thing_note", pk)
        one.pull()
        assert sorted(park_codes(one)) == [("blocker_dismissed", "open"), ("erased", "open")]

    def test_the_servers_own_writers_are_refused(
        self, world: World, pair: tuple[Phone, Phone, str], erase: Erase
    ) -> None:
        one, other, thing = pair
        pk = met(one, other, thing)
        erase("thing_note", pk)
        assert world.patch("thing_note", pk, text=NAME).code == "erased"
        assert NAME.encode() not in stored(world)
