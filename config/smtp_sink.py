"""The sandbox's mail server: takes every message and delivers it to a folder.

What the mailbox page shows has really gone over SMTP. Each message becomes one
file ``<nanoseconds since 1970, 20 digits>.<random>.eml`` in ``MAILBOX/new``, so
the names sort by arrival. It is written in ``MAILBOX/tmp`` first and renamed, so
a reader never sees half of one. The envelope, which the message itself need not
tell, goes in front as ``X-Envelope-From`` and one ``X-Envelope-To`` a recipient.

``python -m config.smtp_sink --port 8002 --mailbox FOLDER``
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

_MAXIMUM_BYTES: Final = 10 * 1024 * 1024
_KEPT_MESSAGES: Final = 5000
_PRIVATE: Final = 0o700


class Mailbox:
    """A folder of received messages."""

    def __init__(self, folder: Path) -> None:
        self.incoming = folder / "tmp"
        self.messages = folder / "new"
        for made in (folder, self.incoming, self.messages):
            made.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)

    def deliver(self, sender: str, recipients: list[str], content: bytes) -> Path:
        """Store one message and return its file."""
        name = f"{time.time_ns():020d}.{secrets.token_hex(8)}.eml"
        head = [f"X-Envelope-From: {_one_line(sender)}"]
        head += [f"X-Envelope-To: {_one_line(recipient)}" for recipient in recipients]
        unfinished = self.incoming / name
        with unfinished.open("wb") as file:
            file.write("".join(f"{line}\r\n" for line in head).encode())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return unfinished.rename(self.messages / name)

    def forget_oldest(self) -> None:
        """Keep the folder bounded: a sandbox that runs for weeks must not fill the disk."""
        names = sorted(os.listdir(self.messages))  # noqa: PTH208 - names alone are enough
        for name in names[: max(0, len(names) - _KEPT_MESSAGES)]:
            (self.messages / name).unlink(missing_ok=True)


def _one_line(address: str) -> str:
    return "".join(character for character in address if character.isprintable())


class Receiver:
    """What aiosmtpd asks at each message."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.received = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's name
        """Answer 250 only when the message is on the disk."""
        content = envelope.content or b""
        if isinstance(content, str):
            content = content.encode()
        try:
            self.mailbox.deliver(envelope.mail_from or "", envelope.rcpt_tos, content)
        except OSError as error:
            return f"452 The mailbox cannot be written: {error.strerror}"
        self.received += 1
        if self.received % 100 == 0:
            self.mailbox.forget_oldest()
        return "250 Kept"


async def serve(host: str, port: int, mailbox: Mailbox) -> None:
    """Take messages until told to stop."""
    receiver = Receiver(mailbox)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(
            receiver,
            hostname="evenhand.example",
            data_size_limit=_MAXIMUM_BYTES,
            enable_SMTPUTF8=True,
            loop=loop,
        ),
        host=host,
        port=port,
    )
    mailbox.forget_oldest()
    async with server:
        await stop.wait()


def main() -> int:
    """Run the server in the foreground."""
    parser = argparse.ArgumentParser(prog="python -m config.smtp_sink")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8002)
    parser.add_argument("--mailbox", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        mailbox = Mailbox(arguments.mailbox)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(arguments.host, arguments.port, mailbox))
    except OSError as error:
        print(f"The mail server cannot start: {error.strerror}.", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
