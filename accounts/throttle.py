"""Slows down guessing: counts failures per account and address, in the cache.

The address is the connection's own (`REMOTE_ADDR`): a header that anybody may send does not count.
Without the cache nobody is locked out; the password hash itself is slow.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.core.cache import cache

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `limit` failures within `seconds`, per key."""

    name: str
    limit: int
    seconds: int

    def blocked(self, key: str) -> bool:
        """Whether this key has used up its tries."""
        try:
            return int(cache.get(self._key(key), 0)) >= self.limit
        except Exception:  # the cache is away: signing in must go on
            log.exception("throttle %s cannot be read", self.name)
            return False

    def count(self, key: str) -> None:
        """Count one failure. Atomic in Redis: add sets the window, incr keeps it."""
        try:
            if not cache.add(self._key(key), 1, self.seconds):
                cache.incr(self._key(key))
        except ValueError:  # the window ended between the two
            cache.add(self._key(key), 1, self.seconds)
        except Exception:
            log.exception("throttle %s cannot be written", self.name)

    def clear(self, key: str) -> None:
        """Forget the failures (after a success)."""
        try:
            cache.delete(self._key(key))
        except Exception:
            log.exception("throttle %s cannot be cleared", self.name)

    def _key(self, key: str) -> str:
        return f"throttle:{self.name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


# One address may try one account 5 times in 15 minutes, all accounts together 50 times an hour.
SIGN_IN_PAIR = Throttle("sign-in-pair", 5, 15 * 60)
SIGN_IN_ADDRESS = Throttle("sign-in-address", 50, 60 * 60)
SIGN_UP = Throttle("sign-up", 20, 60 * 60)
RESET = Throttle("reset", 5, 60 * 60)
EMAIL_CHANGE = Throttle("email-change", 10, 60 * 60)
