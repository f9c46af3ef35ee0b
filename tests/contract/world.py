"""A server without HTTP, and phones that talk to it as SPEC.md says a client does."""

import itertools
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication import framing
from server.replication.chunks import Chunks
from server.replication.entities import with_system_entities
from server.replication.place import Place
from server.replication.pull import pull
from server.replication.push import push
from server.replication.server_writer import ServerWriter
from server.replication.snapshot import snapshot
from server.replication.verify import verify
from server.shared.actor import OPERATOR, Actor, Role
from server.shared.db import writing
from server.shared.scope import own_scopes, set_grants, territory_scope
from server.shared.writer import Change, Written
from sync.core import digest
from sync.core.cursor import Held, later_marker, takes_removal, takes_upsert
from sync.core.ids import uuid7
from sync.core.mutation import Mutation, encode
from sync.wire.pull import PullRequest
from sync.wire.push import Parent, PushHeader, PushReply, Receipt
from sync.wire.snapshot import SnapshotRequest
from sync.wire.verify import ScopeSum, VerifyReply, VerifyRequest
from tests.contract import things

KEY = bytes(range(32))
numbers = itertools.count(1)


def new_id() -> str:
    """A fresh id, in order."""
    return uuid7(next(numbers), os.urandom(10))


@dataclass
class World:
    """One server: its place, its clock, its operator."""

    engine: Engine
    chunks: Chunks | None = None
    now: int = 1_800_000_000_000

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Serve, with nothing in memory."""
        self.place = Place(self.engine, with_system_entities(things.make_registry()), KEY, self.tick, self.chunks)
        self.writer = ServerWriter(self.place)

    def tick(self) -> int:
        """The server's clock: a millisecond later at each look."""
        self.now += 1
        return self.now

    def person(self, *territories: str) -> str:
        """Somebody who may see these territories; their things are born in the first."""
        person = new_id()
        if territories:
            things.HOMES[person] = territories[0]
        self.grant(person, *territories)
        return person

    def grant(self, person: str, *territories: str, more: Iterable[str] = ()) -> None:
        """Let a person see exactly these territories."""
        scopes = {territory_scope(t) for t in territories} | own_scopes(person) | set(more)
        with Session(self.engine) as session, writing(session):
            set_grants(session, {person: scopes}, self.now)

    def strip(self, person: str) -> None:
        """Let a person see nothing any more, as one who left."""
        with Session(self.engine) as session, writing(session):
            set_grants(session, {person: ()}, self.now)

    def phone(self, person: str) -> "Phone":
        """A new device of a person."""
        return Phone(self, person)

    def submit(self, *changes: Change, **options: Any) -> list[Written]:
        """The server writes."""
        return self.writer.submit(OPERATOR, changes, **options)

    def row(self, entity: str, pk: str) -> dict[str, Any] | None:
        """A row's fields on the server."""
        seen = self.writer.read(entity, [pk]).get(pk)
        return dict(seen.fields) if seen else None

    def patch(self, entity: str, pk: str, **patch: Any) -> Written:
        """The server patches a row as it stands."""
        seen = self.writer.read(entity, [pk])[pk]
        [written] = self.submit(Change(entity, pk, "patch", patch, seen.rev))
        return written

    def move(self, pk: str, territory: str) -> Written:
        """Move a thing with all that belongs to it."""
        return self.patch("thing", pk, territory_id=territory)


@dataclass
class MirrorRow:
    """A row as the phone holds it."""

    held: Held
    scope: str
    agg: int
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        """The row's values."""
        return json.loads(self.body)


@dataclass
class Page:
    """One pulled page, taken apart."""

    header: dict[str, Any]
    rows: list[dict[str, Any]]
    receipts: list[dict[str, Any]]
    end: dict[str, Any]


@dataclass
class Journaled:
    """An acknowledged mutation that no backup holds yet (SPEC 8.9)."""

    envelope: dict[str, Any]
    line: bytes
    log_seq: int


@dataclass
class Phone:
    """A client reduced to what the protocol asks of it."""

    world: World
    person: str
    id: str = field(default_factory=new_id)
    seq: int = 0
    prev: str | None = None
    outbox: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)
    mirror: dict[tuple[str, str], MirrorRow] = field(default_factory=dict)
    markers: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    cursor: str | None = None
    acked: int = 0
    enqueued_through: int = 0
    parent: Parent | None = None
    generation: int = 0
    pending: list[str] = field(default_factory=list)
    joins: dict[str, str] = field(default_factory=dict)
    skew: int | None = 0
    signed_in: str | None = None
    over: dict[str, str | None] = field(default_factory=dict)
    epoch: int = 0
    journal: list[Journaled] = field(default_factory=list[Journaled])

    @property
    def actor(self) -> Actor:
        """Who is signed in: the owner, unless a test says otherwise."""
        return Actor(self.signed_in or self.person, Role.REP, None, "en")

    # Writing

    def write(self, *mutations: Mutation) -> list[str]:
        """Enqueue one txn; returns the mutations' ids."""
        txn = new_id()
        for mutation in mutations:
            self.enqueue(mutation.id, encode(mutation), txn)
        return [mutation.id for mutation in mutations]

    def enqueue(self, mutation_id: str, line: bytes, txn: str | None = None) -> None:
        """Enqueue any bytes under the next seq."""
        self.seq += 1
        sha = digest.sha_hex(line)
        envelope = {
            "seq": self.seq,
            "txn": txn or new_id(),
            "id": mutation_id,
            "sha": sha,
            "prev": self.prev,
            "skew": self.skew,
        }
        self.prev = sha
        self.over.setdefault(mutation_id, self.cursor)
        self.outbox.append((envelope, line))

    def mutation(self, entity: str, pk: str, op: str, patch: Mapping[str, Any], **more: Any) -> Mutation:
        """A mutation that has seen what the mirror holds; `more` overrides any part."""
        row = self.mirror.get((entity, pk))
        known = row.fields if row else {}
        values: dict[str, Any] = {
            "id": new_id(),
            "seen_rev": row.held.rev if row and op != "create" else None,
            "base": {name: known.get(name) for name in patch} if row and op == "patch" else {},
            "hlc": (self.world.now, 0),
            "schema": 1,
        }
        values["base"] = {n: v for n, v in values["base"].items() if v is not None}
        return Mutation(entity=entity, pk=pk, op=op, patch=patch, **(values | more))

    def create(self, entity: str, **patch: Any) -> str:
        """Enqueue a create; returns the new row's pk."""
        pk = new_id()
        self.write(self.mutation(entity, pk, "create", patch))
        return pk

    def patch(self, entity: str, pk: str, **patch: Any) -> str:
        """Enqueue a patch; returns the mutation's id."""
        return self.write(self.mutation(entity, pk, "patch", patch))[0]

    def delete(self, entity: str, pk: str) -> str:
        """Enqueue a delete that has seen all that the mirror holds of the aggregate."""
        seen = max((row.agg for row in self.mirror.values()), default=0)
        return self.write(self.mutation(entity, pk, "delete", {}, seen_agg=seen))[0]

    def command(self, entity: str, pk: str, **patch: Any) -> str:
        """Enqueue a command."""
        return self.write(self.mutation(entity, pk, "command", patch))[0]

    # Pushing

    def body(self, items: Iterable[tuple[dict[str, Any], bytes]] | None = None, **header: Any) -> bytes:
        """A push as it travels, with the cursor that its first mutation was written over (SPEC 8.8)."""
        sent = self.outbox if items is None else list(items)
        over = self.over[sent[0][0]["id"]] if sent else self.cursor
        values = PushHeader(1, self.id, self.world.now, self.acked, self.parent, person=self.person, cursor=over)
        lines = [json.dumps(asdict(values) | header).encode()]
        for envelope, line in sent:
            lines += [json.dumps(envelope).encode(), line]
        return b"\n".join(lines) + b"\n"

    def push(self, *, is_lost: bool = False, **header: Any) -> PushReply:
        """Send the outbox; put what was acknowledged into the journal unless the answer is lost."""
        reply = self._push_parts(header)
        if not is_lost:
            done = {receipt.seq: receipt.log_seq or 0 for receipt in reply.receipts}
            sent = [Journaled(e, line, done[e["seq"]]) for e, line in self.outbox if e["seq"] in done]
            self.journal = [*self.journal, *sent]
            self.outbox = [item for item in self.outbox if item[0]["seq"] not in done]
            self.acked = max([self.acked, *done])
            self.epoch = self.epoch or reply.epoch
        return reply

    def send_again(self) -> None:
        """A new epoch may lack what an earlier one acknowledged: all that is still held goes back (SPEC 8.9)."""
        held = [(one.envelope, one.line) for one in self.journal]
        self.journal, self.outbox = [], sorted([*held, *self.outbox], key=lambda item: item[0]["seq"])
        self.acked = self.outbox[0][0]["seq"] - 1 if self.outbox else self.seq

    def _push_parts(self, header: Mapping[str, Any]) -> PushReply:
        """What was written over one cursor travels together; a fork or a gap ends it."""
        parts = [list(part) for _, part in itertools.groupby(self.outbox, key=lambda item: self.over[item[0]["id"]])]
        receipts: list[Receipt] = []
        for part in parts[:-1]:
            reply = self.ask_push(self.body(part, **header))
            receipts += reply.receipts
            if reply.fork or reply.expected_seq is not None:
                return replace(reply, receipts=receipts)
        reply = self.ask_push(self.body(*parts[-1:], **header))
        return replace(reply, receipts=receipts + reply.receipts)

    def send(self, **header: Any) -> list[Receipt]:
        """Push, and return the receipts."""
        return self.push(**header).receipts

    def fork(self, last_equal_seq: int | None) -> None:
        """Become a new device that continues this one (SPEC 8.6)."""
        self.send_again()
        self.parent = Parent(self.id, self.acked if last_equal_seq is None else last_equal_seq)
        self.id, waiting = new_id(), self.outbox
        self.seq, self.prev, self.outbox, self.acked = 0, None, [], 0
        for envelope, line in waiting:
            self.enqueue(envelope["id"], line, envelope["txn"])

    # Pulling

    def page(self, limit: int = 500, join: str | None = None) -> Page:
        """Ask for one page and take it apart, without applying it."""
        asked = PullRequest(1, self.id, self.cursor, join, self.acked, self.enqueued_through, limit, self.person)
        return read_page(self.ask_pull(asked).split(b"\n")[:-1])

    def pull(self, limit: int = 500) -> list[Page]:
        """Pull and join until level with the server."""
        pages: list[Page] = []
        while True:
            scope = self.pending[0] if self.pending else None
            try:
                join = (self.joins.get(scope) or self.download(scope)) if scope else None
                page = self.page(limit, join)
            except DomainError as refusal:
                self.begin_anew(refusal)
                continue
            self.apply(page)
            pages.append(page)
            if page.end["caught_up"] and not self.pending and page.header["grants"] == []:
                return pages

    def download(self, scope: str) -> str:
        """A scope's snapshot, chunk by chunk; returns the token to join with."""
        token: str | None = None
        while True:
            token, is_done = self.chunk(scope, token)
            if is_done:
                return token

    def chunk(self, scope: str, token: str | None) -> tuple[str, bool]:
        """Apply one chunk; returns the next token, and whether it was the last."""
        page = read_page(self.ask_snapshot(SnapshotRequest(scope, token)).split(b"\n")[:-1])
        for row in page.rows:
            self.keep(row, is_chunk=True)
        return page.end["token"], page.end["done"]

    def apply(self, page: Page) -> None:
        """Take a page in, all of it at once."""
        if page.header["reset"]:
            self.generation += 1
            self.pending, self.joins, self.markers = [], {}, {}
        if page.header["reset"] and page.header["scopes"] is not None:
            self.forget(lambda scope: scope not in page.header["scopes"])
        for scope in page.header["drops"]:
            self.forget(lambda held, gone=scope: held == gone)
            self.pending = [s for s in self.pending if s != scope]
            self.joins.pop(scope, None)
        self.pending += page.header["grants"]
        for row in page.rows:
            self.keep(row)
        if page.end["joined"]:
            joined = page.end["joined"]
            self.pending.remove(joined)
            self.joins.pop(joined, None)
            old = self.generation
            self.mirror = {k: r for k, r in self.mirror.items() if r.scope != joined or r.held.generation == old}
        elif page.end["join"]:
            self.joins[self.pending[0]] = page.end["join"]
        if not self.pending:
            self.markers = {}
        self.cursor = page.end["cursor"]
        self.enqueued_through = self.seq
        if self.epoch not in (0, page.header["epoch"]):
            self.send_again()
        self.epoch = page.header["epoch"]
        self.journal = [one for one in self.journal if one.log_seq >= page.end["durable_seq"]]

    def begin_anew(self, refusal: DomainError) -> None:
        """Download the scopes again whose log is purged, beside the rows that are here (SPEC 11.8)."""
        if refusal.code != "cursor_expired":
            raise refusal
        scopes, cursor = refusal.details["scopes"], refusal.details["cursor"]
        self.generation += 1
        self.pending = [*(s for s in self.pending if s not in scopes), *scopes] if cursor else []
        self.joins = {s: token for s, token in self.joins.items() if s in self.pending and s not in scopes}
        self.cursor = cursor

    def rebuild(self, scope: str) -> None:
        """Begin a scope's download anew beside the rows that are here (SPEC 13.2)."""
        self.generation += 1
        self.pending.append(scope)

    def forget(self, is_gone: Any) -> None:
        """Remove rows by their scope key."""
        self.mirror = {key: row for key, row in self.mirror.items() if not is_gone(row.scope)}

    def keep(self, row: dict[str, Any], *, is_chunk: bool = False) -> None:
        """Take in one row or removal by the rules of SPEC 11.7 and 12.2."""
        key = (row["entity"], row["pk"])
        rev = (row["row_rev"][0], row["row_rev"][1])
        new, mine = Held(self.generation, rev), self.mirror.get(key)
        marker = self.markers.get(key)
        if row["op"] == "upsert":
            if takes_upsert(mine.held if mine else None, marker, new, "chunk" if is_chunk else "page"):
                self.mirror[key] = MirrorRow(new, row["scope"], row["agg"], row["body"])
            return
        if mine and takes_removal(mine.held, new):
            del self.mirror[key]
        if self.pending:
            self.markers[key] = later_marker(marker, rev)

    # Looking

    def see(self, entity: str, pk: str) -> dict[str, Any] | None:
        """A row's values in the mirror."""
        row = self.mirror.get((entity, pk))
        return row.fields if row else None

    def all(self, entity: str) -> list[dict[str, Any]]:
        """Every row of a kind, with its pk as `pk`."""
        found = sorted((key[1], row) for key, row in self.mirror.items() if key[0] == entity)
        return [row.fields | {"pk": pk} for pk, row in found]

    def sums(self) -> dict[str, ScopeSum]:
        """Count and sum of each scope in the mirror."""
        totals: dict[str, tuple[int, int]] = {}
        for (entity, pk), row in self.mirror.items():
            count, total = totals.get(row.scope, (0, 0))
            one = digest.row_digest(entity, pk, row.held.rev, row.body)
            totals[row.scope] = count + 1, digest.add(total, one)
        return {scope: ScopeSum(c, digest.to_hex(t)) for scope, (c, t) in totals.items()}

    def verify(self, **more: ScopeSum) -> dict[str, str]:
        """The server's verdict on the mirror."""
        request = VerifyRequest(1, self.id, self.cursor or "", self.sums() | more)
        return dict(self.ask_verify(request).results)

    # Asking; a phone with a link of its own overrides these

    def ask_push(self, body: bytes) -> PushReply:
        """The server's answer to a push."""
        parsed, items = framing.read_push(body, self.world.now)
        return push(self.world.place, self.actor, parsed, items)

    def ask_pull(self, asked: PullRequest) -> bytes:
        """A page as it travels."""
        return pull(self.world.place, self.actor, asked)

    def ask_snapshot(self, asked: SnapshotRequest) -> bytes:
        """A chunk as it travels."""
        return snapshot(self.world.place, self.actor, asked)

    def ask_verify(self, asked: VerifyRequest) -> VerifyReply:
        """The server's verdicts."""
        return verify(self.world.place, self.actor, asked)


def read_page(lines: list[bytes]) -> Page:
    """A page or a chunk from its lines."""
    header, rows, receipts = json.loads(lines[0]), [], []
    at = 1
    while True:
        line = json.loads(lines[at])
        if line["op"] == "end":
            assert at == len(lines) - 1
            return Page(header, rows, receipts, line)
        if line["op"] == "upsert":
            at += 1
            rows.append(line | {"body": lines[at]})
        elif line["op"] == "receipt":
            receipts.append(line)
        else:
            rows.append(line)
        at += 1
