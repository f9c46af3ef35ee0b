"""Moves the database between versions; run once before the workers start, never by them."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from server.settings import ROOT


def alembic_config(engine: Engine | None = None) -> Config:
    """Alembic's configuration for migrations/ on this database; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config


@cache
def revisions() -> tuple[str, ...]:
    """The migrations of this release, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())


def upgrade(engine: Engine, target: str = "head") -> None:
    """Apply migrations up to the target, making the folder of a SQLite file if need be."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(alembic_config(engine), target)


def downgrade(engine: Engine, target: str) -> None:
    """Undo migrations down to the target ("base" for all)."""
    command.downgrade(alembic_config(engine), target)
