"""Puts together what the worker does for reminders, over the sources that the features offer."""

from collections.abc import Mapping, Sequence

from server.features.reminders import deliveries, digests
from server.features.reminders.appointments import reminder_of
from server.features.reminders.services import EXPIRE, forget
from server.shared.jobs import Claimed
from server.shared.reminding import Source
from server.shared.working import DONE, Outcome, Shop, Tools


def make_shop(sources: Sequence[Source]) -> Shop:
    """Handlers for what has a time, the digests, deliveries, and the end of old notices."""
    timed = {source.kind: reminder_of(source.kind, source.look) for source in sources if source.look}
    return Shop(
        {**timed, digests.KIND: digests.digest_of(sources), EXPIRE: expire, **deliveries.HANDLERS}, (digests.tend,)
    )


def expire(tools: Tools, jobs: Sequence[Claimed]) -> Mapping[str, Outcome]:
    """Notices that have grown old leave the inbox."""
    forget(tools.writer, [job.key.partition(":")[2] for job in jobs])
    return {job.key: DONE for job in jobs}
