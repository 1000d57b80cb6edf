"""Choices of accounts."""

from django.db import models


class AccountKind(models.TextChoices):
    """What kind of party an account is."""

    FREELANCER = "freelancer", "Freelancer"
    AGENCY = "agency", "Agency"
    CLIENT = "client", "Client"
    COMPANY = "company", "Client company"


FREELANCER_SIDE = frozenset({AccountKind.FREELANCER, AccountKind.AGENCY})
CLIENT_SIDE = frozenset({AccountKind.CLIENT, AccountKind.COMPANY})


class StaffRoleChoice(models.TextChoices):
    """Staff roles of rulebook section 4 (values of core.permissions.StaffRole)."""

    SUPPORT = "support", "Support agent"
    SPECIALIST = "specialist", "Mediation specialist"
    SUPERVISOR = "supervisor", "Mediation supervisor"
    CLERK = "arb_clerk", "Arbitration clerk"
    ADMIN = "admin", "Admin"


class MemberRoleChoice(models.TextChoices):
    """Roles inside a party's account (values of core.permissions.MemberRole)."""

    OWNER = "owner", "Owner"
    CASE_MANAGER = "case_manager", "Case manager"
    MEMBER = "member", "Member"


class Theme(models.TextChoices):
    """How the pages look."""

    SYSTEM = "system", "As the device"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"
