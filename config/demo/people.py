"""Who lives in the demonstration world. All share one password, shown on the sign-in page in sandbox mode."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from accounts.enums import AccountKind, MemberRoleChoice, StaffRoleChoice
from accounts.models import Account, Membership, User
from accounts.sandbox import DEMO_PASSWORD
from accounts.selectors import actor_for
from core.permissions import Actor

PASSWORD = DEMO_PASSWORD  # the sign-in page shows it; production refuses this mode


@dataclass(frozen=True, slots=True)
class Person:
    """A person and the account they own or belong to."""

    email: str
    name: str
    zone: str
    account: str = ""
    role: str = MemberRoleChoice.OWNER
    staff: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class Party:
    """A party account."""

    key: str
    kind: str
    name: str
    place: str


PARTIES = (
    Party("rafael", AccountKind.FREELANCER, "Rafael Domingo", "Manila"),
    Party("amara", AccountKind.FREELANCER, "Amara Okafor", "Lagos"),
    Party("linnea", AccountKind.FREELANCER, "Linnea Lindqvist", "Stockholm"),
    Party("karim", AccountKind.FREELANCER, "Karim Haddad", "Casablanca"),
    Party("ivana", AccountKind.FREELANCER, "Ivana Novak", "Zagreb"),
    Party("harrow", AccountKind.AGENCY, "Harrow & Finch Studio", "Dublin"),
    Party("northwind", AccountKind.COMPANY, "Northwind Goods", "Toronto"),
    Party("halden", AccountKind.COMPANY, "Halden Studio", "London"),
    Party("pinecrest", AccountKind.CLIENT, "Pinecrest Books", "Paris"),
    Party("greyline", AccountKind.COMPANY, "Greyline SaaS", "Denver"),
    Party("ember", AccountKind.CLIENT, "Ember Coffee Co.", "Mexico City"),
    Party("tallis", AccountKind.COMPANY, "Tallis Robotics", "Seoul"),
)

PEOPLE = (
    Person("rafael@evenhand.example", "Rafael Domingo", "Asia/Manila", "rafael"),
    Person("amara@evenhand.example", "Amara Okafor", "Africa/Lagos", "amara"),
    Person("linnea@evenhand.example", "Linnea Lindqvist", "Europe/Stockholm", "linnea"),
    Person("karim@evenhand.example", "Karim Haddad", "Africa/Casablanca", "karim"),
    Person("ivana@evenhand.example", "Ivana Novak", "Europe/Zagreb", "ivana"),
    Person("niamh@evenhand.example", "Niamh Harrow", "Europe/Dublin", "harrow"),
    Person("tomasz@evenhand.example", "Tomasz Finch", "Europe/Dublin", "harrow", MemberRoleChoice.CASE_MANAGER),
    Person("bea@evenhand.example", "Bea Alves", "Europe/Lisbon", "harrow", MemberRoleChoice.MEMBER),
    Person("ellen@evenhand.example", "Ellen Marsh", "America/Toronto", "northwind"),
    Person("josh@evenhand.example", "Josh Pike", "America/Toronto", "northwind", MemberRoleChoice.MEMBER),
    Person("peter@evenhand.example", "Peter Halden", "Europe/London", "halden"),
    Person("grace@evenhand.example", "Grace Moreau", "Europe/Paris", "pinecrest"),
    Person("dana@evenhand.example", "Dana Whitfield", "America/Denver", "greyline"),
    Person("luis@evenhand.example", "Luis Herrera", "America/Mexico_City", "ember"),
    Person("hana@evenhand.example", "Hana Kim", "Asia/Seoul", "tallis"),
    Person("priya@evenhand.example", "Priya Nair", "Asia/Kolkata", staff=(StaffRoleChoice.SUPPORT,)),
    Person("marcus@evenhand.example", "Marcus Bell", "America/New_York", staff=(StaffRoleChoice.SUPPORT,)),
    Person("maya@evenhand.example", "Maya Okonkwo", "America/Chicago", staff=(StaffRoleChoice.SPECIALIST,)),
    Person("tomas@evenhand.example", "Tomas Brandt", "Europe/Berlin", staff=(StaffRoleChoice.SPECIALIST,)),
    Person("ines@evenhand.example", "Ines Carvalho", "America/Sao_Paulo", staff=(StaffRoleChoice.SPECIALIST,)),
    Person("dev@evenhand.example", "Dev Raman", "Europe/London", staff=(StaffRoleChoice.SUPERVISOR,)),
    Person("ruth@evenhand.example", "Ruth Adeyemi", "Europe/London", staff=(StaffRoleChoice.CLERK,)),
    Person("sam@evenhand.example", "Sam Ortiz", "America/Los_Angeles", staff=(StaffRoleChoice.ADMIN,)),
    Person("alex@evenhand.example", "Alex Lindgren", "Europe/Stockholm", staff=(StaffRoleChoice.ADMIN,)),
)


@dataclass(slots=True)
class Cast:
    """Everybody, by the first part of the address; parties by key."""

    users: dict[str, User] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Build the actor of a person as they are now."""
        return actor_for(self.users[name])


def gather(now: datetime) -> Cast:
    """Create everybody. Raises RuntimeError outside the sandbox: these passwords are public."""
    if not settings.SANDBOX:
        raise RuntimeError("The demonstration world exists in sandbox mode only.")
    cast = Cast()
    for party in PARTIES:
        cast.accounts[party.key] = Account.objects.create(
            kind=party.kind, name=party.name, place=party.place, created_at=now
        )
    shared: str | None = None
    for person in PEOPLE:
        user = User(
            email=person.email,
            name=person.name,
            timezone=person.zone,
            staff_roles=list(person.staff),
            languages=list(person.languages),
        )
        if shared is None:
            user.set_password(PASSWORD)
            shared = user.password  # one slow hash for all: they share the password anyway
        user.password = shared
        user.save(force_insert=True)
        cast.users[person.email.partition("@")[0]] = user
        if person.account:
            Membership.objects.create(user=user, account=cast.accounts[person.account], role=person.role, joined_at=now)
    return cast
