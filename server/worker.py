"""The worker: claims jobs that are due, does them, and may be killed at any instruction.

What a job does is the same the second time, and what follows from it is written with its end: so a worker that
dies leaves nothing undone and nothing doubled, and several may run beside each other.
"""

import logging
import os
import signal
import socket
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.shared import jobs
from server.shared.db import writing
from server.shared.jobs import Claimed
from server.shared.working import Outcome, Shop, Tools

BATCH = 100
TEND_MS = 60_000
LONGEST_REST_S, SHORTEST_REST_S = 2.0, 0.05

log = logging.getLogger(__name__)


@dataclass
class Worker:
    """One worker; `is_over` ends it after what it has in hand."""

    tools: Tools
    shop: Shop
    is_over: Event = field(default_factory=Event)
    tended_at: int = 0

    def run(self) -> None:
        """Work until told to stop; what the database refuses is tried again."""
        while not self.is_over.is_set():
            try:
                self.tend()
                rest = 0.0 if self.step() else self._rest()
                notify("READY=1\nWATCHDOG=1")
            except SQLAlchemyError:
                log.exception("the database refused; the worker tries again")
                rest = LONGEST_REST_S
            self.is_over.wait(rest)

    def tend(self) -> None:
        """Plan what ought to be planned, once a minute."""
        now = self.tools.now_ms()
        if now - self.tended_at < TEND_MS:
            return
        with Session(self.tools.engine) as session, writing(session):
            for task in self.shop.tends:
                task(session, self.tools)
        self.tended_at = now

    def step(self) -> int:
        """Do one batch of what is due; returns how many jobs that were."""
        if not self._is_due():
            return 0
        with Session(self.tools.engine) as session, writing(session):
            claimed = jobs.claim(session, self.tools.now_ms(), BATCH)
        kinds: defaultdict[str, list[Claimed]] = defaultdict(list)
        for job in claimed:
            kinds[job.kind].append(job)
        for kind, group in kinds.items():
            self._do(kind, group)
        return len(claimed)

    def _is_due(self) -> bool:
        at = jobs.next_at(self.tools.engine)
        return at is not None and at <= self.tools.now_ms()

    def _rest(self) -> float:
        at = jobs.next_at(self.tools.engine)
        wait = LONGEST_REST_S if at is None else (at - self.tools.now_ms()) / 1000
        return min(max(wait, SHORTEST_REST_S), LONGEST_REST_S)

    def _do(self, kind: str, group: Sequence[Claimed]) -> None:
        """Together, which is fastest; if that fails each alone, so that one that fails holds up no other."""
        try:
            self._settle(group, self.shop.handlers[kind](self.tools, group))
        except Exception:  # whatever a job breaks in us: logged with its trace, and put off, so that others go on
            log.exception("jobs failed", extra={"fields": {"kind": kind, "jobs": len(group)}})
            if len(group) == 1:
                self._put_off(group[0])
                return
            for job in group:
                self._do(kind, [job])

    def _settle(self, group: Sequence[Claimed], outcomes: Mapping[str, Outcome]) -> None:
        """Write the end of jobs and what follows from them as one."""
        with Session(self.tools.engine) as session, writing(session):
            for job in group:
                outcome = outcomes[job.key]
                if jobs.finish(session, job, outcome.run_at, is_retry=outcome.is_retry):
                    jobs.add(session, outcome.then)
        log.info("jobs done", extra={"fields": {"kind": group[0].kind, "jobs": len(group)}})

    def _put_off(self, job: Claimed) -> None:
        with Session(self.tools.engine) as session, writing(session):
            jobs.put_off(session, job, self.tools.now_ms())


def work_until_told(worker: Worker) -> None:
    """Run, and stop in good order at SIGTERM or Ctrl-C."""

    def stop(_number: int, _frame: object) -> None:
        worker.is_over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker.run()


def notify(words: str) -> None:
    """Tell systemd how it goes, where it started us and asked for that."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.sendto(words.encode(), "\0" + address[1:] if address.startswith("@") else address)
