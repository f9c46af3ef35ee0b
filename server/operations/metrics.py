"""Shows the numbers of the sync to Prometheus, and to nobody without the token."""

import hmac
import os
from collections.abc import Iterator

from flask import Response, current_app, request
from flask_smorest import Blueprint
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.errors import DomainError
from server.replication.models import MutationRecord, OpenConflict, SyncDevice
from server.settings import Settings
from server.shared.clock import now, to_ms
from server.shared.db import begin_snapshot, db
from server.shared.jobs import Job
from server.shared.log_lock import ServerState

FAILING = 3

blueprint = Blueprint("metrics", __name__, description="For Prometheus")


@blueprint.get("/metrics")
@blueprint.doc(
    security=[{"metrics": []}], responses={"200": {"description": "The numbers", "content": {"text/plain": {}}}}
)
def show_metrics() -> Response:
    """What all workers counted, and what the database says now; without the token there is no such page."""
    settings: Settings = current_app.extensions["baifang.settings"]
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.metrics_token}"
    if not settings.metrics_token or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise DomainError("not_found", 404)
    standing = CollectorRegistry(auto_describe=False)
    standing.register(Standing())
    return Response(generate_latest(counted()) + generate_latest(standing), content_type=CONTENT_TYPE_LATEST)


def counted() -> CollectorRegistry:
    """What was counted: by this process, or by all workers where they share a folder."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


class Standing(Collector):
    """What the database says at this moment."""

    def collect(self) -> Iterator[Metric]:
        """One reading."""
        with Session(db.engine) as session:
            begin_snapshot(session)
            state = session.get_one(ServerState, 1)
            yield _gauge("baifang_log_seq", "The last log position.", state.last_seq)
            yield _gauge("baifang_epoch", "The epoch; another one after a restore.", state.epoch)
            yield _gauge("baifang_durable_seq", "The last position that a verified backup holds.", state.durable_seq)
            yield _gauge("baifang_floor_seq", "Where the log begins since the last clean-up.", state.floor_seq)
            if state.durable_at:
                age = to_ms(now()) / 1000 - state.durable_at / 1000
                yield _gauge("baifang_backup_age_seconds", "Since the last backup that counts was taken.", age)
            yield from _open(session)
            yield from _jobs(session)

    def describe(self) -> Iterator[Metric]:
        """Nothing is known before the database is asked."""
        return iter(())


def _open(session: Session) -> Iterator[Metric]:
    parked = GaugeMetricFamily("baifang_parked_open", "Mutations that are parked now, by reason.", labels=["code"])
    table = MutationRecord
    found = select(table.code, func.count()).where(table.is_open).group_by(table.code)
    for code, count in session.execute(found):
        parked.add_metric([code or ""], count)
    yield parked
    conflicts = session.scalar(select(func.count()).select_from(OpenConflict)) or 0
    yield _gauge("baifang_conflicts_open", "Conflicts that are open now.", conflicts)
    devices = session.scalar(select(func.count()).select_from(SyncDevice)) or 0
    yield _gauge("baifang_devices", "Devices that ever sent something.", devices)


def _jobs(session: Session) -> Iterator[Metric]:
    now_ms = to_ms(now())
    due = select(func.count(), func.coalesce(func.min(Job.run_at), now_ms)).where(Job.run_at <= now_ms)
    count, since = session.execute(due).one()
    yield _gauge("baifang_jobs_due", "Reminders and other jobs that are due and that no worker has claimed.", count)
    late = (now_ms - since) / 1000
    yield _gauge("baifang_jobs_late_seconds", "For how long the oldest of them has been due.", late)
    failing = session.scalar(select(func.count()).where(Job.attempts > FAILING)) or 0
    yield _gauge("baifang_jobs_failing", "Jobs that failed more than three times and are tried again.", failing)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value)
