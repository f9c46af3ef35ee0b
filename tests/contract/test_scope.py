"""Who sees what: leaves, drops and new grants (SPEC 9, 11, 12)."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication import log_writer
from server.replication import snapshot as snapshots
from server.replication.head import head
from server.replication.models import SyncedRow
from server.shared.scope import territory_scope, with_class
from server.shared.writer import Change, TransactionTooLargeError
from sync.wire.snapshot import SnapshotRequest
from tests.contract.territories import A, B, C, is_level, ops
from tests.contract.world import Phone, World, new_id


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

    def test_a_receipt_that_waits_is_news_although_no_row_changed(self, world: World, rep: tuple[Phone, str]) -> None:
        phone, pk = rep
        before, tag = head(world.place, phone.actor, phone.id)
        phone.write(phone.mutation("thing", pk, "restore", {"delete": new_id()}))  # it is there anyway
        phone.push(is_lost=True)
        after, other_tag = head(world.place, phone.actor, phone.id)
        assert (after.seq, other_tag == tag) == (before.seq, False)

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
