"""Mails about the account itself: a new password, a new address, an invitation. They leave by the outbox.

Each is written in its reader's language: the person's own; for somebody who has no account yet, the inviter's.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import Invitation, User

HANDLER = "accounts.mail"


def deliver(payload: dict[str, Any]) -> None:
    """Send one mail (outbox handler). May run twice: a second link is as good as the first."""
    kind = payload["kind"]
    if kind == "invitation":
        _send_invitation(payload["invitation_id"])
        return
    user = User.objects.filter(pk=payload["user_id"], is_active=True).first()
    if user is None:
        return
    with translation.override(user.language):
        if kind == "reset":
            _send_reset(user)
        elif kind == "email_link":
            _send_link(user, payload)
        else:
            _send_word(user, payload)


def _send_reset(user: User) -> None:
    # The token is made here, not stored in the outbox: a row there opens no door.
    path = reverse(
        "accounts:reset_confirm",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )
    _send("reset", _("Set a new password for Evenhand"), user.email, {"user": user, "path": path})


def _send_link(user: User, payload: dict[str, Any]) -> None:
    from accounts.services.address import link_token  # noqa: PLC0415 - the service puts these mails into the outbox

    if user.email != payload["old"]:
        return  # the address has changed meanwhile: the link would not count
    token = link_token(user, old=payload["old"], new=payload["new"], until=payload["until"])
    path = reverse("accounts:email_confirm", args=[token])
    context = {"user": user, "new": payload["new"], "path": path}
    _send("email_link", _("Confirm your new address for Evenhand"), payload["new"], context)


def _send_word(user: User, payload: dict[str, Any]) -> None:
    done = payload["kind"] == "email_changed"
    subject = _("Your address for Evenhand is changed") if done else _("A new address is asked for your account")
    path = reverse("accounts:sign_in") if done else reverse("accounts:password")
    context = {"user": user, "new": payload["new"], "done": done, "path": path}
    _send("email_word", subject, payload["old"], context)


def _send_invitation(invitation_id: str) -> None:
    invitation = (
        Invitation.objects.select_related("account", "invited_by")
        .filter(pk=invitation_id, accepted_at__isnull=True, revoked_at__isnull=True)
        .first()
    )
    if invitation is None:
        return
    known = User.objects.filter(email=invitation.email).values_list("language", flat=True).first()
    with translation.override(known or invitation.invited_by.language):
        path = reverse("accounts:invitation", args=[invitation.pk])
        subject = _("{name} invites you to work for {account}").format(
            name=invitation.invited_by.name, account=invitation.account.name
        )
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
        headers={"Auto-Submitted": "auto-generated", "Content-Language": translation.get_language() or "en"},
    )
    message.attach_alternative(render_to_string(f"accounts/email/{name}.html", context), "text/html")
    message.send()
