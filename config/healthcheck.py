"""``python -m config.healthcheck web|chain``: exit code 0 when it is well.

``web``
    the site answers on this machine, whatever it answers, but no error of its own.
``chain``
    a tick has gone the whole way lately: beat, Redis, worker, PostgreSQL. A
    worker that lost its queue still runs, so its process proves nothing.
"""

from __future__ import annotations

import http.client
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

_PORT: Final = 8000
_SERVER_ERROR: Final = 500
_LONGEST_SILENCE: Final = timedelta(minutes=3)


def web() -> str:
    """Return what is wrong with the site, or nothing."""
    hosts = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")
    connection = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": hosts[0].strip()})
        status = connection.getresponse().status
    except OSError as error:
        return f"The site does not answer: {error.strerror or error}."
    finally:
        connection.close()
    return f"The site answers {status}." if status >= _SERVER_ERROR else ""


def chain() -> str:
    """Return what is wrong with the chain from beat to the database, or nothing."""
    import django  # noqa: PLC0415 - `web` must stay light

    django.setup()
    from core.models import Heartbeat  # noqa: PLC0415 - needs the app registry

    last = Heartbeat.objects.filter(name="relay").values_list("at", flat=True).first()
    if last is None:
        return "No tick has come through yet."
    silence = datetime.now(tz=UTC) - last
    return f"The last tick came through {silence} ago." if silence > _LONGEST_SILENCE else ""


def main() -> int:
    """Check one thing."""
    checks = {"web": web, "chain": chain}
    if len(sys.argv) != 2 or sys.argv[1] not in checks:  # noqa: PLR2004 - the program and one word
        sys.stderr.write("Say what to check: web or chain.\n")
        return 2
    trouble = checks[sys.argv[1]]()
    sys.stderr.write(trouble + "\n" if trouble else "")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
