"""Where the embedded servers keep their things, and how they are addressed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from config.embedded.errors import ServiceError

ROOT: Final = Path(__file__).resolve().parent.parent.parent
#: Linux allows 107 bytes, macOS 103; the longest name put into the folder follows.
_SOCKET_LIMIT: Final = 103 - len("/.s.PGSQL.5432.lock")
_PLAIN: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-",
)
_PRIVATE: Final = 0o700


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One set of servers and their data."""

    name: str
    durable: bool
    home: Path

    @classmethod
    def named(cls, name: str, *, data: Path | None = None) -> Profile:
        """Return the profile ``dev`` or ``test``.

        *data* is the data folder, by default ``EVENHAND_DATA`` or ``.data``.

        Raises:
            ServiceError: there is no such profile.
        """
        if data is None:
            data = Path(os.environ.get("EVENHAND_DATA") or ROOT / ".data")
        folders = {"dev": "", "test": "test"}
        if name not in folders:
            message = f"There is no profile {name!r}: use dev or test."
            raise ServiceError(message)
        return cls(name=name, durable=name == "dev", home=(data / folders[name]).absolute())

    @property
    def postgres_data(self) -> Path:
        """The PostgreSQL cluster."""
        return self.home / "pg"

    @property
    def redis_data(self) -> Path:
        """Redis's append-only file."""
        return self.home / "redis"

    @property
    def log_folder(self) -> Path:
        """The servers' logs."""
        return self.home / "log"

    @property
    def sockets(self) -> Path:
        """The folder of both sockets.

        A socket's path is limited to about a hundred bytes, and some clients
        mishandle spaces in it; a checkout that lies too deep or has such a
        name gets a short private folder elsewhere.
        """
        wanted = self.home / "run"
        text = str(wanted)
        if len(os.fsencode(text)) <= _SOCKET_LIMIT and set(text) <= _PLAIN:
            return wanted
        digest = hashlib.sha256(os.fsencode(text)).hexdigest()[:12]
        base = tempfile.gettempdir()
        if len(base) > _SOCKET_LIMIT - 40 or not set(base) <= _PLAIN:
            base = "/tmp"  # noqa: S108 - the folder made in it is checked to be ours and private
        return Path(base) / f"evenhand-{os.getuid()}-{digest}"

    @property
    def redis_socket(self) -> Path:
        """Redis's socket."""
        return self.sockets / "redis.sock"

    def database_url(self, name: str = "evenhand") -> str:
        """Return the address of a database; it is fixed, whether the server runs or not."""
        return f"postgresql://evenhand@/{name}?host={quote(str(self.sockets), safe='')}"

    def redis_url(self, number: int = 0) -> str:
        """Return the address for Redis clients."""
        return f"unix://{self.redis_socket}?db={number}"

    def broker_url(self, number: int = 0) -> str:
        """Return the same address as Celery spells it."""
        return f"redis+socket://{self.redis_socket}?virtual_host={number}"

    def make_folders(self) -> None:
        """Create the folders, private to this user.

        Raises:
            ServiceError: one cannot be made, or is somebody else's.
        """
        for folder in (self.home, self.log_folder, self.redis_data, self.sockets):
            try:
                folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
                status = folder.lstat()
            except OSError as error:
                message = f"Cannot write to {folder}: {error.strerror}."
                raise ServiceError(message) from None
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
                message = f"{folder} belongs to another user. Remove it, or start as the user who made it."
                raise ServiceError(message)
        # Whoever can reach the sockets is let in without a password.
        self.sockets.chmod(_PRIVATE)

    def forget(self) -> None:
        """Remove the profile's data: database, queue, uploaded files, received mail.

        Raises:
            ServiceError: something cannot be removed, or is being served right now.
        """
        with suppress(FileNotFoundError), (self.home / "run.lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                message = "Evenhand runs from this folder. Stop it with Ctrl-C first."
                raise ServiceError(message) from None
        for name in ("pg", "pg.new", "redis", "media", "mailbox"):
            try:
                shutil.rmtree(self.home / name)
            except FileNotFoundError:
                continue
            except OSError as error:
                message = f"{error.filename} cannot be removed: {error.strerror}."
                raise ServiceError(message) from None
        for mark in ("people.txt", "transient"):
            (self.home / mark).unlink(missing_ok=True)
