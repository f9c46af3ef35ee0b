"""Slows down guessing and flooding: what comes without a session is counted per account and per address."""

import math
import time

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from server.errors import DomainError
from server.settings import Settings

KEY = "baifang.sign_in_limits"


class SignInLimits:
    """The counters of one app; shared by its workers when the storage is."""

    def __init__(self, settings: Settings):
        self.counter = MovingWindowRateLimiter(storage_from_string(settings.limits_storage))
        self.per_account = parse(settings.sign_in_limit_per_account)
        self.per_address = parse(settings.sign_in_limit_per_address)
        self.drains = parse(settings.drain_limit_per_address)

    def count(self, account: str, address: str) -> None:
        """Count one attempt before it is judged; raises too_many_attempts."""
        self.hit(self.per_address, f"address:{address}")
        self.hit(self.per_account, f"account:{account}")

    def count_drain(self, address: str) -> None:
        """Count one delivery of a barred device before it is looked at; raises too_many_attempts."""
        self.hit(self.drains, f"drain:{address}")

    def hit(self, limit: RateLimitItem, key: str) -> None:
        """Count against one limit; raises too_many_attempts with the seconds to wait."""
        if not self.counter.hit(limit, key):
            reset_at = self.counter.get_window_stats(limit, key).reset_time
            wait = max(1, math.ceil(reset_at - time.time()))
            raise DomainError("too_many_attempts", 429, {"retry_after": wait})

    def forgive(self, account: str) -> None:
        """Forget an account's attempts after a success; the address stays counted."""
        self.counter.clear(self.per_account, f"account:{account}")
