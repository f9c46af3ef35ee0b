"""What people, the operator and fate may do: each act is one throw of the dice."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.operations.backup import back_up
from server.operations.erase_list import EraseList
from server.operations.restore import restore
from sync.core.mutation import Mutation
from tests.contract.world import World, new_id
from tests.simulation.album import Album
from tests.simulation.device import Device
from tests.simulation.ledger import Ledger
from tests.simulation.server import Server

DAY = 24 * 3600 * 1000


@dataclass
class Stage:
    """One run: the server, everybody's devices, and the ledger of all that was typed.

    `tally` counts the faults; `folder` is where backups go.
    """

    server: Server
    dice: random.Random
    territories: list[str]
    people: list[str]
    devices: list[Device]
    folder: Path
    tally: Counter[str] = field(default_factory=Counter[str])
    backup: Path | None = None
    ledger: Ledger = field(default_factory=Ledger)
    album: Album = field(default_factory=Album)
    forms: list[tuple[Device, str, dict[str, Any]]] = field(default_factory=list[tuple[Device, str, dict[str, Any]]])
    done: dict[int, list[Mutation]] = field(default_factory=dict[int, list[Mutation]])

    @property
    def world(self) -> World:
        """What the server holds."""
        return self.server.world

    def write(self, device: Device, *mutations: Mutation) -> None:
        """Enqueue one txn, and put what it says into the ledger, unless it died before it was on the disk."""
        try:
            device.write(*mutations)
        finally:
            kept = [mutation for mutation in mutations if mutation.id in device.written]
            self.done.setdefault(id(device), []).extend(kept)
            for mutation in kept:
                self.ledger.typed(device, mutation)

    def thing(self, device: Device) -> str | None:
        """A thing on this device's screen."""
        subjects = set(self.album.subjects.values())
        found = [pk for pk in device.shown("thing") if pk not in subjects]
        return self.dice.choice(found) if found else None


def create(stage: Stage, device: Device) -> None:
    """Somebody new."""
    patch = {"name": stage.ledger.token(), "count": {"add": 1}, "tags": {"add": [stage.ledger.token()]}}
    stage.write(device, device.compose("thing", new_id(), "create", patch))


def edit(stage: Stage, device: Device, pk: str | None = None, seen: dict[str, Any] | None = None) -> None:
    """A few fields of a thing, as seen now or as a form saw them."""
    if pk := pk or stage.thing(device):
        seen = seen or device.begin("thing", pk)
        stage.write(device, device.compose("thing", pk, "patch", changes(stage, seen["base"]), seen=seen))


def changes(stage: Stage, base: dict[str, Any]) -> dict[str, Any]:
    """One to three fields, each by its policy."""
    token, dice = stage.ledger.token, stage.dice
    patch: dict[str, Any] = {}
    for kind in dice.sample(["phone", "name", "terms", "price", "tags", "count", "notes"], dice.randint(1, 3)):
        if kind in ("phone", "name", "terms"):
            patch[kind] = token()
        elif kind == "price":
            patch |= {"amount": stage.ledger.number(), "currency": dice.choice(["TWD", "USD"])}
        elif kind == "count":
            patch[kind] = {"add": dice.choice([-2, -1, 1, 2, 3])}
        elif kind == "tags":
            held = base.get("tags", [])
            patch[kind] = {"add": [token()], "remove": dice.sample(held, min(len(held), dice.randint(0, 1)))}
        else:
            patch[kind] = rewritten(stage, base.get("notes", ""))
    return patch


def rewritten(stage: Stage, text: str) -> str:
    """A new paragraph somewhere; now and then one goes."""
    lines = text.split("\n") if text else []
    if len(lines) > 2 and stage.dice.random() < 0.2:
        lines.pop(stage.dice.randrange(len(lines)))
    lines.insert(stage.dice.randint(0, len(lines)), stage.ledger.token())
    return "\n".join(lines)


def open_form(stage: Stage, device: Device) -> None:
    """Editing begins, and is saved much later (R7)."""
    if pk := stage.thing(device):
        stage.forms.append((device, pk, device.begin("thing", pk)))


def save_form(stage: Stage, _device: Device) -> None:
    """An old form is saved, over whatever came meanwhile."""
    if stage.forms:
        device, pk, seen = stage.forms.pop(stage.dice.randrange(len(stage.forms)))
        edit(stage, device, pk, seen)


def visit(stage: Stage, device: Device) -> None:
    """A log and a note in one txn, as a save of the visit form writes them."""
    if pk := stage.thing(device):
        log = device.compose("thing_log", new_id(), "create", {"thing_id": pk, "said": stage.ledger.token()})
        note = device.compose("thing_note", new_id(), "create", {"thing_id": pk, "text": stage.ledger.token()})
        stage.write(device, log, note)


def correct(stage: Stage, device: Device) -> None:
    """Only its author may; others park."""
    if logs := device.shown("thing_log"):
        pk = stage.dice.choice(logs)
        op = stage.dice.choice(["revise", "void"])
        stage.write(
            device, device.compose("thing_log", pk, op, {"said": stage.ledger.token()} if op == "revise" else {})
        )


def delete(stage: Stage, device: Device) -> None:
    """With what this device has seen of the aggregate."""
    if pk := stage.thing(device):
        mutation = device.compose("thing", pk, "delete", {})
        stage.ledger.deleted(device, mutation)
        stage.write(device, mutation)


def undo(stage: Stage, device: Device) -> None:
    """Take the last act back: the opposite of a delete or of a register's change."""
    mine = stage.done.get(id(device), [])
    last = mine[-1] if mine else None
    if last is None or last.entity != "thing":
        return
    if last.op == "delete":
        seen = {"seen_rev": last.seen_rev, "base": {}, "agg": 0}
        patch = {"delete": last.id}
        stage.write(device, device.compose("thing", last.pk, "restore", patch, seen=seen, after=(last.id,)))
    elif last.op == "patch" and "phone" in last.patch:
        seen = {"seen_rev": last.seen_rev, "base": dict(last.patch), "agg": 0}
        patch = {"phone": last.base.get("phone")}
        stage.write(device, device.compose("thing", last.pk, "patch", patch, seen=seen, after=(last.id,)))


def spoil(stage: Stage, device: Device) -> None:
    """Something that cannot apply: a refused name, a broken hook, a wrong type, an orphan."""
    token, kind = stage.ledger.token(), stage.dice.choice(["forbidden", "boom", "type", "orphan"])
    pk = stage.thing(device)
    if kind in ("forbidden", "boom"):
        bad = device.compose("thing", pk := new_id(), "create", {"name": kind, "phone": token})
        stage.write(device, bad)
        note = {"thing_id": pk, "text": stage.ledger.token()}
        stage.write(device, device.compose("thing_note", new_id(), "create", note))
    elif kind == "type" and pk:
        stage.write(device, device.compose("thing", pk, "patch", {"phone": token, "name": 5}))
    else:
        note = {"thing_id": new_id(), "text": token}
        stage.write(device, device.compose("thing_note", new_id(), "create", note))


def mend(stage: Stage, device: Device) -> None:
    """Send something better in a parked mutation's place, or let it go."""
    for row in device.all("parked"):
        if row["state"] != "open" or row.get("code") not in ("forbidden", "wrong_type"):
            continue
        if stage.dice.random() < 0.2:
            dismiss = {"command": "dismiss", "expected_state": "open"}
            stage.write(device, device.compose("parked", row["pk"], "command", dismiss))
        else:
            patch = {"phone": stage.ledger.token(), **({"name": "mended"} if row["op"] == "create" else {})}
            stage.write(device, device.compose("thing", row["row_pk"], row["op"], patch, supersedes=row["mutation_id"]))
        return


def settle(stage: Stage, device: Device) -> None:
    """Resolve an open conflict, or reopen one that somebody resolved."""
    found = [c for c in device.all("conflict") if c["state"] in ("open", "resolved")]
    if not found:
        return
    record = stage.dice.choice(sorted(found, key=lambda c: (c["opened_at"], c["group"])))
    patch: dict[str, Any] = {"command": "reopen", "expected_state": "resolved"}
    if record["state"] == "open":
        patch = {"command": "resolve", "expected_state": "open", **choice(stage, record)}
    command = device.compose("conflict", record["pk"], "command", patch)
    stage.ledger.decided(command, record)
    stage.write(device, command)


def choice(stage: Stage, record: dict[str, Any]) -> dict[str, Any]:
    """What to make of a conflict."""
    if record["kind"] == "delete":
        return {"choice": stage.dice.choice(["restore", "keep_deleted"])}
    kind = stage.dice.choice(["current", "candidate", "value"])
    if kind == "candidate":
        return {"choice": kind, "candidate": record["candidates"][-1]["mutation"]}
    if kind == "value" and record["group"] != "price":
        return {"choice": kind, "value": {record["group"]: stage.ledger.token()}}
    return {"choice": "current"}


def approve(stage: Stage, device: Device) -> None:
    """A command: its state machine lets it through once."""
    if pk := stage.thing(device):
        command = {"command": "approve", "expected_state": "draft"}
        stage.write(device, device.compose("thing", pk, "command", command))


# The operator and fate


def move(stage: Stage, device: Device) -> None:
    """To the other territory, or back."""
    known = [pk for pk in stage.ledger.things if stage.world.row("thing", pk)]
    if known:
        pk, territory = stage.dice.choice(known), stage.dice.choice(stage.territories)
        stage.server.operate(lambda: stage.world.move(pk, territory))


def assign(stage: Stage, _device: Device) -> None:
    """Territories change hands; somebody may lose all of theirs."""
    person = stage.dice.choice(stage.people)
    theirs = stage.dice.sample(stage.territories, stage.dice.randint(0, len(stage.territories)))
    stage.server.operate(lambda: stage.world.grant(person, *theirs))


def end_sessions(stage: Stage, device: Device) -> None:
    """Time is up for all devices of a person, or somebody ended their access."""
    stage.server.end_sessions(device.person, stage.dice.choice(["expired", "expired", "revoked"]))


def turn_clock(stage: Stage, device: Device) -> None:
    """Days slow, years fast, or right again."""
    device.offset = stage.dice.choice([0, 0, -3 * DAY, DAY, 3650 * DAY])


def clone(stage: Stage, device: Device) -> None:
    """A profile is copied to another machine."""
    if len(stage.devices) < 8:
        twin = device.clone()
        stage.devices.append(twin)
        stage.done[id(twin)] = list(stage.done.get(id(device), []))


def keep_backup(stage: Stage, _device: Device) -> None:
    """The operator saves everything as it is; one over which the server died does not count."""

    def save() -> None:
        place = stage.world.place
        stage.backup = back_up(
            place.engine, place.registry, stage.folder, stage.server.moment(), blobs=stage.server.shelf.store
        )

    stage.server.operate(save)


def restore_backup(stage: Stage, _device: Device) -> None:
    """All since the backup is gone from the server, and everybody has to sign in again."""

    def put_back() -> None:
        place = stage.world.place
        assert stage.backup
        listing = EraseList(stage.folder / "erased.jsonl")
        now, store = stage.server.moment(), stage.server.shelf.store
        restore(place.engine, place.registry, stage.backup, now, listing, may_replace=True, blobs=store)

    while stage.backup and not stage.server.operate(put_back):
        continue  # until it is done


ACTS: dict[Callable[[Stage, Device], None], int] = {
    create: 4,
    edit: 12,
    open_form: 2,
    save_form: 2,
    visit: 5,
    correct: 2,
    delete: 1,
    undo: 2,
    spoil: 2,
    mend: 2,
    settle: 3,
    approve: 1,
    move: 2,
    assign: 1,
    end_sessions: 1,
    turn_clock: 1,
    clone: 1,
}
"""How often each act happens."""

BY_NAME = {act.__name__: act for act in (*ACTS, keep_backup, restore_backup)}
"""How a story calls them; the last two happen where a story says so."""
