"""The chain of migrations runs up and down on both databases, keeps data, and equals the models."""

import importlib
import pkgutil

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

import server
from server.shared import migrate
from server.shared.db import prepare
from server.shared.orm import Base

USER = (
    "INSERT INTO users (id, login, password_hash, is_password_temporary, name, role, is_active, locale, created_at)"
    " VALUES ('u', 'u', '', true, '王', 'rep', true, '', '2026-01-01 00:00:00')"
)
DEVICE = (
    "INSERT INTO device_sessions (id, user_id, device_id, device_name, token_hash, created_at, last_seen_at)"
    " VALUES ('d', 'u', 'd', 'Phone', 't', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
)


@pytest.fixture
def engine(empty_database_url: str):
    engine = prepare(create_engine(empty_database_url))
    yield engine
    engine.dispose()


def tables(engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def script(engine) -> ScriptDirectory:
    return ScriptDirectory.from_config(migrate.alembic_config(engine))


@pytest.fixture(scope="module", autouse=True)
def load_every_model() -> None:
    """Also those of a room that the app does not use yet."""
    for found in pkgutil.walk_packages(server.__path__, "server."):
        if found.name.endswith(".models") or found.name.startswith("server.shared."):
            importlib.import_module(found.name)


def test_the_chain_is_one_straight_line(engine):
    revisions = list(script(engine).walk_revisions())
    assert len(script(engine).get_heads()) == 1
    assert all(len(r.nextrev) <= 1 and not r.is_merge_point for r in revisions)


def test_migrated_tables_equal_the_models(engine):
    migrate.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_all_the_way_down_leaves_nothing_and_up_again_works(engine):
    migrate.upgrade(engine)
    migrate.downgrade(engine, "base")
    assert tables(engine) == set()
    migrate.upgrade(engine)
    assert "users" in tables(engine)


def test_data_survives_going_down_and_up_again(engine):
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(USER))
        connection.execute(text(DEVICE))
    migrate.downgrade(engine, "0001_auth")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM users")).scalars().all() == ["王"]
        assert connection.execute(text("SELECT id FROM device_sessions")).scalars().all() == ["d"]


def test_each_key_of_an_outbox_survives_as_far_as_the_former_table_has_room(engine):
    row = "INSERT INTO drain_key VALUES ('{}', 'p', '{}', 'i', {})"
    migrate.upgrade(engine)
    migrate.downgrade(engine, "0011_dated_grants")
    with engine.begin() as connection:
        connection.execute(text(row.format("k1", "d1", 1)))
    migrate.upgrade(engine)
    with engine.begin() as connection:
        names = "(token_hash, person_id, device, installation, created_at)"
        for key, device, at in (("k1", "d2", 2), ("k2", "d2", 3), ("k3", "d3", 4)):
            connection.execute(text(row.format(key, device, at).replace(" VALUES", f" {names} VALUES")))
    migrate.downgrade(engine, "0011_dated_grants")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT token_hash, device FROM drain_key ORDER BY 1"))
        assert [tuple(one) for one in kept] == [("k2", "d2"), ("k3", "d3")]


def test_references_are_checked_again_after_a_migration(engine):
    migrate.upgrade(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "rebuild"
down_revision = {head!r}
branch_labels = depends_on = None


def upgrade():
    with op.batch_alter_table("users") as table:
        table.alter_column("name", type_=sa.String(300))


def downgrade():
    upgrade()
"""


def test_rebuilding_a_parent_table_keeps_its_children(engine, tmp_path):
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(USER))
        connection.execute(text(DEVICE))
    (tmp_path / "rebuild.py").write_text(REBUILD.format(head=script(engine).get_current_head()))
    config = migrate.alembic_config(engine)
    config.set_main_option("version_locations", f"{migrate.ROOT / 'migrations' / 'versions'}:{tmp_path}")
    command.upgrade(config, "rebuild")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM device_sessions")).scalars().all() == ["d"]
