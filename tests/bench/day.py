"""Mutations as a busy company writes them: customers, and contacts that happened, each about one kilobyte."""

import random
import time
from collections.abc import Mapping, Sequence

from server.shared.ids import new_id
from sync.core.mutation import Mutation, encode

LINE_BYTES = 1_000
WORDS = "客戶說報價偏高想再看一次規格下週三前回覆交期庫存保固付款條件樣品測試主管同意比價替代料運費"


def customers(count: int) -> list[Mutation]:
    """New customers."""
    return [_create("customer", {"name": f"量測股份有限公司 {number}", "tier": "B"}) for number in range(count)]


def contacts_made(count: int, customer_ids: Sequence[str]) -> list[Mutation]:
    """Visits with notes that fill the line up to about 1,000 bytes, spread over the customers."""
    dice = random.Random(len(customer_ids) + count)
    return [_visit(customer_ids[number % len(customer_ids)], dice) for number in range(count)]


def _visit(customer_id: str, dice: random.Random) -> Mutation:
    fields = {
        "customer_id": customer_id,
        "channel": "visit",
        "direction": "out",
        "outcome": dice.choice(("progress", "same", "concern")),
        "started_at": time.time_ns() // 1_000_000 - dice.randrange(10**9),
        "next_step": "".join(dice.choices(WORDS, k=20)),
    }
    room = LINE_BYTES - len(encode(_create("interaction", fields | {"notes": ""})))
    return _create("interaction", fields | {"notes": "".join(dice.choices(WORDS, k=room // 3))})


def _create(entity: str, patch: Mapping[str, object]) -> Mutation:
    now = time.time_ns() // 1_000_000
    return Mutation(new_id(), entity, new_id(), "create", None, {}, patch, (now, 0), 1)
