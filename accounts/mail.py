"""Mails about the account itself: a new password, an invitation. They leave by the outbox."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Invitation, User

HANDLER = "accounts.mail"


def deliver(payload: dict[str, Any]) -> None:
    """Send one mail (outbox handler). May run twice: a second link is as good as the first."""
    if payload["kind"] == "reset":
        _send_reset(payload["user_id"])
    else:
        _send_invitation(payload["invitation_id"])


def _send_reset(user_id: str) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    # The token is made here, not stored in the outbox: a row there opens no door.
    path = reverse(
        "accounts:reset_confirm",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )
    _send("reset", "Set a new password for Evenhand", user.email, {"user": user, "path": path})


def _send_invitation(invitation_id: str) -> None:
    invitation = (
        Invitation.objects.select_related("account", "invited_by")
        .filter(pk=invitation_id, accepted_at__isnull=True, revoked_at__isnull=True)
        .first()
    )
    if invitation is None:
        return
    path = reverse("accounts:invitation", args=[invitation.pk])
    subject = f"{invitation.invited_by.name} invites you to work for {invitation.account.name}"
    _send("invitation", subject, invitation.email, {"invitation": invitation, "path": path})


def _send(name: str, subject: str, to: str, context: dict[str, Any]) -> None:
    context = {
        "MARKETPLACE": settings.MARKETPLACE_NAME,
        "link": settings.SITE_URL.rstrip("/") + context["path"],
        "subject": subject,
        **context,
    }
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"accounts/email/{name}.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"accounts/email/{name}.html", context), "text/html")
    message.send()
