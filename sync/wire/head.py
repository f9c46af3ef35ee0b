"""Head: a cheap "anything new?"; its ETag is what matters (SPEC 13.1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeadReply:
    """The body of a 200; `seq` is the highest over the person's scopes, `server_time` in ms."""

    v: int
    epoch: int
    seq: int
    server_time: int
