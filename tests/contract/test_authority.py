"""What is written to rows that one lost sight of: accepted, parked, or none of one's business (SPEC 9.7)."""

import pytest

from server.shared.scope import territory_scope, with_class
from tests.contract.draining import copied, forked
from tests.contract.territories import A, B, C
from tests.contract.world import Phone, World, new_id

DAY = 24 * 60 * 60 * 1000


def test_what_was_written_before_the_leave_was_known_is_accepted(world: World, rep: tuple[Phone, str]) -> None:
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
    world: World, rep: tuple[Phone, str], is_pulled: bool
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
def test_a_delete_shows_a_secret_to_nobody_who_may_not_see_it(world: World, is_written_first: bool) -> None:
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


def test_the_copy_of_a_parked_secret_is_as_secret(world: World) -> None:
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


def test_a_drop_is_judged_like_a_leave(world: World, rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    before = phone.mutation("thing", pk, "patch", {"phone": "before"})
    after = phone.mutation("thing", pk, "patch", {"phone": "after"})
    phone.write(before)
    world.grant(phone.person)
    phone.pull()
    phone.page()
    phone.write(after)
    assert [(r.status, r.code) for r in phone.send()] == [("applied", None), ("parked", "left_scope")]


def test_after_180_days_it_is_too_late(world: World, rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    phone.patch("thing", pk, phone="offline")
    world.move(pk, B)
    world.now += 181 * DAY
    assert [r.code for r in phone.send()] == ["left_scope"]


def test_an_old_number_does_not_open_what_was_never_theirs(world: World, rep: tuple[Phone, str]) -> None:
    _, pk = rep
    world.move(pk, B)
    moved = world.writer.read("thing", [pk])[pk].rev
    stranger = world.phone(world.person(C))
    for rev in ((1, 1), moved):
        stranger.write(stranger.mutation("thing", pk, "patch", {"phone": "x"}, seen_rev=rev))
    note = stranger.mutation("thing_note", new_id(), "create", {"thing_id": pk, "text": "x"})
    stranger.write(note)
    assert [r.code for r in stranger.send()] == ["gone", "gone", "missing_parent"]


def test_a_fork_knows_of_leaves_what_its_parent_knew(world: World, rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    stale = phone.mutation("thing", pk, "patch", {"phone": "late"})
    world.move(pk, B)
    phone.pull()
    phone.page()
    phone.fork(None)
    phone.write(stale)
    assert phone.send()[-1].code == "left_scope"


@pytest.mark.parametrize("asks_first", [False, True], ids=["at once", "after a push of nothing"])
def test_a_copied_profile_counts_from_the_first_that_it_sends_again(
    world: World, rep: tuple[Phone, str], asks_first: bool
) -> None:
    phone, pk = rep
    copy = copied(phone)
    late = copy.mutation("thing", pk, "patch", {"phone": "late"})
    copy.patch("thing", pk, terms="in time")
    world.move(pk, B)
    copy.pull()
    copy.page()
    copy.write(late)
    phone.create("thing", name="by the other one")
    phone.send()
    forked(copy)
    if asks_first:
        copy.ask_push(copy.body([]))
    assert [r.code for r in copy.send()] == [None, None, None, "left_scope"]


@pytest.mark.parametrize("void", [None, (1, 10**6 - 1)], ids=["over a gap", "after a void"])
def test_no_number_that_a_fork_gives_lets_in_more_than_its_parent_might_send(
    world: World, rep: tuple[Phone, str], void: tuple[int, int] | None
) -> None:
    phone, pk = rep
    late = phone.mutation("thing", pk, "patch", {"phone": "late"})
    for number in range(3):
        phone.patch("thing", pk, terms=f"{number}")
    world.move(pk, B)
    phone.pull()
    phone.page()
    told = phone.seq
    phone.send()
    phone.fork(None)
    envelope, line = phone.outbox[0]
    phone.seq, phone.outbox = 10**6 - 1, []
    phone.enqueue(envelope["id"], line)
    phone.push(void=void)
    if not void:
        phone.seq, phone.prev, phone.outbox = 0, None, []
        phone.enqueue(envelope["id"], line)
        phone.send()
        phone.push(void=(2, told))
        phone.seq = told
    phone.write(late)
    assert phone.send()[-1].code == "left_scope"


def test_on_return_the_row_is_simply_theirs_again(world: World, rep: tuple[Phone, str]) -> None:
    phone, pk = rep
    world.move(pk, B)
    phone.pull()
    world.move(pk, A)
    phone.pull()
    phone.patch("thing", pk, phone="1")
    assert [r.status for r in phone.send()] == ["applied"]
