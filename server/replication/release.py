"""Frees what is parked and could apply now: a long queue's rest, an older server's failures (SPEC 7.4, 7.5)."""

import logging
from collections.abc import Sequence
from importlib.metadata import version

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from server.auth.absent import actor_of
from server.replication import batch as batches
from server.replication import carrying, devices
from server.replication.models import MutationRecord, SyncedRow
from server.replication.place import Place
from server.replication.server_writer import NAMESPACE
from server.replication.troubles import attempt, is_outage
from server.replication.work import Writing
from server.shared.actor import OPERATOR
from server.shared.catalogue import render
from server.shared.registry import Registry
from server.shared.writer import TransactionTooLargeError
from sync.core.digest import sha_hex
from sync.core.ids import uuid5
from sync.core.lineage import Lineage

CODES = ("internal", "store_raw", "unknown_schema", "unknown_entity", "unknown_field")
SELF = uuid5(NAMESPACE, "release")

log = logging.getLogger(__name__)


def free(place: Place, txns: Sequence[batches.Txn]) -> None:
    """Try parked txns that are ready, and what becomes ready by them, a bounded transaction at a time."""
    while txns:
        txns = attempt(place, lambda session, txns=txns: _free_some(session, place, txns))


def replay(place: Place) -> int:
    """Replay every open txn parked for the server's own sake, each in a transaction of its own.

    Also frees what a killed server left waiting for something that is there. Returns how many
    mutations applied; what still cannot stays parked with its reason of today.
    """
    with place.snapshot() as session:
        txns, left = _parked(session), _left(session)
    applied = sum(_try(place, *key) for key in txns)
    free(place, left)
    return applied


def replay_news(place: Place) -> int:
    """The same for what this release has not tried yet; several processes may do it at once.

    What it tries is noted before: if that is what kills the process, the next one passes it by.
    """
    release = name_of(place.registry)
    is_news = or_(MutationRecord.tried_by.is_(None), MutationRecord.tried_by != release)
    with place.snapshot() as session:
        txns, left = _parked(session, is_news), _left(session, is_news)
    applied = 0
    for person, device, txn in txns:
        if _claim(place, device, txn, release):
            applied += _try(place, person, device, txn)
    for device, txn in left:
        if _claim(place, device, txn, release):
            free(place, [(device, txn)])
    return applied


def name_of(registry: Registry) -> str:
    """A release, as far as parked mutations can tell: its code's version and the rows that it knows."""
    return sha_hex(f"{version('baifang')}\0{render(registry)}".encode())[:16]


def _parked(session: Session, *more: ColumnElement[bool]) -> Sequence[tuple[str, str, str]]:
    table = MutationRecord
    found = select(table.person_id, table.device, table.txn).distinct()
    found = found.where(table.is_open, table.code.in_(CODES), *more).order_by(table.device, table.txn)
    return [(person, device, txn) for person, device, txn in session.execute(found)]


def _claim(place: Place, device: str, txn: str, release: str) -> bool:
    """Whether this process is the one to try a txn in this release."""
    table = MutationRecord
    is_news = or_(table.tried_by.is_(None), table.tried_by != release)
    same = (table.is_open, table.device == device, table.txn == txn, is_news)
    with place.writing() as session:
        claimed = session.scalars(update(table).where(*same).values(tried_by=release).returning(table.seq))
        return len(claimed.all()) > 0


def _try(place: Place, person: str, device_id: str, txn: str) -> int:
    """One that fails in the database must not keep the others waiting."""
    try:
        return attempt(place, lambda session: _replay(session, place, person, device_id, txn))
    except (SQLAlchemyError, TransactionTooLargeError) as problem:
        if is_outage(problem):
            raise
        log.warning("txn %s stays parked: %s", txn, type(problem).__name__)
        return 0


def _replay(session: Session, place: Place, person: str, device_id: str, txn: str) -> int:
    device = devices.claim(session, device_id, person, None)
    if device is None:
        raise LookupError(f"device {device_id} belongs to somebody else than its mutations")
    actor = actor_of(session, person)
    scopes = batches.scopes_of(session, actor)
    now_ms = place.now_ms()
    writing = Writing(actor, device_id, device.lineage, scopes, device.stamp)
    batch = batches.begin(session, place.registry, writing, now_ms)
    applied = carrying.replay_txn(batch, device_id, txn)
    batches.finish(batch, device_id, now_ms)
    return applied


def _free_some(session: Session, place: Place, txns: Sequence[batches.Txn]) -> Sequence[batches.Txn]:
    """In a batch of nobody's: each mutation is replayed as its own author and device."""
    now_ms = place.now_ms()
    batch = batches.begin(session, place.registry, Writing(OPERATOR, SELF, Lineage(SELF), None, (0, 0)), now_ms)
    carrying.free(batch, txns)
    batches.finish(batch, SELF, now_ms)
    return list(batch.ready)


def _left(session: Session, *more: ColumnElement[bool]) -> Sequence[batches.Txn]:
    """The txns that wait for what is there: a mutation that applied, or a row."""
    waiting, awaited = MutationRecord, aliased(MutationRecord)
    names = select(waiting.waits_for).where(waiting.is_open, waiting.waits_for.is_not(None)).distinct()
    applied = select(awaited.id).where(awaited.id.in_(names), awaited.is_original, awaited.status != "parked")
    there = select(SyncedRow.pk).where(SyncedRow.pk.in_(names))
    is_there = or_(waiting.waits_for.in_(applied), waiting.waits_for.in_(there))
    found = select(waiting.device, waiting.txn).where(waiting.is_open, is_there, *more).distinct()
    return [(device, txn) for device, txn in session.execute(found.order_by(waiting.device, waiting.txn))]
