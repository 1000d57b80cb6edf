"""Signatures of both directions: HMAC-SHA256 over the timestamp and the body."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

TIMESTAMP = "X-Brief-Timestamp"
SIGNATURE = "X-Brief-Signature"
IDEMPOTENCY = "Idempotency-Key"
WINDOW = timedelta(minutes=5)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 over `timestamp.body`."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def headers(secret: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """Headers of a signed message."""
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: sign(secret, timestamp, body)}


def problem_of(secret: str, timestamp: str, signature: str, body: bytes, *, now: datetime) -> str:
    """Why a signed message cannot be trusted, or nothing. The signature is compared in constant time."""
    expected = sign(secret, timestamp, body)
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        return "signature"
    # Only now is the timestamp known to be the sender's own.
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:  # noqa: PLR2004
        return "timestamp"
    sent = datetime.fromtimestamp(int(timestamp), tz=UTC)
    return "timestamp" if abs(now - sent) > WINDOW else ""
