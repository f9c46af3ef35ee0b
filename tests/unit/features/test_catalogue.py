"""The published declarations are those of the code."""

from server.app import make_registry
from server.replication.entities import with_system_entities
from server.shared import catalogue


def test_published_entities_are_current() -> None:
    registry = with_system_entities(make_registry())
    published = catalogue.FILE.read_text(encoding="utf-8")
    assert published == catalogue.render(registry), "run `baifang catalog entities`"
