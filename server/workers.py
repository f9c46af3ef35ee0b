"""What gunicorn asks of us around its workers: how they log, and what is left of the numbers of one that ended."""

from typing import Any

from prometheus_client import multiprocess

from server.settings import load_settings
from server.shared.logs import dict_config

logconfig_dict = dict_config(load_settings())


def child_exit(_server: Any, worker: Any) -> None:
    """A worker has ended; what it counted stays counted."""
    multiprocess.mark_process_dead(worker.pid)
