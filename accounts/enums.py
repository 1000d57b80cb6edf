"""Choices of accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """What kind of party an account is."""

    FREELANCER = "freelancer", _("Freelancer")
    AGENCY = "agency", _("Agency")
    CLIENT = "client", _("Client")
    COMPANY = "company", _("Client company")


FREELANCER_SIDE = frozenset({AccountKind.FREELANCER, AccountKind.AGENCY})
CLIENT_SIDE = frozenset({AccountKind.CLIENT, AccountKind.COMPANY})
# Accounts that several people may work for.
TEAM_KINDS = (AccountKind.AGENCY, AccountKind.COMPANY)


class StaffRoleChoice(models.TextChoices):
    """Staff roles of rulebook section 4 (values of core.permissions.StaffRole)."""

    SUPPORT = "support", _("Support agent")
    SPECIALIST = "specialist", _("Mediation specialist")
    SUPERVISOR = "supervisor", _("Mediation supervisor")
    CLERK = "arb_clerk", _("Arbitration clerk")
    ADMIN = "admin", _("Admin")


class MemberRoleChoice(models.TextChoices):
    """Roles inside a party's account (values of core.permissions.MemberRole)."""

    OWNER = "owner", _("Owner")
    CASE_MANAGER = "case_manager", _("Case manager")
    MEMBER = "member", _("Member")


class Theme(models.TextChoices):
    """How the pages look."""

    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
