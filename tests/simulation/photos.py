"""Photos beside all the rest: taken, sent in pieces, looked at, erased with what they show, swept (SPEC 18)."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from server.operations.erase_list import EraseList
from server.operations.erasure import erase_subject
from server.replication.blobs import keeping
from server.replication.blobs.keeping import find_damage
from server.replication.blobs.models import Blob
from server.shared.actor import OPERATOR
from sync.wire.version import VERSION
from tests.contract.world import new_id
from tests.factories import files
from tests.simulation.acts import DAY, Stage
from tests.simulation.device import Device
from tests.simulation.link import UNAVAILABLE, RefusedError
from tests.simulation.server import LostError

MOST_BYTES = 4_000
PIECES = 3
"""So many chunks go up in one act at most."""
SHARE = 0.4
"""How many acts of this page there are for one of the others."""


def photograph(stage: Stage, device: Device) -> None:
    """Something new is photographed: its rows and the file are one transaction (SPEC 18.9)."""
    data = files.jpeg(filling=stage.dice.randbytes(stage.dice.randint(10, MOST_BYTES)))
    sha, thing = hashlib.sha256(data).hexdigest(), new_id()
    stage.album.taken[sha], stage.album.subjects[sha] = data, thing
    with device.store.transaction(device):
        device.files = {**device.files, sha: data}
        device.write(device.compose("thing", thing, "create", {"name": "photographed"}))
        device.write(device.compose("thing_photo", new_id(), "create", {"thing_id": thing, "sha256": sha}))


def send_photo(stage: Stage, device: Device) -> None:
    """Announce one that the server does not have, and send some pieces of it."""
    waiting = sorted(device.files.keys() - device.told.keys())
    if waiting:
        upload(device, stage.dice.choice(waiting), stage.dice)


def upload(device: Device, sha: str, dice: Random) -> None:
    """As `pwa/src/transport/blobs.ts` does: on from where the server says, and anew when it says that this is over."""
    data = device.files[sha]
    asked = {"v": VERSION, "sha256": sha, "size": len(data), "media_type": "image/jpeg", "person": device.person}
    reply = told(device.ask_blob("blobs", json.dumps(asked).encode()))
    for _ in range(PIECES):
        if not reply or reply["state"] == "complete":
            break
        offset = reply["offset"]
        piece = data[offset : offset + dice.randint(1, len(data))]
        checksum = b64encode(hashlib.sha256(piece).digest()).decode()
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {checksum}",
        }
        reply = told(device.ask_blob(f"blobs/uploads/{reply['upload']}", piece, headers))
    # Which epoch an answer is of is not known before a page or a push tells one (SPEC 8.9).
    if reply and reply["state"] == "complete" and device.epoch:
        with device.store.transaction(device):
            device.told = {**device.told, sha: reply["log_seq"]}


def told(answer: tuple[int, bytes]) -> dict[str, Any]:
    """What the server says of an upload; nothing where it is to be announced anew."""
    status, data = answer
    if status in UNAVAILABLE:
        raise RefusedError(status, data)
    if status != 200:
        assert status in (404, 409, 422), (status, data)
        return {}
    try:
        return json.loads(data)
    except ValueError as problem:
        raise LostError from problem


def look(stage: Stage, device: Device) -> None:
    """Somebody opens a photo that a row on their device shows."""
    if shown := sorted(row["sha256"] for row in device.all("thing_photo")):
        check_seen(stage, device, stage.dice.choice(shown))


def check_seen(stage: Stage, device: Device, sha: str) -> bool:
    """What is seen are the bytes that were taken, as far as the link carries them; of one erased it is nothing."""
    status, data = device.ask_blob(f"blobs/{sha}", None)
    if status in UNAVAILABLE:
        raise RefusedError(status, data)
    assert status in (200, 404), (status, data)
    if status == 404:
        return False
    assert not stage.album.is_erased(sha), "an erased photo is seen"
    assert stage.album.taken[sha].startswith(data), "another photo is seen"
    return data == stage.album.taken[sha]


def erase(stage: Stage, _device: Device) -> None:
    """Somebody asks that what a photo shows be erased; the operator repeats what the server died over."""
    known = {pk for pk in stage.album.subjects.values() if stage.world.row("thing", pk)} - stage.album.erased
    if not known:
        return
    pk, place = stage.dice.choice(sorted(known)), stage.world.place
    listing = EraseList(stage.folder / "erased.jsonl")
    repeat(stage, lambda: erase_subject(place, listing, OPERATOR, ("thing", pk), stage.server.moment()))
    stage.album.erased.add(pk)
    sweep(stage, _device)


def sweep(stage: Stage, _device: Device) -> None:
    """The operator's weekly clean-up."""
    repeat(stage, lambda: keeping.sweep(stage.server.shelf))


def repeat(stage: Stage, act: Callable[[], object]) -> None:
    """Do it until it is done."""
    while not stage.server.operate(act):
        continue


def send_all(stage: Stage) -> None:
    """The links are good: every device delivers what it holds."""
    for device in stage.devices:
        for _ in range(50 * len(device.files)):
            if device.files.keys() <= device.told.keys():
                break
            with suppress(LostError):  # a session that is over
                send_photo(stage, device)
        assert device.files.keys() <= device.told.keys(), "a photo never arrives"


def check_photos(stage: Stage) -> None:
    """No photo is lost, none erased is there, and whoever sees a row sees what it shows (promises 1 and 2)."""
    album, shelf = stage.album, stage.server.shelf
    if not album.taken:
        return
    stage.world.now += 201 * DAY
    keeping.sweep(shelf)
    with stage.world.place.snapshot() as session:
        kept = {blob.sha256 for blob in session.query(Blob)}
        assert list(find_damage(session, shelf.store)) == []
    on_disk = {key.rpartition("/")[2].partition(".")[0] for key, _ in shelf.store.listing()}
    gone = {sha for sha in album.taken if album.is_erased(sha)}
    assert not gone & (kept | on_disk), "an erased photo is kept"
    for device in stage.devices:
        device.sign_in_again("expired")
        for row in device.all("thing_photo"):
            assert row["sha256"] in album.forgiven or check_seen(stage, device, row["sha256"]), "a photo is lost"


ACTS: dict[Callable[[Stage, Device], None], int] = {photograph: 4, send_photo: 8, look: 4, erase: 1, sweep: 1}
"""How often each happens."""
