"""The processes Evenhand consists of in the sandbox."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from config import env
from config.embedded.profile import ROOT
from config.supervisor.child import Spec


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Addresses and folders of one run, from the environment."""

    host: str
    port: int
    sandbox_port: int
    mail_port: int
    data: Path

    @classmethod
    def from_environment(cls) -> Plan:
        """Read ``HOST``, ``PORT``, ``SANDBOX_PORT``, ``MAIL_PORT`` and ``EVENHAND_DATA``.

        The two other ports follow the first one unless they are given.

        Raises:
            EnvError: one of them cannot be understood.
        """
        port = env.integer("PORT", 8000, at_least=1)
        return cls(
            host=env.text("HOST", "127.0.0.1"),
            port=port,
            sandbox_port=env.integer("SANDBOX_PORT", port + 1, at_least=1),
            mail_port=env.integer("MAIL_PORT", port + 2, at_least=1),
            data=Path(env.text("EVENHAND_DATA", str(ROOT / ".data"))).absolute(),
        )

    @property
    def address(self) -> str:
        """What a person opens."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://{host}:{self.port}/"

    def environment(self) -> dict[str, str]:
        """Return what every process is told."""
        host = self.address.rsplit(":", 1)[0]
        values = {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "EVENHAND_DATA": str(self.data),
            "SITE_URL": f"{host}:{self.port}",
            "SANDBOX_URL": f"{host}:{self.sandbox_port}",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail_port),
        }
        told = {name: value for name, value in values.items() if name not in os.environ}
        return {
            **told,
            "PYTHONUNBUFFERED": "1",
            # The sandbox runs as whoever started it; what Celery fears is pickle, which is off.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }


def _web(plan: Plan, name: str, port: int, extra: dict[str, str]) -> Spec:
    return Spec(
        name=name,
        command=[
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
            "--host", plan.host, "--port", str(port),
            "--workers", "1", "--blocking-threads", "4",
            "--blocking-threads-idle-timeout", "600",
            "--respawn-failed-workers", "--workers-kill-timeout", "3",
            "--log-level", "warning", "config.wsgi:application",
        ],
        port=port,
        environment=plan.environment() | extra,
    )  # fmt: skip


def web(plan: Plan) -> Spec:
    """Return the site itself."""
    return _web(plan, "web", plan.port, {})


def mail(plan: Plan) -> Spec:
    """Return the mail server of the sandbox."""
    return Spec(
        name="mail",
        command=[
            sys.executable, "-m", "config.smtp_sink", "--port", str(plan.mail_port),
            "--mailbox", str(plan.data / "mailbox"),
        ],
        port=plan.mail_port,
        environment=plan.environment(),
    )  # fmt: skip


def others(plan: Plan) -> list[Spec]:
    """Return what may come up after the site answers."""
    celery = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
    environment = plan.environment()
    specs = [
        Spec(
            name="worker",
            command=[
                *celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle",
                "--loglevel", "INFO",
            ],
            environment=environment,
            grace=4.0,
        ),
        Spec(
            name="beat",
            command=[*celery, "beat", "--loglevel", "INFO", "--pidfile="],
            environment=environment,
        ),
    ]  # fmt: skip
    if (ROOT / "config" / "urls_sandbox.py").exists():
        services = {"EVENHAND_ROOT_URLCONF": "config.urls_sandbox"}
        specs.insert(0, _web(plan, "sandbox", plan.sandbox_port, services))
    return specs
