"""What a database holds at one moment, in a few numbers that a copy of it must show, too."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, inspect, text

COUNTERS = "SELECT epoch, last_seq, last_grant_id FROM server_state"
SUMS = """
SELECT s.scope, s.count, s.sum FROM scope_sum s
JOIN (SELECT scope, max(seq) AS seq FROM scope_sum GROUP BY scope) latest
ON latest.scope = s.scope AND latest.seq = s.seq
"""


@dataclass(frozen=True)
class Facts:
    """The migration, the counters, how many rows each table has, and each scope's count and sum."""

    migration: str
    epoch: int
    last_seq: int
    last_grant_id: int
    rows: dict[str, int]
    scopes: dict[str, tuple[int, str]]


def read_facts(connection: Connection) -> Facts:
    """The facts as this transaction sees them, by SQL that any release's tables answer."""
    counters = connection.execute(text(COUNTERS)).one()
    names = sorted(inspect(connection).get_table_names())
    rows = {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}  # noqa: S608
    scopes = {scope: (count, total) for scope, count, total in connection.execute(text(SUMS))}
    return Facts(migration_of(connection), counters.epoch, counters.last_seq, counters.last_grant_id, rows, scopes)


def migration_of(connection: Connection) -> str:
    """The migration that a database is at; empty where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def is_empty(engine: Engine) -> bool:
    """Whether nothing was ever written: no tables, or neither people nor a log."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("server_state"):
            return not inspect(connection).get_table_names()
        people = connection.execute(text("SELECT count(*) FROM users")).scalar_one()
        return people == 0 and connection.execute(text(COUNTERS)).one().last_seq == 0
