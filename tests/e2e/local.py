"""Reads what a device itself holds, straight from its IndexedDB, and sums it by the protocol's own rule."""

import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from sync.core import digest
from tests.e2e.books import Sum

READ = """async (person) => {
  const settled = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const db = await settled(indexedDB.open(`baifang-${person}`));
  const read = db.transaction(["mirror", "outbox", "drafts", "meta"]);
  const all = (name) => settled(read.objectStore(name).getAll());
  const asked = ["mirror", "outbox", "drafts", "meta"].map(all);
  const names = settled(read.objectStore("meta").getAllKeys());
  const [mirror, outbox, drafts, values] = await Promise.all(asked);
  const meta = Object.fromEntries((await names).map((name, at) => [name, values[at]]));
  db.close();
  const text = new TextDecoder();
  return {
    mirror: mirror.map(({ entity, pk, body, rev, scope }) => ({ entity, pk, body, rev, scope })),
    outbox: outbox.map(({ acked, line }) => ({ acked, line: text.decode(line) })),
    drafts: drafts.map(({ value }) => JSON.stringify(value)),
    device: meta.device, cursor: meta.cursor, scopes: meta.scopes, joins: Object.keys(meta.joins ?? {}),
  };
}"""
VERIFY = """async (request) => {
  const headers = { "X-Baifang": "1", "content-type": "application/json" };
  const reply = await fetch("/sync/v1/verify", { method: "POST", headers, body: JSON.stringify(request) });
  return (await reply.json()).results;
}"""


@dataclass(frozen=True)
class Local:
    """One person's database on one device, as it was when it was read."""

    found: dict[str, Any]

    @property
    def unsent(self) -> list[str]:
        """Mutations that the server has not acknowledged."""
        return [entry["line"] for entry in self.found["outbox"] if not entry["acked"]]

    @property
    def texts(self) -> list[str]:
        """Everything typed that lies here only: unsent mutations and drafts."""
        return [*self.unsent, *self.found["drafts"]]

    @property
    def is_whole(self) -> bool:
        """Whether every granted scope has been downloaded."""
        return self.found["scopes"] is not None and not self.found["joins"]

    def rows(self, entity: str) -> dict[str, dict[str, Any]]:
        """The mirrored rows of an entity by id."""
        return {row["pk"]: json.loads(row["body"]) for row in self.found["mirror"] if row["entity"] == entity}

    def sums(self) -> dict[str, Sum]:
        """Each granted scope's sum, from the bodies themselves."""
        totals: dict[str, tuple[int, int]] = dict.fromkeys(self.found["scopes"], (0, 0))
        for row in self.found["mirror"]:
            count, total = totals.get(row["scope"], (0, 0))
            one = digest.row_digest(row["entity"], row["pk"], tuple(row["rev"]), row["body"].encode())
            totals[row["scope"]] = (count + 1, digest.add(total, one))
        return {scope: Sum(count, digest.to_hex(total)) for scope, (count, total) in totals.items()}


def read_local(page: Page, person_id: str) -> Local:
    """What this page's device holds of a person now."""
    return Local(page.evaluate(READ, person_id))


def server_verdicts(page: Page, local: Local) -> dict[str, str]:
    """What the server says of these sums at this device's cursor (SPEC 13.2)."""
    scopes = {scope: {"count": one.count, "sum": one.sum} for scope, one in local.sums().items()}
    asked = {"v": 1, "device": local.found["device"], "cursor": local.found["cursor"], "scopes": scopes}
    return page.evaluate(VERIFY, asked)
