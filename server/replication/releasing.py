"""Lets a running server by itself free what it could not apply, clean up, and make due grants (SPEC 7.5, 9.2, 10.4)."""

import logging
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from server.replication.due import settle
from server.replication.place import Place
from server.replication.purge import purge_when_due
from server.replication.release import replay_news

EVERY_S = 3600
"""Between looks, in seconds: what one bad hour parked does not wait for the next release."""

log = logging.getLogger(__name__)


def start(place: Place, every_s: float = EVERY_S) -> Event:
    """Look now and from time to time, beside the requests, until the returned event is set."""
    is_over = Event()
    Thread(target=_look, args=(place, every_s, is_over), name="releasing", daemon=True).start()
    return is_over


def _look(place: Place, every_s: float, is_over: Event) -> None:
    while True:
        try:
            settle(place)
            if applied := replay_news(place):
                log.warning("applied %d mutations that were parked before", applied)
            if done := purge_when_due(place):
                log.info("purged %d log entries, %d rows and %d receipts", done.log_entries, done.rows, done.receipts)
        except SQLAlchemyError:
            log.exception("what is left to do is tried again later")
        if is_over.wait(every_s):
            return
