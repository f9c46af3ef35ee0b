"""The operator's command for pushes."""

from pathlib import Path

import click
from flask import current_app

from server.features.reminders.push import public_key
from server.keys import read_key
from server.settings import Settings


@click.command("vapid")
def vapid() -> None:
    """Make the key that signs pushes, if there is none, and show its public half."""
    settings: Settings = current_app.extensions["baifang.settings"]
    if not settings.vapid_key:
        read_key(Path(settings.data_dir, "keys", "vapid.key"), may_create=True)
        click.echo("Made keys/vapid.key: keep a copy. A lost one means that every device asks anew.")
        click.echo("Now set vapid_subject, such as mailto:crm@your.company, and restart the server and the worker.")
        return
    click.echo(f"Public key: {public_key(settings)}")
