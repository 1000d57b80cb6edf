"""Running PostgreSQL although we are root, and never leaving orphans.

PostgreSQL refuses to run as root. As root we therefore start it as ``nobody``,
but keep the two capabilities that let it reach its files: the checkout may lie
below a folder (such as a home folder of mode 700) that ``nobody`` may not
enter, and neither modes of foreign folders nor copies of the binaries should
be needed for that.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from typing import TYPE_CHECKING, Final

from config.embedded.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_KEEPCAPS: Final = 8
_PR_SET_SECUREBITS: Final = 28
_SECBIT_NO_SETUID_FIXUP: Final = 1 << 2
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_RAISE: Final = 2
_CAP_DAC_OVERRIDE: Final = 1
_CAP_DAC_READ_SEARCH: Final = 2
_LINUX_CAPABILITY_VERSION_3: Final = 0x20080522
_USER: Final = "nobody"

_libc = ctypes.CDLL(None, use_errno=True)


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def postgres_user() -> pwd.struct_passwd | None:
    """Return the account PostgreSQL must run under, or None for the present one.

    Raises:
        ServiceError: we are root on a system where this cannot be arranged.
    """
    if os.geteuid() != 0:
        return None
    if not sys.platform.startswith("linux"):
        message = "PostgreSQL does not run as root. Start as an ordinary user."
        raise ServiceError(message)
    try:
        return pwd.getpwnam(_USER)
    except KeyError:
        message = f"PostgreSQL does not run as root and there is no user {_USER!r} to run it as."
        raise ServiceError(message) from None


def die_with_parent(stop_signal: signal.Signals) -> None:
    """Have the kernel send *stop_signal* to this process when its parent ends."""
    if sys.platform.startswith("linux"):
        _check(_libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0))


def _become(account: pwd.struct_passwd) -> None:
    # Without this bit access(2), which PostgreSQL asks about its programs, ignores capabilities.
    # Where it may not be set, it still works for a checkout that everybody may enter.
    _libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    _check(_libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setgroups([account.pw_gid])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    kept = (1 << _CAP_DAC_OVERRIDE) | (1 << _CAP_DAC_READ_SEARCH)
    header = _CapHeader(_LINUX_CAPABILITY_VERSION_3, 0)
    data = (_CapData * 2)(_CapData(kept, kept, kept), _CapData(0, 0, 0))
    _check(_libc.capset(ctypes.byref(header), ctypes.byref(data)))
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        _check(_libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0))


def before_exec(
    account: pwd.struct_passwd | None,
    *,
    dies_with: signal.Signals | None,
) -> Callable[[], None]:
    """Return what a child runs between fork and exec.

    The death signal is set last: changing the user clears it.
    """
    parent = os.getpid()

    def prepare() -> None:
        if account is not None:
            _become(account)
        if dies_with is not None:
            die_with_parent(dies_with)
            if os.getppid() != parent:
                # The parent was gone before the kernel knew that it mattered.
                os._exit(1)

    return prepare
