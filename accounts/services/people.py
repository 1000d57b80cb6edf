"""A person's own account: sign-up, settings, password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import mail
from accounts.enums import AccountKind, MemberRoleChoice, Theme
from accounts.models import Account, Membership, User
from accounts.timezones import is_known
from core import audit, outbox
from core.errors import InvalidInputError, NotAllowedError, StrangerError
from core.permissions import Actor, StaffRole

OWN_KINDS = (AccountKind.FREELANCER, AccountKind.CLIENT)


def sign_up(
    *,
    email: str,
    name: str,
    password: str,
    kind: str,
    actor: Actor,
    now: datetime,
    timezone: str = "UTC",
    language: str = "en",
    account_name: str = "",
) -> User:
    """Make a person with an account of their own, as freelancer or as client.

    `account_name` is what the other side sees; the person's name when left empty. A `language` that the
    product does not speak becomes English.
    Raises InvalidInputError (address taken, weak password, unknown kind or zone).
    """
    email = email.strip().lower()
    if kind not in OWN_KINDS:
        raise InvalidInputError({"kind": _("Choose whether you work as a freelancer or hire as a client.")})
    if not is_known(timezone):
        raise InvalidInputError({"timezone": _("Choose a time zone from the list.")})
    _check_password(password, User(email=email, name=name), field="password")
    with transaction.atomic():
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    email,
                    password,
                    name=name.strip(),
                    timezone=timezone,
                    language=language if speaks(language) else "en",
                )
        except IntegrityError as error:
            raise InvalidInputError({"email": _taken()}) from error
        account = Account.objects.create(kind=kind, name=account_name.strip() or user.name, created_at=now)
        Membership.objects.create(user=user, account=account, role=MemberRoleChoice.OWNER, joined_at=now)
        audit.append(
            chain=account.pk,
            rule="S02",
            act="sign_up",
            obj=account,
            actor=actor,
            now=now,
            payload={"user": user.pk, "kind": kind},
        )
    return user


def speaks(language: str) -> bool:
    """Whether the product has this language."""
    return language in dict(settings.LANGUAGES)


def _taken() -> str:
    return _("There is already an account with this address. Sign in, or reset the password.")


def update_settings(
    *,
    user_id: UUID,
    name: str,
    timezone: str,
    theme: str,
    shortcut_keys: bool,
    actor: Actor,
    now: datetime,  # noqa: ARG001 - every command takes its one now
    language: str = "",
    out_of_office_until: datetime | None = None,
) -> User:
    """Change how the product looks and speaks to oneself. Raises StrangerError for somebody else's settings."""
    if actor.user_id != user_id:
        raise StrangerError
    if not is_known(timezone):
        raise InvalidInputError({"timezone": _("Choose a time zone from the list.")})
    if theme not in Theme.values:
        raise InvalidInputError({"theme": _("Choose one of the three.")})
    if language and not speaks(language):
        raise InvalidInputError({"language": _("Choose a language from the list.")})
    if not name.strip():
        raise InvalidInputError({"name": _("Fill in your name: the other side sees it.")})
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        user.name, user.timezone, user.theme, user.shortcut_keys = name.strip(), timezone, theme, shortcut_keys
        user.language = language or user.language
        user.out_of_office_until = out_of_office_until
        user.save(update_fields=["name", "timezone", "language", "theme", "shortcut_keys", "out_of_office_until"])
    return user


def mute_mail(*, user_id: UUID, kinds: list[str], actor: Actor, now: datetime) -> None:  # noqa: ARG001
    """Store which kinds of notices are not mailed. The caller has taken the legal ones out."""
    if actor.user_id != user_id:
        raise StrangerError
    User.objects.filter(pk=user_id).update(muted_mail=sorted(set(kinds)))


def change_password(*, user_id: UUID, old: str, new: str, actor: Actor, now: datetime) -> User:  # noqa: ARG001
    """Change one's password. All other sessions of the person end (the session hash changes)."""
    if actor.user_id != user_id:
        raise StrangerError
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        if not user.check_password(old):
            raise InvalidInputError({"old": _("This is not your present password.")})
        _check_password(new, user, field="new")
        user.set_password(new)
        user.save(update_fields=["password"])
    return user


def ask_password_reset(*, email: str, now: datetime) -> None:
    """Send a link to set a new password. Says nothing about whether the address is known."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is not None:
        with transaction.atomic():
            outbox.put(mail.HANDLER, {"kind": "reset", "user_id": str(user.pk)}, now=now)


# Rooms above that have to act when a person is deactivated, loses a staff role or joins an account (config/wiring.py).
_on_new_standing: list[Callable[[UUID, datetime], object]] = []


def on_new_standing(react: Callable[[UUID, datetime], object]) -> None:
    """Register a reaction (person's id, instant) that runs in the transaction of the change."""
    if react not in _on_new_standing:
        _on_new_standing.append(react)


def standing_changed(*, user_id: UUID, now: datetime) -> None:
    """Tell the rooms above: a specialist who may no longer have a case leaves it at once (rulebook section 4)."""
    for react in _on_new_standing:
        react(user_id, now)


def set_active(*, user_id: UUID, active: bool, actor: Actor, now: datetime) -> None:
    """Let a person in or not (admin only). Clocks, defaults and stored notices go on without them.

    A specialist's open cases go to somebody else in the same transaction (rulebook section 4).
    """
    if not actor.is_staff(StaffRole.ADMIN):
        raise NotAllowedError(_("Only an admin does this."))
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        user.is_active = active
        user.save(update_fields=["is_active"])
        audit.append(
            chain=user.pk,
            rule="S4",
            act="activate" if active else "deactivate",
            obj=user,
            actor=actor,
            now=now,
        )
        if not active:
            standing_changed(user_id=user_id, now=now)


def _check_password(password: str, user: User, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInputError({field: " ".join(error.messages)}) from error
