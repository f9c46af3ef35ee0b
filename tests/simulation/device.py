"""A device on a bad link: it writes offline with the real core, and talks HTTP to the real server."""

import copy
import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby, takewhile
from typing import Any

import msgspec

from server.replication.log_reader import is_between
from server.shared.scope import granted_scopes
from sync.core import clock
from sync.core.mutation import Mutation
from sync.core.overlay import overlay
from sync.core.policy import GROUPABLE
from sync.wire.pull import PullRequest
from sync.wire.push import Parent, PushReply, Receipt
from sync.wire.snapshot import SnapshotRequest
from sync.wire.verify import VerifyReply, VerifyRequest
from tests.contract import things
from tests.contract.world import Journaled, Page, Phone, new_id, read_page
from tests.simulation.link import Link, RefusedError, error_in, read
from tests.simulation.server import LostError

SPECS = {entity.spec.name: entity.spec for entity in things.make_registry()}

SHARED = ("world", "dice", "tally")
"""What two copies of a profile have in common."""

PUSH_REPLY = msgspec.json.Decoder(PushReply)
VERIFY_REPLY = msgspec.json.Decoder(VerifyReply)

NOTHING_SEEN = ((0, 0), (2**53, 0))
"""Below and above every revision."""


def seen_by(entity: str, seen: Mapping[str, Any], patch: Mapping[str, Any]) -> tuple[int, int] | None:
    """The row's revision, or less where an own write covers what is overwritten."""
    fields = SPECS[entity].by_name if entity in SPECS else {}
    values = [n for n in patch if n in fields and fields[n].policy in GROUPABLE]
    least = min([seen["own"][n] for n in values if n in seen.get("own", {})], default=NOTHING_SEEN[1])
    least = min(least, seen["seen_rev"] or NOTHING_SEEN[0])
    return None if least == NOTHING_SEEN[0] else least


def whole(data: bytes) -> bytes:
    """A page or a chunk with its end; raises ValueError or IndexError where it was cut."""
    read_page(data.split(b"\n")[:-1])
    return data


@dataclass
class Sent:
    """An acknowledged mutation that no applied page has brought back yet."""

    envelope: dict[str, Any]
    line: bytes
    mutation: Mutation
    log_seq: int


@dataclass
class Device(Phone):
    """A phone with a clock of its own, an overlay, and whatever the dice do to its link.

    `mine` are the ids of all that this device ever wrote, what it shares with a clone among them.
    """

    link: Link | None = None
    dice: random.Random = field(default_factory=random.Random)
    offset: int = 0
    watch: clock.ClockState = field(default_factory=clock.ClockState)
    sent: list[Sent] = field(default_factory=list[Sent])
    mine: list[str] = field(default_factory=list[str])
    written: dict[str, Mutation] = field(default_factory=dict[str, Mutation])
    partial: dict[str, str] = field(default_factory=dict[str, str])
    pulled: int = 0
    void: tuple[int, int] | None = None
    tally: Counter[str] = field(default_factory=Counter[str])

    # The person's side

    def view(self, entity: str, pk: str) -> dict[str, Any] | None:
        """A row as the screen shows it: the mirror under everything not yet brought back."""
        spec = SPECS.get(entity)
        return overlay(spec, self.see(entity, pk), self.waiting(entity, pk))[0] if spec else self.see(entity, pk)

    def waiting(self, entity: str, pk: str) -> list[Mutation]:
        """Own writes of a row that no page has brought back yet."""
        every = [s.mutation for s in self.sent] + [self.written[e["id"]] for e, _ in self.outbox]
        return [mutation for mutation in every if (mutation.entity, mutation.pk) == (entity, pk)]

    def shown(self, entity: str) -> list[str]:
        """The pks of every row of a kind on the screen."""
        waiting = [s.mutation for s in self.sent] + [self.written[e["id"]] for e, _ in self.outbox]
        pks = {pk for kind, pk in self.mirror if kind == entity} | {m.pk for m in waiting if m.entity == entity}
        return sorted(pk for pk in pks if self.view(entity, pk) is not None)

    def begin(self, entity: str, pk: str) -> dict[str, Any]:
        """What editing begins with (R7); `own` is what the own writes shown on top had seen (SPEC 3.2)."""
        held = self.mirror.get((entity, pk))
        own: dict[str, tuple[int, int]] = {}
        for mutation in self.waiting(entity, pk):
            for name in mutation.patch:
                own[name] = min(own.get(name, NOTHING_SEEN[1]), mutation.seen_rev or NOTHING_SEEN[0])
        root = self._root_of(entity, pk)
        aggs = [row.agg for key, row in self.mirror.items() if self._root_of(*key) == root]
        return {
            "seen_rev": held.held.rev if held else None,
            "base": self.view(entity, pk) or {},
            "agg": max(aggs or [0]),
            "own": own,
        }

    def compose(self, entity: str, pk: str, op: str, patch: Mapping[str, Any], **more: Any) -> Mutation:
        """A mutation stamped by this device's clock, over what `seen` (of `begin`) says was seen."""
        seen = more.pop("seen", None) or self.begin(entity, pk)
        base = {n: v for n in patch if (v := seen["base"].get(n)) is not None} if op in ("patch", "revise") else {}
        self.watch = clock.stamped(self.watch, self.reading())
        values: dict[str, Any] = {
            "id": new_id(),
            "seen_rev": None if op == "create" else seen_by(entity, seen, patch),
            "base": base,
            "hlc": self.watch.last,
            "schema": 1,
            "seen_agg": seen["agg"] if op == "delete" else None,
        }
        return Mutation(entity=entity, pk=pk, op=op, patch=dict(patch), **(values | more))

    def write(self, *mutations: Mutation) -> list[str]:
        """Enqueue one txn."""
        for mutation in mutations:
            self.written[mutation.id] = mutation
            self.mine.append(mutation.id)
        return super().write(*mutations)

    def clone(self) -> "Device":
        """The same profile on another machine, its session too: nobody knows of it yet."""
        parts = {name: value if name in SHARED else copy.copy(value) for name, value in vars(self).items()}
        return Device(**parts)

    def reading(self) -> clock.Reading:
        """Both clocks; the wall one may be wrong, and may be set."""
        return clock.Reading(self.world.now + self.offset, self.world.now, "one")

    def _root_of(self, entity: str, pk: str) -> str:
        return pk if entity == "thing" else str((self.see(entity, pk) or {}).get("thing_id"))

    # Sync, one request at a time

    def send_some(self) -> None:
        """Push some txns; what happens to the request and to its answer is up to the dice."""
        over = self.over[self.outbox[0][0]["id"]] if self.outbox else None
        alike = takewhile(lambda item: self.over[item[0]["id"]] == over, self.outbox)
        groups = [list(group) for _, group in groupby(alike, key=lambda item: item[0]["txn"])]
        items = [(self._with_skew(e), line) for group in groups[: self.dice.randint(1, 8)] for e, line in group]
        if not items:
            return
        sent = self._garbled(items)
        acked = items[0][0]["seq"] - 1
        body = self.body(sent, acked_through=acked, now=self.world.now + self.offset, void=self.void)
        try:
            reply = self.ask_push(body)
        except RefusedError as refusal:
            for receipt in refusal.receipts:  # of what was committed before
                self.acknowledge(Receipt(**receipt))
            raise
        self.acked = items[0][0]["seq"] - 1
        rows = {(m.entity, m.pk) for m in (self.written[e["id"]] for e, _ in items)}
        shown = {key: self.view(*key) for key in rows}
        for receipt in reply.receipts:
            self.acknowledge(receipt)
        self.check_screen(shown)
        self.watch = clock.contacted(self.watch, self.reading(), reply.server_time)
        if reply.fork:
            self.fork(reply.fork.last_equal_seq)
        elif reply.receipts:
            self.parent = None
        is_restored = not reply.fork and (reply.expected_seq or items[0][0]["seq"]) < items[0][0]["seq"]
        assert not is_restored or reply.epoch != self.epoch or not self._holds_before(items[0][0]["seq"]), (
            "what was acknowledged is gone, and nothing was restored"
        )
        self.void = self._fill(reply.expected_seq or 0) if is_restored else None
        assert is_restored or reply.fork or reply.expected_seq is None or sent != items, (
            "nothing was lost, yet the server misses something"
        )

    def _holds_before(self, seq: int) -> bool:
        """Whether something acknowledged is here that could fill a gap; what a backup held has been let go of."""
        return any(one.envelope["seq"] < seq for one in (*self.sent, *self.journal))

    def _fill(self, expected: int) -> tuple[int, int] | None:
        """A restored server misses some: from the journal, and void what that has let go of."""
        self.send_again()
        first = self.outbox[0][0]["seq"]
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
        found = [item for item in self.outbox if item[0]["id"] == receipt.id]
        self.outbox = [item for item in self.outbox if item not in found]
        self.sent += [Sent(e, line, self.written[e["id"]], receipt.log_seq) for e, line in found]
        self.settle()

    def check_screen(self, shown: Mapping[tuple[str, str], Any]) -> None:
        """An acknowledgement takes nothing off the screen: only a page that brings it may (I11)."""
        if not self.pending:
            assert all(self.view(*key) == row or self._is_back(key) for key, row in shown.items())

    def _is_back(self, key: tuple[str, str]) -> bool:
        """Whether a page has brought back an own write of a row, which may show other values by then."""
        return any(self.written[one.envelope["id"]].pk == key[1] and one.log_seq <= self.pulled for one in self.journal)

    def settle(self) -> None:
        """Take what a page has brought back off the screen; not while a scope is on its way in."""
        if not self.pending:
            self._keep([one for one in self.sent if one.log_seq <= self.pulled])

    def send_again(self) -> None:
        """All that is still here goes back, also what no page has brought back."""
        self._keep(self.sent)
        super().send_again()

    def _keep(self, done: list[Sent]) -> None:
        self.sent = [one for one in self.sent if one not in done]
        self.journal = [*self.journal, *(Journaled(one.envelope, one.line, one.log_seq) for one in done)]

    def fork(self, last_equal_seq: int | None) -> None:
        """Become a new device that sends everything it still holds again (SPEC 8.6)."""
        shared = (
            (self.outbox[0][0]["seq"] - 1 if self.outbox else self.seq) if last_equal_seq is None else last_equal_seq
        )
        self.send_again()
        waiting = self.outbox
        through = sum(1 for envelope, _ in waiting if envelope["seq"] <= self.enqueued_through)
        self.parent = Parent(self.id, shared)
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
        page = self.page(self.dice.choice([1, 3, 50]), self.joins.get(scope) if scope else None)
        for gone in [*page.header["drops"], *(list(self.partial) if page.header["reset"] else [])]:
            self.partial.pop(gone, None)
        self.apply(page)
        if scope and not (page.end["joined"] or page.end["join"]):
            self.joins.pop(scope, None)
        return page.end["caught_up"] and not self.pending

    def apply(self, page: Page) -> None:
        """Take a page in with its receipts, and settle."""
        super().apply(page)
        self.pulled = page.end["seq"]
        self.check_whole()
        for line in page.receipts:
            self.acknowledge(Receipt(**{k: v for k, v in line.items() if k != "op"}))
        self.settle()

    def check_whole(self) -> None:
        """A page ends where a transaction ends: nobody sees a half of one (I10)."""
        with self.world.place.snapshot() as session:
            assert is_between(session, self.pulled)

    def _chunk(self, scope: str) -> None:
        token = self.partial.get(scope)
        try:
            token, is_done = self.chunk(scope, token)
        except PermissionError:  # the next page says what is so now
            self.partial.pop(scope, None)
            self.apply(self.page(50))
            return
        if is_done:
            self.partial.pop(scope, None)
            self.joins[scope] = token
        else:
            self.partial[scope] = token

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

    def _ask(self, door: str, body: bytes | None, query: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        assert self.link
        status, data = self.link.travel(door, body, query)
        if status == 401:
            self.sign_in_again(error_in(data).get("code"))
            raise LostError
        return status, data

    def sign_in_again(self, code: str | None) -> None:
        """Its session is over; where access was ended, the mirror goes with it, and nothing else (SPEC 15.7)."""
        if code == "device_revoked":
            self.mirror, self.markers, self.cursor = {}, {}, None
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
