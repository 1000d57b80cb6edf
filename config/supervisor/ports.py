"""Ports: is one free, does somebody answer at it."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from typing import Final

_POLL_SECONDS: Final = 0.05


class PortError(Exception):
    """A port cannot be used; the text is one plain line."""


def _try(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno or errno.EINVAL
    return 0


def require_free(host: str, port: int, *, variable: str, patience: float = 0.0) -> None:
    """Return once the port is free, waiting up to *patience* seconds for it.

    Raises:
        PortError: it is taken, or may not be used.
    """
    end = time.monotonic() + patience
    while number := _try(host, port):
        if number == errno.EADDRINUSE and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
            continue
        if number == errno.EADDRINUSE:
            another = port + 10
            message = (
                f"Port {port} is taken by another program. Stop that, or choose another port: "
                f"make run {variable}={another}"
            )
        elif number == errno.EACCES:
            message = f"Port {port} needs more rights than this user has. Choose one above 1023."
        elif number == errno.EADDRNOTAVAIL:
            message = f"{host} is not an address of this machine (HOST)."
        else:
            message = f"Port {port} cannot be used (error {errno.errorcode.get(number, number)})."
        raise PortError(message)


async def answers(host: str, port: int) -> bool:
    """Tell whether something accepts connections there."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
