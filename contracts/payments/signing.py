"""Signed HTTP in both directions: HMAC-SHA256 over timestamp and body, with a window against replays.

Timestamps are real seconds since 1970, on purpose not the test clock's: two machines compare them.
"""

from __future__ import annotations

import hashlib
import hmac
import time

WINDOW = 300  # seconds a signature is good for, either way
TIMESTAMP = "X-Evenhand-Timestamp"
SIGNATURE = "X-Evenhand-Signature"
KEY = "Idempotency-Key"


def sign(body: bytes, secret: str, *, at: int | None = None) -> dict[str, str]:
    """Headers for a body sent now (or at the epoch second `at`)."""
    moment = str(int(time.time()) if at is None else at)
    return {TIMESTAMP: moment, SIGNATURE: _digest(moment, body, secret)}


def verify(body: bytes, timestamp: str, signature: str, secret: str, *, now: float | None = None) -> str:
    """Return "" for a good signature, else what is wrong with it (for the log, not for the caller)."""
    if not timestamp or not signature:
        return "not signed"
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:  # noqa: PLR2004
        return "timestamp is not a number of seconds"
    if not hmac.compare_digest(_digest(timestamp, body, secret).encode(), signature.encode("utf-8", "replace")):
        return "signature does not fit"
    if abs((time.time() if now is None else now) - int(timestamp)) > WINDOW:
        return "outside the time window"
    return ""


def _digest(timestamp: str, body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
