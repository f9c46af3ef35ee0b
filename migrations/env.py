"""Runs migrations on the engine that server/shared/migrate.py hands over."""

from alembic import context
from sqlalchemy import Connection, Engine

import server.cli  # noqa: F401  (loads every room, so every model)
from server.shared.orm import Base


def migrate(connection: Connection) -> None:
    """Run the asked-for migrations, each in its own transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate_sqlite(connection: Connection) -> None:
    """Rebuilding a parent table with foreign keys on would silently delete its children."""
    # On the driver's own cursor: SQLAlchemy would begin a transaction, in which this pragma does nothing.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        migrate(connection)
        dangling = cursor.execute("PRAGMA foreign_key_check").fetchall()
        if dangling:
            raise RuntimeError(f"the migration left dangling references: {dangling[:5]}")
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")


def run(engine: Engine) -> None:
    """Pick the way that suits the database."""
    with engine.connect() as connection:
        (migrate_sqlite if engine.dialect.name == "sqlite" else migrate)(connection)


run(context.config.attributes["engine"])
