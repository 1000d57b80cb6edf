"""People, the party accounts they act for, and their staff roles."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from accounts.enums import AccountKind, MemberRoleChoice, StaffRoleChoice, Theme
from core.models import UUIDModel


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; the address is stored in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an admin (manage.py createsuperuser)."""
        fields.setdefault("name", email.split("@", maxsplit=1)[0])
        return self.create_user(email, password, is_superuser=True, staff_roles=[StaffRoleChoice.ADMIN], **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Sign-in ignores the case of the address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin, UUIDModel):
    """A person who signs in by e-mail."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    timezone = models.CharField("time zone", max_length=64, default="UTC")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    shortcut_keys = models.BooleanField("keyboard shortcuts", default=True)
    muted_mail = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    staff_roles = ArrayField(models.CharField(max_length=12, choices=StaffRoleChoice), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    is_active = models.BooleanField("active", default=True)
    mail_bounced_at = models.DateTimeField(null=True, blank=True)
    out_of_office_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_user_email_lower_case"),
        ]

    def __str__(self) -> str:
        """Name."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the Django admin lets this person in."""
        return StaffRoleChoice.ADMIN in self.staff_roles or self.is_superuser

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Rights in the Django admin follow from the role; each page there says what may be changed at all."""
        return (self.is_active and self.is_staff) or super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the admin lists an app."""
        return (self.is_active and self.is_staff) or super().has_module_perms(app_label)

    def get_short_name(self) -> str:
        """First word of the name."""
        return self.name.split(" ")[0]


class Account(UUIDModel):
    """A party: a freelancer, an agency, a client or a client company (S02)."""

    kind = models.CharField(max_length=10, choices=AccountKind)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True, blank=True)
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="party_accounts"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="accounts_account_kind")]

    def __str__(self) -> str:
        """Name."""
        return self.name


class Membership(UUIDModel):
    """A person acting for an account. Removal ends rights at once (rulebook section 4)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=MemberRoleChoice, default=MemberRoleChoice.MEMBER)
    joined_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "account"], condition=Q(removed_at__isnull=True), name="accounts_one_live_membership"
            ),
            models.CheckConstraint(condition=Q(role__in=MemberRoleChoice.values), name="accounts_membership_role"),
        ]

    def __str__(self) -> str:
        """Who, where, as what."""
        return f"{self.user} in {self.account} ({self.get_role_display()})"


class Delegation(UUIDModel):
    """A colleague stands in for a person in the cases of one account, for a time (rulebook section 16).

    In force iff `starts_at <= now < ends_at`, nobody ended it, and both still work for the account.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations")
    delegator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_held")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="accounts_delegation_times"),
            models.CheckConstraint(condition=~Q(delegator=F("delegate")), name="accounts_delegation_two_people"),
        ]
        indexes = [
            models.Index(
                fields=["delegate", "account"], condition=Q(ended_at__isnull=True), name="accounts_delegation_held"
            ),
        ]

    def __str__(self) -> str:
        """Who for whom, where."""
        return f"{self.delegate} for {self.delegator} in {self.account}"


class Invitation(UUIDModel):
    """An e-mail that asks somebody to join an account. Only the person with that address may accept it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=12, choices=MemberRoleChoice, default=MemberRoleChoice.MEMBER)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_one_open_invitation",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_invitation_email_lower_case"),
            models.CheckConstraint(condition=Q(role__in=MemberRoleChoice.values), name="accounts_invitation_role"),
        ]

    def __str__(self) -> str:
        """Address and account."""
        return f"{self.email} to {self.account}"
