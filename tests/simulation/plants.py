"""Plants bugs in the product, one at a time, and tells which seed and which check sees each.

`python -m tests.simulation.plants [--seeds n]` looks for all of them and prints the table; `--only words` looks
for some, `--story` prints the shortest story of each. What it finds is written into PLANTS, which the suite tries.
"""

import argparse
import itertools
import logging
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from server.operations import restore
from server.replication import arrival, change, conflicts, framing, parking, pull, push, release
from server.replication import chunks as kept
from server.replication.blobs import uploads
from server.replication.chunks import Chunks
from server.shared.log_lock import read_counters
from sync.core import deletion
from sync.core import patch as merging
from sync.core.state import RowState
from sync.wire.push import PushReply, Receipt
from sync.wire.version import VERSION
from tests.factories.databases import migrated
from tests.simulation import store, store_plants
from tests.simulation.device import Device
from tests.simulation.link import RefusedError
from tests.simulation.store_plants import goes_when_told, none_found, skips_what_was_cut
from tests.simulation.story import Failure, Story, advice, compose, failure_of, with_photos


@dataclass(frozen=True)
class Plant:
    """A bug: `name` of `target`, and of `second`, is replaced by what `make` makes of the original.

    `by` is the check that should see it, `seed` the first with which it does.
    """

    what: str
    target: Any
    name: str
    make: Callable[[Any], Any]
    seed: int
    by: str
    is_restored: bool = False
    has_photos: bool = False
    second: Any = None

    def story(self, seed: int) -> Story:
        """What a seed tells; some bugs need a restore, or photos."""
        story = compose(seed, is_restored=self.is_restored)
        return with_photos(story) if self.has_photos else story

    @contextmanager
    def planted(self) -> Generator[None]:
        """A context in which the product has this bug."""
        with ExitStack() as stack:
            for target in (self.target, self.second) if self.second else (self.target,):
                stack.enter_context(patch.object(target, self.name, self.make(getattr(target, self.name))))
            yield


def now_and_then(right: Any, wrong: Any, every: int) -> Any:
    """The right function, but the wrong one each so many calls."""
    calls = itertools.count(1)

    def call(*args: Any, **more: Any) -> Any:
        return (wrong if next(calls) % every == 0 else right)(*args, **more)

    return call


def late_commit(read: Any) -> Any:
    """The last change of a page was not committed when the page was read, and is never served."""
    return now_and_then(read, lambda session, scopes, after, end: read(session, scopes, after, end - 1), 5)


def counts_only(sort: Any) -> Any:
    """What is not above the counter is called known, whatever it says."""

    def sort_wrongly(device: Any, items: Sequence[Any], records: Any, **more: Any) -> Any:
        known = {record.seq: record for record in records if record.device == device.id}
        old = {item.seq: known[item.seq] for item in items if item.seq in known}
        found = sort(device, [item for item in items if item.seq not in old], records, **more)
        found.known |= old
        return found

    return sort_wrongly


def drops_pending(keep: Any) -> Any:
    """What left is gone for good: its unsent changes, too."""

    def keep_wrongly(device: Device, row: dict[str, Any], **more: Any) -> None:
        if row["op"] == "leave":
            device.outbox = [i for i in device.outbox if device.written[i[0]["id"]].pk != row["pk"]]
        keep(device, row, **more)

    return keep_wrongly


def half_a_page(read: Any) -> Any:
    """A page holds three rows of its span, and its cursor says that it held all."""
    return lambda *args: read(*args)[:3]


def any_end(_end: Any) -> Any:
    """A page ends at the third change, be it in the middle of a transaction."""

    def end_wrongly(session: Any, scopes: Any, after: int, _limit: int, head: int) -> int:
        return min(after + 3, head) if scopes else head

    return end_wrongly


def acknowledged_before_commit(attempt: Any) -> Any:
    """The answer is made, and then the transaction is rolled back."""

    def roll_back(place: Any, work: Any) -> Any:
        with place.snapshot() as session:
            done = work(session)
            session.rollback()
            return done

    return now_and_then(attempt, roll_back, 12)


def off_the_screen(_acknowledge: Any) -> Any:
    """What is acknowledged is not shown any more, though no page has brought it."""

    def acknowledge_wrongly(device: Device, receipt: Any) -> None:
        device.outbox = [item for item in device.outbox if item[0]["id"] != receipt.id]

    return acknowledge_wrongly


def falls_over(_park: Any) -> Any:
    """What cannot apply brings down the push that it came in."""

    def fall_over(*_args: Any) -> None:
        raise RuntimeError("poison")

    return fall_over


def last_upload_wins(_concurrent: Any) -> Any:
    """Who comes last overwrites what he has not seen."""
    return lambda work, group, names, _last, *, is_asked: merging._write(work, group, names)


def by_arrival(concurrent: Any) -> Any:
    """Of two unseen writes the one that arrives last wins, not the one that was written last."""

    def order_wrongly(work: Any, group: str, names: Any, last: Any, *, is_asked: bool) -> None:
        held, write = work.held(names), work.write
        if is_asked or held == work.own(names):
            concurrent(work, group, names, last, is_asked=is_asked)
            return
        merging._write(work, group, names)
        current = merging.current_of(write, work.own(names))
        work.clash("register", group, current, [merging.candidate_of(last, held, None)])

    return order_wrongly


def raised_from_the_dead(note: Any) -> Any:
    """A write to a deleted row brings it back."""

    def note_wrongly(work: Any, root: RowState | None) -> None:
        work.deleted = None
        note(work, root)

    return note_wrongly


def everything_visible(compare: Any) -> Any:
    """The log of what somebody may not see any more is served to them all the same."""

    def compare_wrongly(grants: Any, position: Any) -> Any:
        standing = compare(grants, position)
        return replace(standing, active=standing.active | {grant.scope for grant in grants})

    return compare_wrongly


def yesterdays_scope(add_rows: Any) -> Any:
    """A row that left is served with what it says today."""

    def add_wrongly(page: Any, rows: Any, visible: frozenset[str], pending: Any) -> None:
        served = list(rows)
        add_rows(page, served, visible | {row.scope for row in served}, pending)

    return add_wrongly


def forgets_losers(join: Any) -> Any:
    """Who joins a conflict takes the place of those who had lost before."""

    def join_wrongly(record: Any, event: Any, *rest: Any) -> Any:
        return join(record and {**record, "candidates": []}, event, *rest)

    return join_wrongly


def base_of_the_server(_text: Any) -> Any:
    """A text is taken as written over what the server holds, not over what its author saw."""

    def merge_wrongly(work: Any, name: str, value: str | None) -> None:
        work.put(name, value or None)
        work.mark(name)

    return merge_wrongly


def set_not_added(_counter: Any) -> Any:
    """A counter holds the last delta."""

    def count_wrongly(work: Any, name: str, value: Any) -> bool:
        work.fields[name] = value["add"]
        work.mark(name)
        return True

    return count_wrongly


def same_epoch(_raise: Any) -> Any:
    """No new epoch ever begins: a restored database gives revisions that were given before."""
    return lambda session, _floor: read_counters(session).epoch


def children_stay(_members: Any) -> Any:
    """A thing moves, and what belongs to it stays where it was."""
    return lambda _unit, _key, **_more: []


def named_too_early(_write: Any) -> Any:
    """A kept chunk gets its name before its bytes are on the disk."""

    def write_wrongly(chunks: Chunks, epoch: int, scope: str, start: Any, after: Any, packed: bytes) -> None:
        folder = chunks._download(epoch, scope, start)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "new").write_bytes(packed)
        (folder / "new").replace(folder / kept._name(after))

    return write_wrongly


def outbox_goes_too(sign_in: Any) -> Any:
    """Whoever has to sign in again begins with an empty outbox."""

    def sign_in_wrongly(device: Device, code: str | None) -> None:
        device.outbox = []
        sign_in(device, code)

    return sign_in_wrongly


def any_answer_counts(ask: Any) -> Any:
    """A refusal for now acknowledges all that was sent, as a 200 does."""

    def ask_wrongly(device: Device, body: bytes) -> PushReply:
        try:
            return ask(device, body)
        except RefusedError:
            items = framing.read_push(body, 0)[1]
            receipts = [Receipt(item.seq, item.id, "applied", 0) for item in items]
            return PushReply(VERSION, device.epoch, receipts, None, None, device.world.now, 0)

    return ask_wrongly


def nothing(_original: Any) -> Any:
    """It is not done at all."""
    return lambda *_args, **_more: None


def never(_original: Any) -> Any:
    """It is never so."""
    return lambda *_args: False


PLANTS = (
    Plant("a late commit is skipped", pull, "changed_rows", late_commit, 0, "check_mirror"),
    Plant("the counter alone makes a push idempotent", push.intake, "sort", counts_only, 0, "check_drained"),
    Plant("a leave is treated as a delete", Device, "keep", drops_pending, 46, "send_some"),
    Plant("a page is split and never completed", pull, "changed_rows", half_a_page, 0, "check_mirror"),
    Plant("a page ends within a transaction", pull, "page_end", any_end, 0, "check_whole"),
    Plant("acknowledged before the commit", push, "attempt", acknowledged_before_commit, 0, "send_some"),
    Plant("the overlay is dropped at the acknowledgement", Device, "acknowledge", off_the_screen, 1, "check_screen"),
    Plant("poison blocks the queue", parking, "park", falls_over, 0, "_answer"),
    Plant("the last upload wins", merging, "_concurrent", last_upload_wins, 0, "lost_values"),
    Plant("a tie is broken by arrival", merging, "_concurrent", by_arrival, 2, "wrong_winners"),
    Plant("a tombstone rises", deletion, "note", raised_from_the_dead, 0, "risen"),
    Plant("a delete hides what its author had not seen", deletion, "_unseen", nothing, 7, "unseen_deletes"),
    Plant("a revoked scope is served on", pull, "compare", everything_visible, 2, "_checked"),
    Plant("today's body goes to yesterday's scope", pull.Page, "add_rows", yesterdays_scope, 2, "_checked"),
    Plant("a text's base is the server's revision", merging, "_text", base_of_the_server, 16, "lost_parts"),
    Plant("a counter is set, not added to", merging, "_counter", set_not_added, 4, "wrong_counts"),
    Plant("a conflict forgets its earlier losers", conflicts, "open_or_join", forgets_losers, 16, "lost_values"),
    Plant("what parks is shown to nobody", parking, "put_plain", nothing, 0, "unseen_parked"),
    Plant("a thing moves without its children", change.Unit, "members", children_stay, 2, "stranded"),
    Plant("a kept chunk gets its name before its bytes", Chunks, "_write", named_too_early, 3, "_answer"),
    Plant("a lost session takes the outbox along", Device, "sign_in_again", outbox_goes_too, 0, "check_kept"),
    Plant("a refusal for now acknowledges", Device, "ask_push", any_answer_counts, 0, "send_some"),
    Plant("a chunk that was cut counts as fetched", Device, "_fetched", skips_what_was_cut, 5, "check_mirror"),
    Plant("an outage parks what is right", push, "is_outage", never, 26, "parked_for_nothing"),
    Plant(
        "the journal has it later than the outbox lost it", Device, "_keep", store_plants.journal_apart, 2, "check_kept"
    ),
    Plant(
        "receipts come apart from their rows",
        Device,
        "take_page_receipts",
        store_plants.receipts_apart,
        2,
        "check_kept",
    ),
    Plant(
        "a write is told before it is on the disk", store.Store, "end", store_plants.told_too_early, 2, "never_arrived"
    ),
    Plant("a tab overtaken applies its page", Device, "is_still_at", store_plants.whoever_comes, 0, "apply"),
    Plant("the cursor is kept apart from its rows", store, "KEPT", store_plants.cursor_apart, 2, "check_mirror"),
    Plant("what was unknown is never retried", release, "replay", store_plants.never_tried_again, 2, "left_unread"),
    Plant(
        "an ended epoch's answer is believed", Device, "is_believed", store_plants.believes_all, 1, "send_some", True
    ),
    Plant(
        "what came before the first page is lost",
        Device,
        "take_receipts",
        store_plants.knows_no_epoch,
        3,
        "send_some",
        True,
    ),
    Plant("a restore uses revisions again", restore, "raise_epoch", same_epoch, 0, "send_some", True, second=arrival),
    Plant("a photo is shown to nobody else", uploads, "prove", nothing, 0, "check_photos", has_photos=True),
    Plant(
        "a photo goes with its acknowledgement",
        Device,
        "let_files_go",
        goes_when_told,
        4,
        "check_photos",
        True,
        True,
    ),
    Plant("a restore brings back what was erased", restore, "erase_again", none_found, 0, "check_photos", True, True),
)


def told_with(plant: Plant, seed: int, template: Path, folder: Path) -> Failure | None:
    """What a seed finds when the bug is in; None if it passes by."""
    with plant.planted():
        return failure_of(plant.story(seed), template, folder)


def hunt(plant: Plant, seeds: int, template: Path, folder: Path) -> tuple[int, Failure] | None:
    """Tell one seed after another until the check that should see the bug does, or any for a new one."""
    for seed in range(seeds):
        failure = told_with(plant, seed, template, folder)
        if failure and plant.by in ("", failure.by):
            return seed, failure
    return None


def main() -> int:
    """Hunt for the plants; returns how many escaped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--only", default="", help="words in a plant's name")
    parser.add_argument("--story", action="store_true", help="print the shortest story, too")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the product complains of its planted bugs, as it should
    escaped = 0
    with tempfile.TemporaryDirectory() as name:
        template, folder = Path(name) / "template.db", Path(name) / "told"
        migrated(f"sqlite:///{template}")
        for plant in (plant for plant in PLANTS if options.only in plant.what):
            found = hunt(plant, options.seeds, template, folder)
            escaped += not found
            print(f"| {plant.what} | {f'{found[0]} | {found[1].by}' if found else 'escaped | -'} |", flush=True)
            if found and options.story:
                with plant.planted():
                    print(advice(plant.story(found[0]), template, folder), flush=True)
    return escaped


if __name__ == "__main__":
    raise SystemExit(main())
