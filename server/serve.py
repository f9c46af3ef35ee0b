"""Starts gunicorn on the configured address, or says in a sentence why it cannot."""

import os
import shutil
import socket
import sys
from pathlib import Path

import click

from server.settings import Settings


def serve_forever(settings: Settings) -> None:
    """Become gunicorn; raises ClickException when the port is taken."""
    check_port(settings.bind_host, settings.bind_port)
    click.echo(f"Baifang is at {settings.public_origin} (stop with Ctrl-C)")
    sys.stdout.flush()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(fresh_folder(Path(settings.data_dir, "metrics")))
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    os.execv(gunicorn, gunicorn_command(gunicorn, settings))  # noqa: S606  (no shell, own values)


def gunicorn_command(gunicorn: str, settings: Settings) -> list[str]:
    """Threads for work, the poller for waiting clients; no control socket, since nothing of ours uses it."""
    options = {
        "--bind": f"{settings.bind_host}:{settings.bind_port}",
        "--workers": str(settings.workers),
        "--worker-class": "server.patience.PatientWorker",
        "--threads": str(settings.threads),
        "--log-level": "warning",
    }
    pairs = [part for pair in options.items() for part in pair]
    return [
        gunicorn,
        *pairs,
        "--config",
        "python:server.workers",
        "--no-sendfile",
        "--no-control-socket",
        "server.wsgi:app",
    ]


def fresh_folder(folder: Path) -> Path:
    """Where the workers count together; what an earlier server counted is gone, as Prometheus expects."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def check_port(host: str, port: int) -> None:
    """Raise ClickException when something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise click.ClickException(
                f"Port {port} on {host} cannot be used ({problem.strerror}). Stop what runs there, "
                f"or choose another: BAIFANG_BIND_PORT={port + 1} make run"
            ) from problem
