"""Reads the folder that the sandbox's mail server fills (config/smtp_sink.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

PAGE = 40
_NAME = re.compile(r"\A\d{20}\.[0-9a-f]{16}\.eml\Z")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `text` and `html` are its two bodies; `came_at` is the real instant it came."""

    name: str
    came_at: datetime
    sender: str
    to: str
    subject: str
    message_id: str
    text: str
    html: str

    def holds(self, words: str) -> bool:
        """Whether every word occurs somewhere."""
        hay = f"{self.sender} {self.to} {self.subject} {self.text}".lower()
        return all(word in hay for word in words.lower().split())


def listing(folder: Path | str, *, query: str = "", before: str = "") -> tuple[list[Letter], str]:
    """Newest first, one page; and the name to go on before, or "". A folder that is not there is empty."""
    names = sorted((p.name for p in _folder(folder).glob("*.eml") if _NAME.match(p.name)), reverse=True)
    if before:
        names = [name for name in names if name < before]
    found: list[Letter] = []
    for name in names:
        letter = read(folder, name)
        if letter is not None and (not query or letter.holds(query)):
            found.append(letter)
        if len(found) > PAGE:
            return found[:PAGE], found[PAGE - 1].name
    return found, ""


def read(folder: Path | str, name: str) -> Letter | None:
    """One mail by its file's name; None for anything that is not the name of a stored mail."""
    if not _NAME.match(name):
        return None
    try:
        raw = (_folder(folder) / name).read_bytes()
    except OSError:
        return None
    message = message_from_bytes(raw, policy=policy.default)
    return Letter(
        name=name,
        came_at=datetime.fromtimestamp(int(name[:20]) / 1e9, tz=UTC),
        sender=str(message.get("From", "")),
        to=", ".join(str(value) for value in message.get_all("X-Envelope-To", [])) or str(message.get("To", "")),
        subject=str(message.get("Subject", "(no subject)")),
        message_id=str(message.get("Message-ID", "")),
        text=_body(message, "plain"),
        html=_body(message, "html"),
    )


def _folder(folder: Path | str) -> Path:
    return Path(folder) / "new"


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # an unknown charset: show what can be shown
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
