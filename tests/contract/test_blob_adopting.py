"""A photo in what somebody else adopts is shown, and a name alone borrows nothing by it (SPEC 9.7, 18.6, R3, R35)."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest

from server.replication import framing, log_writer
from server.replication.blobs import adopting, uploads
from server.replication.blobs.shelf import Shelf
from server.replication.push import push
from tests.contract.blobs import announce, fetch, refusal, send, sha, show
from tests.contract.territories import A
from tests.contract.world import Phone, World, new_id
from tests.factories import files

PHOTO = files.jpeg(filling=bytes(2_000))


@pytest.fixture
def rep(world: World) -> tuple[Phone, str]:
    """A phone in A, and its thing."""
    phone = world.phone(world.person(A))
    thing = phone.create("thing", name="shop")
    phone.send()
    phone.pull()
    return phone, thing


@pytest.fixture
def successors(world: World) -> list[Phone]:
    """Two who have the territory now."""
    return [world.phone(world.person(A)) for _ in range(2)]


def deliver(phone: Phone, thing: str) -> None:
    """The photo of the thing, by a device whose access was ended."""
    phone.create("thing_photo", thing_id=thing, sha256=sha(PHOTO))
    header, items = framing.read_push(phone.body(), phone.world.now)
    push(phone.world.place, phone.actor, header, items, is_drained=True)


def adopt(phone: Phone, thing: str, *, wrong: bool = False) -> None:
    """Take over the photo that lies there, as one's own."""
    phone.pull()
    [copy] = [row for row in phone.all("parked") if row["state"] == "open"]
    more = {"wrong": 1} if wrong else {}
    patch = {"thing_id": thing, "sha256": sha(PHOTO), **more}
    phone.write(phone.mutation("thing_photo", new_id(), "create", patch, supersedes=copy["mutation_id"]))
    assert [receipt.status for receipt in phone.send()] == ["parked" if wrong else "applied"]


@pytest.mark.parametrize("is_late", [False, True])
def test_a_leavers_photo_is_seen_by_whoever_sees_what_a_successor_adopted(
    shelf: Shelf, rep: tuple[Phone, str], successors: list[Phone], is_late: bool
) -> None:
    (phone, thing), (successor, colleague) = rep, successors
    if not is_late:
        send(shelf, phone, PHOTO)
    deliver(phone, thing)
    adopt(successor, thing)
    if is_late:
        assert refusal(lambda: fetch(shelf, successor, sha(PHOTO))) == ("blob_on_its_way", 404)
        send(shelf, phone, PHOTO)
    assert fetch(shelf, successor, sha(PHOTO)) == fetch(shelf, colleague, sha(PHOTO)) == PHOTO


@pytest.mark.parametrize("is_late", [False, True])
def test_what_parks_again_and_is_adopted_again_is_seen(
    world: World, shelf: Shelf, rep: tuple[Phone, str], successors: list[Phone], is_late: bool
) -> None:
    phone, thing = rep
    if not is_late:
        send(shelf, phone, PHOTO)
    deliver(phone, thing)
    adopt(successors[0], thing, wrong=True)
    again = world.phone(successors[0].person)
    adopt(again, thing)
    if is_late:
        send(shelf, phone, PHOTO)
    assert fetch(shelf, successors[1], sha(PHOTO)) == PHOTO


@pytest.mark.parametrize("first", ["adoption", "proof"])
def test_an_adoption_and_a_proof_of_one_moment_do_not_miss_each_other(
    shelf: Shelf, rep: tuple[Phone, str], successors: list[Phone], first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (phone, thing), (successor, colleague) = rep, successors
    deliver(phone, thing)
    acts = {"adoption": lambda: adopt(successor, thing), "proof": lambda: send(shelf, phone, PHOTO)}
    place, step = {"adoption": (log_writer, "append"), "proof": (uploads, "advance")}[first]
    [second] = acts.keys() - {first}
    last_step, others = getattr(place, step), list[Future[Any]]()

    def stepping(*given: Any, **options: Any) -> Any:
        """The first has looked around, and has yet to commit: now the second acts."""
        if not others:
            others.append(pool.submit(acts[second]))
            wait(others, timeout=1)
        return last_step(*given, **options)

    monkeypatch.setattr(place, step, stepping)
    with ThreadPoolExecutor(1) as pool:
        acts[first]()
    assert [other.exception() for other in others] == [None]
    assert fetch(shelf, successor, sha(PHOTO)) == fetch(shelf, colleague, sha(PHOTO)) == PHOTO


def test_who_adopts_a_photo_and_sends_it_at_the_same_moment_does_not_wait_for_themselves(
    shelf: Shelf, rep: tuple[Phone, str], successors: list[Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    (phone, thing), (successor, colleague) = rep, successors
    send(shelf, phone, PHOTO)
    deliver(phone, thing)
    pass_on, note, adoptions, others = adopting.pass_on, adopting.insert_new, list[Any](), list[Future[Any]]()

    def passing_on(*given: Any) -> None:
        adoptions.append(given)
        pass_on(*given)

    def noting(*given: Any) -> None:
        """The adoption has its turn: now the same person proves on their own."""
        if not others:
            others.append(pool.submit(lambda: send(shelf, successor, PHOTO)))
            wait(others, timeout=0.5)
        note(*given)

    monkeypatch.setattr(adopting, "pass_on", passing_on)
    monkeypatch.setattr(adopting, "insert_new", noting)
    with ThreadPoolExecutor(1) as pool:
        adopt(successor, thing)
    assert ([other.exception() for other in others], len(adoptions)) == ([None], 1)
    assert fetch(shelf, colleague, sha(PHOTO)) == PHOTO


def test_a_photo_that_was_here_already_is_proved_by_announcing_it_after_the_adoption(
    shelf: Shelf, rep: tuple[Phone, str], successors: list[Phone], colleague: Phone
) -> None:
    phone, thing = rep
    send(shelf, colleague, PHOTO)
    _, photo = show(colleague, sha(PHOTO))
    deliver(phone, thing)
    adopt(successors[0], thing)
    assert announce(shelf, phone, PHOTO).state == "complete"
    colleague.delete("thing_photo", photo)
    colleague.send()
    assert fetch(shelf, successors[1], sha(PHOTO)) == PHOTO


def test_a_name_that_its_author_only_learned_shows_nothing_by_being_adopted(
    shelf: Shelf, rep: tuple[Phone, str], successors: list[Phone], stranger: Phone
) -> None:
    phone, thing = rep
    send(shelf, stranger, PHOTO)
    show(stranger, sha(PHOTO))
    deliver(phone, thing)
    adopt(successors[0], thing)
    assert refusal(lambda: fetch(shelf, successors[0], sha(PHOTO))) == ("blob_on_its_way", 404)
    assert announce(shelf, successors[0], PHOTO).state == "uploading"
