"""Who sees what: leaves, drops, new grants, and writes to what was lost (SPEC 9, 10, 11, 12)."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication import log_writer
from server.replication import snapshot as snapshots
from server.replication.models import SyncedRow
from server.shared.scope import person_scope, territory_scope, with_class
from server.shared.writer import Change, TransactionTooLargeError
from sync.wire.snapshot import SnapshotRequest
from sync.wire.verify import ScopeSum
from tests.contract.world import Page, Phone, World, new_id

A, B, C = new_id(), new_id(), new_id()
DAY = 24 * 60 * 60 * 1000


def ops(pages: list[Page], pk: str) -> list[str]:
    return [row["op"] for page in pages for row in page.rows if row["pk"] == pk]


def refusal(ask: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(DomainError) as refused:
        ask()
    return refused.value.code, refused.value.status


def is_level(phone: Phone) -> bool:
    return set(phone.verify().values()) <= {"ok"}


@pytest.fixture
def rep(world: World) -> tuple[Phone, str]:
    """A phone in territory A that holds one thing with a note."""
    phone = world.phone(world.person(A))
    pk = phone.create("thing", name="Tea house")
    phone.create("thing_note", thing_id=pk, text="first")
    phone.send()
    phone.pull()
    return phone, pk


class TestLeave:
    def test_a_moved_thing_leaves_with_its_children_and_is_not_deleted(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, pk = rep
        new_owner = world.phone(world.person(B))
        new_owner.pull()
        world.move(pk, B)
        pages = phone.pull()
        assert ops(pages, pk) == ["leave"]
        assert (phone.all("thing"), phone.all("thing_note")) == ([], [])
        new_owner.pull()
        assert (len(new_owner.all("thing")), len(new_owner.all("thing_note"))) == (1, 1)
        assert is_level(new_owner)

    def test_conflicts_move_with_their_row(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        twin = world.phone(phone.person)
        twin.pull()
        for one, number in ((phone, "1"), (twin, "2")):
            one.patch("thing", pk, phone=number)
            one.send()
        world.move(pk, B)
        phone.pull()
        assert phone.all("conflict") == []
        owner = world.phone(world.person(B))
        owner.pull()
        assert len(owner.all("conflict")) == 1
        assert is_level(owner)

    def test_there_and_back_in_one_gap_loses_nothing(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        world.move(pk, B)
        world.patch("thing", pk, phone="from B")
        world.move(pk, A)
        pages = phone.pull()
        assert ops(pages, pk) == ["upsert"]
        assert (phone.see("thing", pk) or {})["phone"] == "from B"
        assert is_level(phone)

    def test_todays_body_never_goes_to_yesterdays_scope(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        world.patch("thing", pk, phone="1")
        world.move(pk, B)
        world.patch("thing", pk, phone="secret of B")
        while True:
            page = phone.page(limit=1)
            assert "secret of B" not in str(page)
            phone.apply(page)
            if page.end["caught_up"]:
                break
        assert phone.see("thing", pk) is None

    def test_a_customer_of_three_thousand_visits_moves_whole_and_travels_in_parts(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, pk = rep
        for _ in range(5):
            logs = [Change("thing_log", new_id(), "create", {"thing_id": pk, "said": "talked"}) for _ in range(600)]
            assert {written.status for written in world.submit(*logs)} == {"applied"}
        phone.pull()
        owner = world.phone(world.person(B))
        owner.pull()
        began = time.monotonic()
        world.move(pk, B)
        assert time.monotonic() - began < 15
        with Session(world.engine) as session:
            assert set(session.scalars(select(SyncedRow.scope).where(SyncedRow.root_pk == pk))) == {territory_scope(B)}
        part = owner.page(50)
        owner.apply(part)
        assert (len(part.rows), part.end["caught_up"], set(owner.verify().values())) == (50, False, {"pending"})
        for each in (phone, owner):
            assert max(len(page.rows) for page in each.pull(500)) <= 1_500
            assert is_level(each)
        assert (phone.all("thing_log"), len(owner.all("thing_log"))) == ([], 3_000)

    def test_a_move_beyond_a_lifetime_is_refused_and_leaves_all_where_it_was(
        self, world: World, rep: tuple[Phone, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, pk = rep
        monkeypatch.setattr(log_writer, "MAX_MOVED_ROWS", 1)
        with pytest.raises(TransactionTooLargeError):
            world.move(pk, B)
        assert (world.row("thing", pk) or {})["territory_id"] == A

    def test_more_than_a_thousand_new_rows_at_once_are_refused(self, world: World, rep: tuple[Phone, str]) -> None:
        _, pk = rep
        logs = [Change("thing_log", new_id(), "create", {"thing_id": pk, "said": "talked"}) for _ in range(1_000)]
        with pytest.raises(TransactionTooLargeError):  # the root counts them: one more
            world.submit(*logs)
        assert "log_count" not in (world.row("thing", pk) or {})

    def test_a_plan_is_written_whole_or_not_at_all(self, world: World) -> None:
        pk = new_id()
        written = world.submit(
            Change("thing", pk, "create", {"name": "a", "territory_id": A}),
            Change("thing", new_id(), "create", {"name": "forbidden"}),
            plan_id=new_id(),
        )
        assert {w.status for w in written} == {"parked"}
        assert [w.code for w in written] == ["depends_on_parked", "forbidden"]
        assert world.row("thing", pk) is None

    def test_a_change_submitted_again_under_its_id_is_a_duplicate(self, world: World) -> None:
        change = Change("thing", new_id(), "create", {"name": "a", "count": {"add": 1}}, id=new_id())
        assert [world.submit(change)[0].status for _ in range(2)] == ["applied", "duplicate"]
        assert (world.row("thing", change.pk) or {})["count"] == 1


class TestGrants:
    def test_a_new_grant_joins_while_its_rows_change(self, world: World, monkeypatch: Any) -> None:
        monkeypatch.setattr(snapshots, "CHUNK_ROWS", 2)
        owner = world.phone(world.person(B, C))
        keys = [owner.create("thing", name=f"{n}") for n in range(7)]
        owner.send()
        owner.pull()
        person = world.person(A)
        phone = world.phone(person)
        phone.pull()
        world.grant(person, A, B)
        phone.apply(phone.page())
        assert phone.pending == [territory_scope(B)]
        token, is_done = phone.chunk(territory_scope(B), None)
        owner.delete("thing", keys[0])
        owner.patch("thing", keys[1], phone="new")
        added = owner.create("thing", name="added")
        owner.send()
        world.move(keys[2], C)
        world.move(keys[6], A)
        phone.apply(phone.page())
        while not is_done:
            token, is_done = phone.chunk(territory_scope(B), token)
        assert phone.verify()[territory_scope(B)] == "pending"
        page = phone.page(join=token)
        phone.apply(page)
        assert page.end["joined"] == territory_scope(B)
        assert {row["pk"] for row in phone.all("thing")} == {*keys[1:2], *keys[3:], added}
        assert (phone.see("thing", keys[1]) or {})["phone"] == "new"
        assert is_level(phone)

    def test_a_download_from_before_a_reset_does_not_join(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        token = phone.download(territory_scope(A))
        phone.cursor = None
        page = phone.page(join=token)
        assert (page.header["reset"], page.end["joined"]) == (True, None)
        phone.apply(page)
        phone.pull()
        assert phone.see("thing", pk)

    @pytest.mark.parametrize("is_chunk_first", [True, False])
    def test_a_move_into_a_joining_scope_and_its_chunk_come_in_any_order(
        self, world: World, rep: tuple[Phone, str], is_chunk_first: bool
    ) -> None:
        phone, pk = rep
        world.grant(phone.person, A, B)
        phone.apply(phone.page())
        world.move(pk, B)
        if is_chunk_first:
            token, _ = phone.chunk(territory_scope(B), None)
            phone.apply(phone.page())
        else:
            phone.apply(phone.page())
            token, _ = phone.chunk(territory_scope(B), None)
        phone.apply(phone.page(join=token))
        assert phone.see("thing", pk)
        assert is_level(phone)

    def test_a_join_longer_than_a_page_goes_on(self, world: World) -> None:
        owner = world.phone(world.person(B))
        person = world.person(A)
        phone = world.phone(person)
        phone.pull()
        world.grant(person, A, B)
        phone.apply(phone.page())
        token = phone.download(territory_scope(B))
        for number in range(5):
            owner.create("thing", name=f"{number}")
            owner.send()
        page = phone.page(limit=2, join=token)
        assert (page.end["joined"], page.end["join"] is not None) == (None, True)
        phone.apply(page)
        phone.pull(limit=2)
        assert len(phone.all("thing")) == 5
        assert is_level(phone)

    def test_more_than_eight_grants_come_in_turns(self, world: World) -> None:
        territories = [new_id() for _ in range(20)]
        owner = world.person(*territories)
        for territory in territories:
            world.submit(Change("thing", new_id(), "create", {"name": "a", "territory_id": territory}))
        phone = world.phone(owner)
        pages = phone.pull()
        assert max(len(page.header["grants"]) for page in pages) == 8
        assert len(phone.all("thing")) == 20
        assert is_level(phone)

    def test_more_than_fifty_scopes_are_served_alike(self, world: World) -> None:
        territories = [new_id() for _ in range(60)]
        phone = world.phone(world.person(*territories))
        phone.pull()
        for territory in territories:
            world.submit(Change("thing", new_id(), "create", {"name": "a", "territory_id": territory}))
        pages = phone.pull(limit=7)
        assert len(pages) > 8
        assert len(phone.all("thing")) == 60
        assert is_level(phone)

    def test_a_revoked_scope_drops_at_the_next_page(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        world.grant(phone.person, C)
        [page] = [p for p in phone.pull() if p.header["drops"]]
        assert page.header["drops"] == [territory_scope(A)]
        assert phone.see("thing", pk) is None

    def test_what_is_revoked_in_the_middle_of_a_pull_is_not_served(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.pull()
        for number in range(6):
            world.submit(Change("thing", new_id(), "create", {"name": f"{number}", "territory_id": A}))
        phone.apply(phone.page(limit=2))
        assert phone.all("thing")
        world.grant(phone.person)
        page = phone.page(limit=2)
        phone.apply(page)
        assert ([r for r in page.rows if r["op"] == "upsert"], phone.all("thing")) == ([], [])

    def test_revoked_and_granted_again_between_two_pulls_downloads_anew(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, pk = rep
        world.grant(phone.person)
        world.patch("thing", pk, phone="meanwhile")
        world.grant(phone.person, A)
        pages = phone.pull()
        assert (pages[0].header["drops"], pages[0].header["grants"]) == ([territory_scope(A)],) * 2
        assert (phone.see("thing", pk) or {})["phone"] == "meanwhile"
        assert is_level(phone)

    def test_a_download_from_before_a_revocation_does_not_join_the_new_grant(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        first, pk = rep
        phone = world.phone(first.person)
        phone.apply(phone.page())
        scope = territory_scope(A)
        token = phone.download(scope)
        world.grant(phone.person)
        world.grant(phone.person, A)
        page = phone.page(join=token)
        assert (page.header["drops"], page.header["grants"], page.end["joined"]) == ([scope], [scope], None)
        phone.apply(page)
        phone.pull()
        assert phone.see("thing", pk)
        assert is_level(phone)

    def test_a_scope_that_is_held_is_downloaded_anew_on_its_own(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        scope = territory_scope(A)
        world.grant(phone.person, A, C)
        world.submit(Change("thing", new_id(), "create", {"name": "sound", "territory_id": C}))
        phone.pull()
        sound = {key: row for key, row in phone.mirror.items() if row.scope == territory_scope(C)}
        phone.rebuild(scope)
        token = phone.download(scope)
        world.patch("thing", pk, phone="meanwhile")
        page = phone.page(join=token)
        assert (page.header["reset"], page.header["scopes"], page.end["joined"]) == (False, None, scope)
        phone.apply(page)
        assert sound.items() <= phone.mirror.items()
        assert (phone.see("thing", pk) or {})["phone"] == "meanwhile"
        assert is_level(phone)

    def test_what_is_not_granted_cannot_be_joined(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, _ = rep
        token = phone.download(territory_scope(A))
        world.grant(phone.person)
        page = phone.page(join=token)
        assert (page.end["joined"], [row for row in page.rows if row["op"] == "upsert"]) == (None, [])

    def test_a_snapshot_of_what_is_not_granted_is_refused(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, _ = rep
        stranger = world.phone(world.person(B))
        token, _ = phone.chunk(territory_scope(A), None)
        for asked in (None, token):
            request = SnapshotRequest(territory_scope(A), asked)
            with pytest.raises(DomainError) as refusal:
                snapshots.snapshot(world.place, stranger.actor, request)
            assert refusal.value.code == "forbidden"

    def test_a_class_of_sensitive_rows_needs_its_own_grant(self, world: World) -> None:
        person = world.person(A)
        secret = with_class(territory_scope(A), "secret")
        trusted = world.person(A)
        world.grant(trusted, A, more=[secret])
        phone, insider = world.phone(person), world.phone(trusted)
        pk = insider.create("thing", name="a")
        key = insider.create("thing_secret", thing_id=pk, text="margin 40 %")
        assert {r.status for r in insider.send()} == {"applied"}
        phone.pull()
        insider.pull()
        assert (phone.see("thing_secret", key), len(phone.all("thing"))) == (None, 1)
        assert insider.see("thing_secret", key)
        phone.create("thing_secret", thing_id=pk, text="guess")
        assert [r.code for r in phone.send()] == ["forbidden"]
        world.grant(trusted, A)
        insider.pull()
        assert insider.see("thing_secret", key) is None
        world.move(pk, B)
        world.grant(trusted, B, more=[with_class(territory_scope(B), "secret")])
        insider.pull()
        assert insider.mirror["thing_secret", key].scope == with_class(territory_scope(B), "secret")
        assert is_level(insider)


class TestAuthority:
    def test_what_was_written_before_the_leave_was_known_is_accepted(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, pk = rep
        phone.patch("thing", pk, phone="offline")
        phone.create("thing_note", thing_id=pk, text="offline note")
        world.move(pk, B)
        phone.pull()
        assert {r.status for r in phone.send()} == {"applied"}
        owner = world.phone(world.person(B))
        owner.pull()
        assert (owner.see("thing", pk) or {})["phone"] == "offline"
        assert len(owner.all("thing_note")) == 2

    @pytest.mark.parametrize("is_pulled", [True, False], ids=["after the next pull", "right after the page"])
    def test_what_was_written_after_it_was_known_parks_with_a_copy_for_the_new_owner(
        self, world: World, rep: tuple[Phone, str], is_pulled: bool
    ) -> None:
        phone, pk = rep
        stale = phone.mutation("thing", pk, "patch", {"phone": "late"})
        phone.patch("thing", pk, phone="in time")
        world.move(pk, B)
        phone.pull()
        if is_pulled:
            phone.page()
        phone.write(stale)
        assert [r.code for r in phone.send()] == [None, "left_scope"]
        owner = world.phone(world.person(B))
        owner.pull()
        assert [row["code"] for row in owner.all("parked")] == ["left_scope"]
        phone.pull()
        assert [row["code"] for row in phone.all("parked")] == ["left_scope"]

    @pytest.mark.parametrize("is_written_first", [True, False], ids=["unseen by the delete", "after the delete"])
    def test_a_delete_shows_a_secret_to_nobody_who_may_not_see_it(self, world: World, is_written_first: bool) -> None:
        secret = [with_class(territory_scope(t), "secret") for t in (A, B)]
        trusted = world.person(A)
        world.grant(trusted, A, more=secret[:1])
        insider, phone = world.phone(trusted), world.phone(world.person(A))
        pk = insider.create("thing", name="a")
        insider.send()
        for each in (insider, phone):
            each.pull()
        phone.delete("thing", pk)
        insider.create("thing_secret", thing_id=pk, text="margin 40 %")
        for each in (insider, phone) if is_written_first else (phone, insider):
            each.send()
        seen = str([page.rows for page in phone.pull()])
        assert ("margin" in seen, phone.all("conflict")) == (False, [])
        insider.pull()
        [conflict] = insider.all("conflict")
        assert [c["value"]["fields"]["text"] for c in conflict["candidates"]] == ["margin 40 %"]
        assert set(insider.verify().values()) == {"ok"}
        assert phone.mirror == {}
        insider.command("conflict", conflict["pk"], command="resolve", expected_state="open", choice="restore")
        assert insider.send()[0].status == "applied"
        world.move(pk, B)
        world.grant(trusted, B, more=secret[1:])
        insider.pull()
        assert insider.mirror["conflict", conflict["pk"]].scope == secret[1]

    def test_the_copy_of_a_parked_secret_is_as_secret(self, world: World) -> None:
        secret = [with_class(territory_scope(t), "secret") for t in (A, B)]
        person = world.person(A)
        world.grant(person, A, more=secret[:1])
        phone = world.phone(person)
        pk = phone.create("thing", name="a")
        key = phone.create("thing_secret", thing_id=pk, text="margin 40 %")
        phone.send()
        phone.pull()
        late = [
            phone.mutation("thing_secret", key, "patch", {"text": "margin 41 %"}),
            phone.mutation("thing_secret", new_id(), "create", {"thing_id": pk, "text": "margin 42 %"}),
        ]
        world.move(pk, B)
        phone.pull()
        phone.page()
        for mutation in late:
            phone.write(mutation)
        assert [r.code for r in phone.send()] == ["left_scope", "left_scope"]
        owner, boss = world.phone(world.person(B)), world.person(B)
        world.grant(boss, B, more=secret[1:])
        insider = world.phone(boss)
        owner.pull()
        insider.pull()
        assert "margin" not in str(owner.mirror)
        assert [row["code"] for row in insider.all("parked")] == ["left_scope", "left_scope"]

    def test_a_drop_is_judged_like_a_leave(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        before = phone.mutation("thing", pk, "patch", {"phone": "before"})
        after = phone.mutation("thing", pk, "patch", {"phone": "after"})
        phone.write(before)
        world.grant(phone.person)
        phone.pull()
        phone.page()
        phone.write(after)
        assert [(r.status, r.code) for r in phone.send()] == [("applied", None), ("parked", "left_scope")]

    def test_after_180_days_it_is_too_late(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        phone.patch("thing", pk, phone="offline")
        world.move(pk, B)
        world.now += 181 * DAY
        assert [r.code for r in phone.send()] == ["left_scope"]

    def test_an_old_number_does_not_open_what_was_never_theirs(self, world: World, rep: tuple[Phone, str]) -> None:
        _, pk = rep
        world.move(pk, B)
        moved = world.writer.read("thing", [pk])[pk].rev
        stranger = world.phone(world.person(C))
        for rev in ((1, 1), moved):
            stranger.write(stranger.mutation("thing", pk, "patch", {"phone": "x"}, seen_rev=rev))
        note = stranger.mutation("thing_note", new_id(), "create", {"thing_id": pk, "text": "x"})
        stranger.write(note)
        assert [r.code for r in stranger.send()] == ["gone", "gone", "missing_parent"]

    def test_a_fork_knows_of_leaves_what_its_parent_knew(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        stale = phone.mutation("thing", pk, "patch", {"phone": "late"})
        world.move(pk, B)
        phone.pull()
        phone.page()
        phone.fork(None)
        phone.write(stale)
        assert phone.send()[-1].code == "left_scope"

    def test_on_return_the_row_is_simply_theirs_again(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        world.move(pk, B)
        phone.pull()
        world.move(pk, A)
        phone.pull()
        phone.patch("thing", pk, phone="1")
        assert [r.status for r in phone.send()] == ["applied"]


class TestCursor:
    def test_a_quiet_scopes_cursor_advances_with_the_log(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, _ = rep
        first = phone.page().end
        world.submit(Change("thing", new_id(), "create", {"name": "elsewhere", "territory_id": B}))
        page = phone.page()
        assert (page.rows, page.end["caught_up"]) == ([], True)
        assert page.end["seq"] > first["seq"]

    def test_a_page_never_splits_a_transaction(self, world: World) -> None:
        phone = world.phone(world.person(A))
        phone.pull()
        for _ in range(4):
            made = [Change("thing", new_id(), "create", {"name": "a", "territory_id": A}) for _ in range(5)]
            world.submit(*made)
        sizes = [len(page.rows) for page in phone.pull(limit=3)]
        assert (sum(sizes), {size % 5 for size in sizes}) == (20, {0})

    @pytest.mark.parametrize("tamper", [lambda c: c[:-1], lambda c: "A" + c[1:], lambda c: "", lambda c: c * 9])
    def test_a_cursor_that_is_not_ours_is_refused(self, rep: tuple[Phone, str], tamper: Callable[[str], str]) -> None:
        phone, _ = rep
        phone.cursor = tamper(phone.cursor or "") or "x"
        with pytest.raises(DomainError) as refusal:
            phone.page()
        assert (refusal.value.code, refusal.value.status) == ("bad_cursor", 400)

    def test_a_snapshot_token_is_no_cursor(self, rep: tuple[Phone, str]) -> None:
        phone, _ = rep
        phone.cursor = phone.download(territory_scope(A))
        with pytest.raises(DomainError):
            phone.page()

    def test_a_cursor_from_a_lost_timeline_begins_an_epoch(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        other = world.phone(world.person(A))
        other.pull()
        backup = self.take_backup(world)
        world.patch("thing", pk, phone="lost")
        phone.pull()
        assert (phone.see("thing", pk) or {})["phone"] == "lost"
        self.restore(world, backup)
        world.patch("thing", pk, phone="won")
        pages = phone.pull()
        assert pages[0].header["reset"]
        assert pages[0].header["epoch"] >= world.now // 1000 - 1
        assert (phone.see("thing", pk) or {})["phone"] == "won"
        assert is_level(phone)
        assert other.pull()[0].header["reset"]
        assert is_level(other)

    def test_a_revision_of_a_lost_timeline_counts_as_unseen(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        backup = self.take_backup(world)
        world.patch("thing", pk, terms="lost")
        world.patch("thing", pk, terms="lost too")
        phone.pull()
        phone.patch("thing", pk, terms="seen the lost one")
        self.restore(world, backup)
        world.patch("thing", pk, terms="of this timeline")
        assert phone.send()[0].status == "merged"
        assert (world.row("thing", pk) or {})["terms"] == "of this timeline"

    def test_an_edit_over_a_lost_timeline_does_not_pass_for_one_that_saw_ours(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, pk = rep
        other = world.phone(world.person(A))
        other.pull()
        backup = self.take_backup(world)
        world.patch("thing", pk, terms="lost")
        phone.pull()
        phone.patch("thing", pk, terms="saw the lost one")
        self.restore(world, backup)
        other.patch("thing", pk, terms="of this timeline")
        assert other.send()[0].status == "applied"
        [receipt] = phone.send()
        assert (receipt.status, (world.row("thing", pk) or {})["terms"]) == ("merged", "of this timeline")
        assert phone.pull()[0].header["reset"]
        assert is_level(phone)

    def test_an_edit_over_a_lost_timeline_is_unseen_also_when_it_is_sent_after_the_reset(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, pk = rep
        other = world.phone(world.person(A))
        other.pull()
        backup = self.take_backup(world)
        world.patch("thing", pk, terms="lost")
        phone.pull()
        phone.patch("thing", pk, terms="saw the lost one")
        self.restore(world, backup)
        other.patch("thing", pk, terms="of this timeline")
        other.send()
        assert phone.pull()[0].header["reset"]
        receipt = phone.send()[-1]
        assert (receipt.status, (world.row("thing", pk) or {})["terms"]) == ("merged", "of this timeline")

    def test_a_grant_of_a_lost_timeline_does_not_pass_for_another_with_its_number(
        self, world: World, rep: tuple[Phone, str]
    ) -> None:
        phone, _ = rep
        world.submit(Change("thing", new_id(), "create", {"name": "in C", "territory_id": C}))
        backup = self.take_backup(world)
        world.grant(phone.person, A, B)
        phone.pull()
        self.restore(world, backup)
        world.grant(phone.person, A, C)
        assert phone.pull()[0].header["reset"]
        assert {row["name"] for row in phone.all("thing")} == {"Tea house", "in C"}
        assert is_level(phone)

    def test_a_mirror_of_somebody_else_is_refused(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        mine, owner = phone.cursor, phone.person
        phone.patch("thing", pk, phone="mine")
        phone.signed_in = world.person(A)
        for ask in (phone.push, phone.page, phone.verify):
            assert refusal(ask) == ("wrong_person", 403)
        phone.cursor = None
        assert refusal(phone.page) == ("wrong_person", 403)
        phone.cursor, phone.signed_in = mine, owner
        assert [r.status for r in phone.send()] == ["applied"]

    def take_backup(self, world: World) -> dict[str, list[Any]]:
        with world.engine.connect() as connection:
            return {
                table: [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]
                for table in TABLES
            }

    def restore(self, world: World, backup: dict[str, list[Any]]) -> None:
        with world.engine.begin() as connection:
            for table, rows in backup.items():
                connection.execute(text(f"DELETE FROM {table}"))
                for row in rows:
                    names = ", ".join(f'"{name}"' for name in row)
                    values = ", ".join(f":{name}" for name in row)
                    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


TABLES = (
    *("synced_row", "change_log", "change_scope", "change_txn", "scope_sum", "mutation_record"),
    *("sync_device", "device_lineage", "leave_mark", "server_state", "open_conflict", "scope_grant"),
)


class TestVerify:
    def test_a_row_too_few_or_too_many_is_noticed(self, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        row = phone.mirror.pop(("thing", pk))
        assert phone.verify()[territory_scope(A)] == "mismatch"
        phone.mirror["thing", pk] = row
        phone.mirror["thing", new_id()] = row
        assert phone.verify()[territory_scope(A)] == "mismatch"

    def test_it_compares_at_the_phones_own_cursor(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        world.patch("thing", pk, phone="later")
        assert is_level(phone)

    def test_a_scope_that_is_not_granted_is_told(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, _ = rep
        told = phone.verify(**{territory_scope(B): ScopeSum(0, "0" * 32)})
        assert told[territory_scope(B)] == "not_granted"
        assert told[territory_scope(A)] == "ok"
        assert (
            phone.verify(**{person_scope(phone.person): ScopeSum(1, "0" * 32)})[person_scope(phone.person)]
            == "mismatch"
        )
