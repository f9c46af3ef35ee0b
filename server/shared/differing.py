"""How commands write: the fewest changes that make rows look as wanted, and a refusal if any parks."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.errors import DomainError
from server.shared.actor import Actor
from server.shared.writer import Change, Seen, Writer


def differing(writer: Writer, entity: str, wanted: Mapping[str, Mapping[str, Any]]) -> list[Change]:
    """The creates and patches that give the rows (by pk) the wanted values; other fields stay.

    For fields whose patch is their value: registers and server fields. A deleted row is left alone:
    somebody decided that.
    """
    seen = writer.read(entity, list(wanted))
    found = [(pk, fields, seen.get(pk)) for pk, fields in wanted.items()]
    changes = [_change(entity, pk, fields, row) for pk, fields, row in found]
    return [change for change in changes if change is not None]


def write(writer: Writer, actor: Actor, changes: Sequence[Change], plan_id: str | None = None) -> None:
    """Submit the changes; raises DomainError with the code of the one that could not apply."""
    parked = [one for one in writer.submit(actor, changes, plan_id=plan_id) if one.code] if changes else []
    for one in sorted(parked, key=lambda one: one.code == "depends_on_parked"):
        details = {"fields": list(one.fields), **one.params}
        raise DomainError(one.code or "internal", 409, details)


def _change(entity: str, pk: str, fields: Mapping[str, Any], row: Seen | None) -> Change | None:
    if row is None:
        filled = {name: value for name, value in fields.items() if value is not None}
        return Change(entity, pk, "create", filled)
    patch = {name: value for name, value in fields.items() if row.fields.get(name) != value}
    if row.is_deleted or not patch:
        return None
    return Change(entity, pk, "patch", patch, seen_rev=row.rev)
