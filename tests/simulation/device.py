"""A device on a bad link: it writes offline with the real core, and talks HTTP to the real server."""

import copy
import json
import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby, takewhile
from typing import Any

import msgspec

from server.replication.log_reader import is_between
from server.shared.scope import granted_scopes
from sync.core import clock
from sync.core.mutation import Mutation
from sync.wire.pull import PullRequest
from sync.wire.push import Parent, PushReply, Receipt
from sync.wire.snapshot import SnapshotRequest
from sync.wire.verify import VerifyReply, VerifyRequest
from tests.contract.world import Journaled, Page, new_id, read_page
from tests.simulation.link import Link, RefusedError, error_in, read
from tests.simulation.screen import Key, Screen, Sent
from tests.simulation.server import LostError
from tests.simulation.store import Store
from tests.simulation.tabs import Tabs

SHARED = ("world", "dice", "tally")
"""What two copies of a profile have in common."""
OWN = ("store", "tabs")
"""What each of them begins anew."""

PUSH_REPLY = msgspec.json.Decoder(PushReply)
VERIFY_REPLY = msgspec.json.Decoder(VerifyReply)


def whole(data: bytes) -> bytes:
    """A page or a chunk with its end; raises ValueError or IndexError where it was cut."""
    read_page(data.split(b"\n")[:-1])
    return data


def brought(page: Page) -> set[Key]:
    """The rows that a page or a chunk holds as they are."""
    return {(row["entity"], row["pk"]) for row in page.rows if row["op"] == "upsert"}


@dataclass
class Device(Screen):
    """A phone with a clock of its own, an overlay, and whatever the dice do to its link.

    `mine` are the ids of all that this device ever wrote, what it shares with a clone among them; `txns` and `rows` are
    how many the dice may let a push send, and a pull ask for. `files` are the photos that it keeps, `told` at which
    log position the server had each.
    """

    link: Link | None = None
    txns: Sequence[int] = range(1, 9)
    rows: Sequence[int] = (1, 3, 50)
    dice: random.Random = field(default_factory=random.Random)
    mine: list[str] = field(default_factory=list[str])
    partial: dict[str, str] = field(default_factory=dict[str, str])
    pulled: int = 0
    void: tuple[int, int] | None = None
    tally: Counter[str] = field(default_factory=Counter[str])
    let_go: set[str] = field(default_factory=set[str])
    heard: int = 0
    refused: set[str] = field(default_factory=set[str])
    internal: set[str] = field(default_factory=set[str])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    told: dict[str, int] = field(default_factory=dict[str, int])
    store: Store = field(default_factory=Store)
    tabs: Tabs = field(default_factory=Tabs)

    def __post_init__(self) -> None:
        self.store.commit(self)

    def restart(self) -> None:
        """The app begins again, with what its store holds (SPEC 2.2: a session of its own)."""
        self.void = None
        self.lives += 1
        self.check_kept()

    def held_ids(self) -> set[str]:
        """What this device could still send."""
        return {e["id"] for e, _ in self.outbox} | {one.envelope["id"] for one in (*self.sent, *self.journal)}

    def check_kept(self) -> None:
        """Whatever was committed: no own write has dropped out, and none is shown on top of what it became."""
        assert set(self.mine) <= self.held_ids() | self.let_go
        if not self.pending and self.heard <= self.epoch:
            assert all(one.log_seq > self.pulled for one in self.sent if one.envelope["id"] not in self.refused)

    def write(self, *mutations: Mutation) -> list[str]:
        """Enqueue one txn: its entries and their numbering are one transaction (SPEC 15.1)."""
        with self.store.transaction(self):
            for mutation in mutations:
                self.written[mutation.id] = mutation
                self.mine.append(mutation.id)
            return super().write(*mutations)

    def clone(self) -> "Device":
        """The same profile on another machine, its session too: nobody knows of it yet."""
        mine = {name: value for name, value in vars(self).items() if name not in OWN}
        parts = {name: value if name in SHARED else copy.copy(value) for name, value in mine.items()}
        return Device(**parts)

    # Sync, one request at a time

    def send_some(self) -> None:
        """Push some txns; what happens to the request and to its answer is up to the dice."""
        over = self.over[self.outbox[0][0]["id"]] if self.outbox else None
        alike = takewhile(lambda item: self.over[item[0]["id"]] == over, self.outbox)
        groups = [list(group) for _, group in groupby(alike, key=lambda item: item[0]["txn"])]
        items = [(self._with_skew(e), line) for group in groups[: self.dice.choice(self.txns)] for e, line in group]
        if not items:
            return
        sent = self._garbled(items)
        acked = items[0][0]["seq"] - 1
        body = self.body(sent, acked_through=acked, now=self.world.now + self.offset, void=self.void)
        try:
            reply = self.ask_push(body)
        except RefusedError as refusal:
            self.take_refusal(refusal)
            raise
        is_gap = not reply.fork and (reply.expected_seq or items[0][0]["seq"]) < items[0][0]["seq"]
        assert not is_gap or reply.epoch != self.epoch or not self._holds_before(items[0][0]["seq"]), (
            "what was acknowledged is gone, and nothing was restored"
        )
        assert is_gap or reply.fork or reply.expected_seq is None or sent != items, (
            "nothing was lost, yet the server misses something"
        )
        device = self.id
        self.tabs.take(lambda: self.take_reply(device, reply, reply.expected_seq if is_gap else None))

    def _holds_before(self, seq: int) -> bool:
        """Whether something acknowledged is here that could fill a gap; what a backup held has been let go of."""
        return any(one.envelope["seq"] < seq for one in (*self.sent, *self.journal))

    def take_reply(self, device: str, reply: PushReply, expected: int | None) -> None:
        """Take in what the server said to a push that was sent as `device`: up to three transactions."""
        shown = {key: self.view(*key) for key in self._rows_of(reply.receipts)}
        self.take_receipts(device, reply)
        self.check_screen(shown)
        if reply.fork and self.id == device:
            self.fork(reply.fork.last_equal_seq)
        self.void = self._fill(expected) if expected is not None else None

    def _rows_of(self, receipts: list[Receipt]) -> set[tuple[str, str]]:
        """The rows that they are about, as far as this device wrote them."""
        written = [self.written[receipt.id] for receipt in receipts if receipt.id in self.written]
        return {(mutation.entity, mutation.pk) for mutation in written}

    def take_refusal(self, refusal: RefusedError) -> None:
        """Keep what was committed before; a refusal tells no epoch, so that no page counts as having brought it yet."""
        with self.store.transaction(self):
            for receipt in refusal.receipts if self.epoch else []:
                self.acknowledge(Receipt(**receipt))
                self.refused = self.refused | {receipt["id"]}

    def take_receipts(self, device: str, reply: PushReply) -> None:
        """Keep what an answer says of each mutation and of the time, in one transaction."""
        with self.store.transaction(self):
            for receipt in reply.receipts if device == self.id and self.is_believed(reply) else []:
                self.acknowledge(receipt)
            self.heard = max(self.heard, reply.epoch)
            self.epoch = self.epoch or reply.epoch
            if reply.epoch == self.epoch:
                self.settle()
            self.watch = clock.contacted(self.watch, self.reading(), reply.server_time)
            if reply.receipts and not reply.fork and device == self.id:
                self.parent = None

    def is_believed(self, reply: PushReply) -> bool:
        """What a server had in an epoch that has ended it may have lost since (SPEC 8.9)."""
        return reply.epoch >= self.epoch

    def _fill(self, expected: int) -> tuple[int, int] | None:
        """A restored server misses some: from the journal, and void what that has let go of."""
        with self.store.transaction(self):
            self.send_again()
        first = self.outbox[0][0]["seq"] if self.outbox else expected
        return (expected, first - 1) if first > expected else None

    def _garbled(self, items: list[tuple[dict[str, Any], bytes]]) -> list[tuple[dict[str, Any], bytes]]:
        """Now and then a line arrives altered: it must not be taken for what was written."""
        if not self.link or self.dice.random() >= self.link.faults:
            return items
        at = self.dice.randrange(len(items))
        self.tally["lines altered"] += 1
        return [
            (e, line.replace(b'"patch":{', b'"patch": {') if i == at else line) for i, (e, line) in enumerate(items)
        ]

    def _with_skew(self, envelope: dict[str, Any]) -> dict[str, Any]:
        return envelope | {"skew": clock.skew_of(self.watch, self.written[envelope["id"]].hlc)}

    def acknowledge(self, receipt: Receipt) -> None:
        """Keep a mutation on the screen until a page brings its effect (R12)."""
        assert receipt.log_seq is not None
        if receipt.code == "internal":
            self.internal.add(receipt.id)
        found = [item for item in self.outbox if item[0]["id"] == receipt.id]
        self.outbox = [item for item in self.outbox if item not in found]
        self.sent += [Sent(e, line, self.written[e["id"]], receipt.log_seq, receipt.code) for e, line in found]

    def check_screen(self, shown: Mapping[tuple[str, str], Any]) -> None:
        """An acknowledgement takes nothing off the screen: only a page that brings it may (I11)."""
        if not self.pending:
            assert all(self.view(*key) == row or self._is_back(key) for key, row in shown.items())

    def _is_back(self, key: tuple[str, str]) -> bool:
        """Whether a page has brought back an own write of a row, which may show other values by then."""
        return any(self.written[one.envelope["id"]].pk == key[1] and one.log_seq <= self.pulled for one in self.journal)

    def settle(self, brought: Collection[Key] = ()) -> None:
        """Take what a page has brought back off the screen; while a scope is on its way in, only of rows it brought."""
        if self.pending:
            self.settle_brought(self.pulled, brought)
            return
        self.refused = set()
        self._keep([one for one in self.sent if one.log_seq <= self.pulled])

    def settle_brought(self, seq: int, brought: Collection[Key]) -> None:
        """Take the writes of rows that came as they were at `seq` off the screen (11.6)."""
        back = [one for one in self.sent if one.key in brought and not one.code and one.log_seq <= seq]
        self._keep([one for one in back if one.key in self.mirror])

    def send_again(self) -> None:
        """All that is still here goes back, also what no page has brought back."""
        self._keep(self.sent)
        super().send_again()

    def _keep(self, done: list[Sent]) -> None:
        self.sent = [one for one in self.sent if one not in done]
        self.journal = [*self.journal, *(Journaled(one.envelope, one.line, one.log_seq) for one in done)]

    def fork(self, last_equal_seq: int | None) -> None:
        """Become a new device that sends everything it still holds again (SPEC 8.6), in one transaction."""
        with self.store.transaction(self):
            self._renumber(last_equal_seq)

    def _renumber(self, last_equal_seq: int | None) -> None:
        self.send_again()
        waiting = self.outbox
        through = sum(1 for envelope, _ in waiting if envelope["seq"] <= self.enqueued_through)
        self.parent = Parent(self.id, self.acked if last_equal_seq is None else last_equal_seq)
        self.id, self.sent, self.outbox, self.void = new_id(), [], [], None
        self.seq, self.prev, self.acked, self.enqueued_through = 0, None, 0, through
        for envelope, line in waiting:
            self.enqueue(envelope["id"], line, envelope["txn"])

    def step(self) -> bool:
        """One request of a pull: a chunk of what is on its way in, or a page. True when level."""
        scope = self.pending[0] if self.pending else None
        if scope and scope not in self.joins:
            self._chunk(scope)
            return False
        self.acked = self.outbox[0][0]["seq"] - 1 if self.outbox else self.seq
        over = self.cursor
        page = self.page(self.dice.choice(self.rows), self.joins.get(scope) if scope else None)
        self.tabs.take(lambda: self.take_page(page, over, scope))
        return page.end["caught_up"] and not self.pending

    def take_page(self, page: Page, over: str | None, scope: str | None = None) -> None:
        """Apply a page that was asked for over a cursor, all of it or nothing, unless another tab was faster."""
        if not self.is_still_at(over):
            return
        with self.store.transaction(self):
            for gone in [*page.header["drops"], *(list(self.partial) if page.header["reset"] else [])]:
                self.partial.pop(gone, None)
            self.apply(page)
            if scope and not (page.end["joined"] or page.end["join"]):
                self.joins.pop(scope, None)

    def is_still_at(self, cursor: str | None) -> bool:
        """Compare before set: the mirror is the one that a page was asked for."""
        return self.cursor == cursor

    def apply(self, page: Page) -> None:
        """Take a page in with its receipts, and settle."""
        journaled = {one.envelope["id"] for one in self.journal}
        is_new_epoch = self.epoch not in (0, page.header["epoch"])
        super().apply(page)
        if is_new_epoch:
            self.epoch_gen = self.generation
            self.older |= {envelope["id"] for envelope, _ in self.outbox}
        self.let_go |= journaled - self.held_ids()
        self.told = {} if is_new_epoch else self.told
        self.let_files_go(page.end["durable_seq"])
        self.pulled = page.end["seq"]
        self.check_whole()
        self.take_page_receipts(page)

    def let_files_go(self, durable: int) -> None:
        """Keep each file until the server has it and a backup, too (SPEC 18.8)."""
        self.files = {sha: data for sha, data in self.files.items() if self.told.get(sha, durable) >= durable}

    def take_page_receipts(self, page: Page) -> None:
        """What a page says of this device's mutations; those that it brings back go off the screen with it."""
        for line in page.receipts:
            self.acknowledge(Receipt(**{k: v for k, v in line.items() if k != "op"}))
        self.settle(brought(page))

    def check_whole(self) -> None:
        """A page ends where a transaction ends: nobody sees a half of one (I10)."""
        with self.world.place.snapshot() as session:
            assert is_between(session, self.pulled)

    def _chunk(self, scope: str) -> None:
        token = self.partial.get(scope)
        chunk = self._fetched(SnapshotRequest(scope, token))
        if chunk is None or chunk.header["epoch"] != self.epoch:  # the next page says what is so now
            self.partial.pop(scope, None)
            over = self.cursor
            self.take_page(self.page(50), over)
            return
        self.tabs.take(lambda: self.take_chunk(scope, token, chunk))

    def _fetched(self, asked: SnapshotRequest) -> Page | None:
        try:
            return read_page(self.ask_snapshot(asked).split(b"\n")[:-1])
        except PermissionError:
            return None

    def take_chunk(self, scope: str, token: str | None, chunk: Page) -> None:
        """Apply a chunk with its token in one transaction, if its scope still waits for just this one."""
        is_wanted = scope in self.pending and scope not in self.joins and self.partial.get(scope) == token
        if not is_wanted or chunk.header["epoch"] != self.epoch:
            return
        with self.store.transaction(self):
            for row in chunk.rows:
                self.keep(row, is_chunk=True)
            self.settle_brought(chunk.header["seq"], brought(chunk))
            self.partial.pop(scope, None)
            held = self.joins if chunk.end["done"] else self.partial
            held[scope] = chunk.end["token"]

    # Asking

    def ask_push(self, body: bytes) -> PushReply:
        """Send; what travelled before may come once more, later than all the rest."""
        assert self.link
        self.link.repeat_old(body)
        return read(self._ask("push", body), PUSH_REPLY.decode)

    def ask_pull(self, asked: PullRequest) -> bytes:
        """Fetch a page; nothing in it may be out of scope."""
        return self._checked(self._ask("pull", json.dumps(asdict(asked)).encode()))

    def ask_snapshot(self, asked: SnapshotRequest) -> bytes:
        """Fetch a chunk; nothing in it may be out of scope."""
        query = {"scope": asked.scope} | ({"token": asked.token} if asked.token else {})
        answer = self._ask("snapshot", None, query)
        if answer[0] in (403, 409):  # revoked, or of a timeline that a restore ended
            raise PermissionError(asked.scope)
        return self._checked(answer)

    def ask_verify(self, asked: VerifyRequest) -> VerifyReply:
        """Ask for verdicts."""
        return read(self._ask("verify", json.dumps(asdict(asked)).encode()), VERIFY_REPLY.decode)

    def ask_blob(self, door: str, body: bytes | None, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Announce a photo, send a piece of it, or fetch it."""
        return self._ask(door, body, headers=headers)

    def _ask(
        self,
        door: str,
        body: bytes | None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        assert self.link
        status, data = self.link.travel(door, body, query, headers)
        if status == 401:
            self.sign_in_again(error_in(data).get("code"))
            raise LostError
        return status, data

    def sign_in_again(self, code: str | None) -> None:
        """Its session is over; where access was ended, the mirror goes with it, and nothing else (SPEC 15.7)."""
        if code == "device_revoked":
            with self.store.transaction(self):
                self.mirror, self.markers, self.cursor = {}, {}, None
                self.pulled = self.enqueued_through = 0
                self.pending, self.joins, self.partial = [], {}, {}
        assert self.link
        self.link.sign_in()
        self.tally["sessions lost"] += 1

    def _checked(self, answer: tuple[int, bytes]) -> bytes:
        """Whatever the moment, only rows of scopes that this person is granted are served (promise 2)."""
        data = read(answer, whole)
        with self.world.place.snapshot() as session:
            granted = granted_scopes(session, self.person)
        for line in data.split(b"\n"):
            if line.startswith(b'{"op":"upsert"'):
                assert json.loads(line)["scope"] in granted, line
        return data
