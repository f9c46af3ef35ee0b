"""What the drivers of the two databases raise when a database cannot be written for a while."""

import sqlite3

import psycopg.errors

LITE = {
    "full": (sqlite3.SQLITE_FULL, "database or disk is full"),
    "read-only": (sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
}
BUSY = (sqlite3.SQLITE_BUSY, "database is locked")
POSTGRES = {
    "full": psycopg.errors.DiskFull,
    "read-only": psycopg.errors.ReadOnlySqlTransaction,
    "gone": psycopg.errors.AdminShutdown,
    "in the way": psycopg.errors.DeadlockDetected,
}
ERRORS = (sqlite3.Error, psycopg.Error)


def problem(dialect: str, kind: str) -> Exception:
    """The driver's own exception; SQLite knows of no shutdown and no deadlock, and says that it is locked."""
    if dialect == "postgresql":
        return POSTGRES[kind](kind)
    code, text = LITE.get(kind, BUSY)
    raised = sqlite3.OperationalError(text)
    raised.sqlite_errorcode = code
    return raised
