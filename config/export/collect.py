"""What belongs to one person, room by room, as plain data.

Everything is chosen by what this person may read on the pages; the other side's confidential files and private talk,
its offers and bids, and everything that staff write for each other are never selected, so they cannot slip through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from accounts.models import Delegation, Membership, User
from contracts.enums import MessageKind, Side
from contracts.models import Contract, Message, Payment, Payout, Submission
from core.formatting import format_money
from core.money import Money
from disputes.enums import Audience, BidState
from disputes.models import Consent, Dispute, MessageReport, PageDraft, SupportRequest
from disputes.selectors import UNFILED
from notifications.models import Notice

Row = dict[str, Any]


@dataclass(slots=True)
class Section:
    """One part of the copy: `name` of its JSON file, `title` for people, rows of named values."""

    name: str
    title: str
    rows: list[Row]
    files: list[tuple[str, FieldFile]] = field(default_factory=list)  # path in the ZIP, stored file


@dataclass(frozen=True, slots=True)
class Owner:
    """The person, and the accounts they work for now."""

    user: User
    memberships: list[Membership]

    @property
    def accounts(self) -> set[UUID]:
        """Ids of the accounts."""
        return {m.account_id for m in self.memberships}

    def side_of(self, contract: Contract) -> str:
        """Which side of a contract the person is on."""
        return Side.FREELANCER if contract.freelancer_account_id in self.accounts else Side.CLIENT


def owner_of(user: User) -> Owner:
    """Live memberships only: leaving an account ends its rights at once, and a delegate has none of their own."""
    rows = Membership.objects.filter(user=user, removed_at__isnull=True).select_related("account")
    return Owner(user, list(rows.order_by("joined_at")))


def contracts_of(owner: Owner) -> list[Contract]:
    """Contracts the person is party to, oldest first."""
    mine = Q(freelancer_account__in=owner.accounts) | Q(client_account__in=owner.accounts)
    rows = Contract.objects.filter(mine).select_related("freelancer_account", "client_account")
    return list(rows.order_by("created_at", "id"))


# --- the person --------------------------------------------------------------------------------


def profile(owner: Owner) -> Section:
    """Name, address, choices, accounts."""
    user = owner.user
    every = Membership.objects.filter(user=user).select_related("account").order_by("joined_at")
    delegations = Delegation.objects.filter(Q(delegator=user) | Q(delegate=user)).select_related(
        "account", "delegator", "delegate"
    )
    row = {
        "name": user.name,
        "email": user.email,
        "time_zone": user.timezone,
        "language": user.language,
        "theme": user.theme,
        "keyboard_shortcuts": user.shortcut_keys,
        "mail_switched_off": list(user.muted_mail),
        "mail_comes_back_since": user.mail_bounced_at,
        "registered": user.created_at,
        "last_sign_in": user.last_login,
        "accounts": [
            {
                "account": m.account.name,
                "kind": m.account.get_kind_display(),
                "role": m.get_role_display(),
                "joined": m.joined_at,
                "left": m.removed_at,
            }
            for m in every
        ],
        "delegations": [
            {
                "account": d.account.name,
                "for": d.delegator.name,
                "by": d.delegate.name,
                "from": d.starts_at,
                "until": d.ended_at or d.ends_at,
            }
            for d in delegations
        ],
    }
    return Section("profile", _("You"), [row])


def consents(owner: Owner) -> Section:
    """Texts the person agreed to, word by word."""
    rows = Consent.objects.filter(user=owner.user).select_related("contract", "dispute").order_by("given_at")
    return Section(
        "consents",
        _("What you agreed to"),
        [
            {
                "contract": c.contract.reference,
                "dispute": c.dispute.number if c.dispute else "",
                "kind": c.get_kind_display(),
                "version": c.text_version,
                "text": c.text,
                "given": c.given_at,
            }
            for c in rows
        ],
    )


def notices(owner: Owner) -> Section:
    """What the person was told, about the accounts they still work for."""
    rows = Notice.objects.filter(recipient=owner.user, account__in=owner.accounts).order_by("created_at")
    return Section(
        "notices",
        _("Your notices"),
        [
            {
                "title": n.title,
                "you_may": n.may_do,
                "until": n.until,
                "otherwise": n.otherwise,
                "details": n.details,
                "at": n.created_at,
                "read": n.read_at,
                "mailed": n.mailed_at,
            }
            for n in rows
        ],
    )


def reports(owner: Owner) -> Section:
    """Messages the person reported."""
    rows = MessageReport.objects.filter(reported_by=owner.user).select_related("contract").order_by("reported_at")
    return Section(
        "reports",
        _("Messages you reported"),
        [
            {
                "contract": r.contract.reference,
                "reason": r.get_reason_display(),
                "details": r.details,
                "at": r.reported_at,
                "state": r.get_state_display(),
                "answer": r.decision_text,
            }
            for r in rows
        ],
    )


def drafts(owner: Owner) -> Section:
    """Typed and not sent."""
    rows = PageDraft.objects.filter(user=owner.user).select_related("dispute").order_by("saved_at")
    wizard = Dispute.objects.filter(created_by=owner.user, state__in=UNFILED).exclude(draft={})
    found: list[Row] = [
        {"dispute": d.dispute.number, "page": d.page, "typed": d.data, "saved": d.saved_at} for d in rows
    ]
    found += [{"dispute": d.number, "page": "claim", "typed": d.draft, "saved": d.draft_saved_at} for d in wizard]
    return Section("drafts", _("Typed and not sent"), found)


def payments(owner: Owner, contracts: list[Contract]) -> Section:
    """Money the person's accounts paid in or were paid."""
    sides = {c.pk: (c.reference, owner.side_of(c)) for c in contracts}
    rows: list[Row] = []
    for p in Payment.objects.filter(contract__in=contracts).order_by("started_at"):
        reference, side = sides[p.contract_id]
        if p.side == side:
            rows.append(
                {
                    "contract": reference,
                    "what": p.get_purpose_display(),
                    "amount": _money(p.amount, p.currency),
                    "state": p.get_state_display(),
                    "at": p.started_at,
                    "settled": p.settled_at,
                }
            )
    for out in Payout.objects.filter(contract__in=contracts).order_by("due_at"):
        reference, side = sides[out.contract_id]
        if out.side == side:
            rows.append(
                {
                    "contract": reference,
                    "what": _("Payout to you"),
                    "amount": _money(out.amount, out.currency),
                    "state": out.get_state_display(),
                    "at": out.due_at,
                    "settled": out.confirmed_at,
                }
            )
    return Section("payments", _("Payments of your accounts"), rows)


# --- one contract ------------------------------------------------------------------------------


def contract(owner: Owner, found: Contract) -> Section:
    """One contract with everything of it that the person's side reads."""
    side = owner.side_of(found)
    files: list[tuple[str, FieldFile]] = []
    row: Row = {
        "reference": found.reference,
        "title": found.title,
        "terms": found.terms,
        "freelancer": found.freelancer_account.name,
        "client": found.client_account.name,
        "your_side": Side(side).label,
        "state": found.get_state_display(),
        "started": found.started_at,
        "ended": found.ended_at,
        "milestones": [_milestone(m, owner, files) for m in found.milestones.order_by("number")],
        "refund_requests": [_refund(r, found.currency) for r in found.refund_requests.order_by("opened_at")],
        "messages": [_message(m, side, owner, files) for m in _thread(found)],
        "disputes": [_dispute(d, side, owner, files) for d in _disputes(found)],
    }
    if side == Side.FREELANCER:
        rows = SupportRequest.objects.filter(contract=found).prefetch_related("notes").order_by("asked_at")
        row["support_requests"] = [_support(r) for r in rows]
    return Section(f"contracts/{found.reference}", f"{found.title} ({found.reference})", [row], files)


def _thread(found: Contract) -> Iterator[Message]:
    return Message.objects.filter(contract=found).select_related("sender").order_by("sent_at", "id").iterator()


def _disputes(found: Contract) -> Any:
    return Dispute.objects.filter(contract=found).exclude(state__in=UNFILED).order_by("filed_at")


def _milestone(m: Any, owner: Owner, files: list[tuple[str, FieldFile]]) -> Row:
    currency = m.contract.currency
    return {
        "number": m.number,
        "title": m.title,
        "description": m.description,
        "amount": _money(m.amount, currency),
        "state": m.get_state_display(),
        "submissions": [_submission(s, owner, files) for s in m.submissions.select_related("submitted_by")],
        "decisions": [
            {
                "what": d.get_kind_display(),
                "text": d.text,
                "released": _money(d.released, currency),
                "carried": _money(d.carried, currency),
                "by": d.decided_by.name,
                "at": d.decided_at,
            }
            for d in m.decisions.select_related("decided_by").order_by("decided_at")
        ],
    }


def _submission(s: Submission, owner: Owner, files: list[tuple[str, FieldFile]]) -> Row:
    return {
        "number": s.number,
        "message": s.message,
        "link": s.link,
        "file": s.file_name,
        "kept_as": _keep(files, "work", s, s.file_name) if s.submitted_by_id == owner.user.pk else "",
        "by": s.submitted_by.name,
        "at": s.submitted_at,
    }


def _refund(r: Any, currency: str) -> Row:
    return {
        "asked": _money(r.original_amount, currency),
        "reason": r.reason,
        "state": r.get_state_display(),
        "at": r.opened_at,
        "until": r.due_at,
        "proposals": [
            {
                "freelancer_keeps": _money(p.keep, currency),
                "client_gets": _money(p.give_back, currency),
                "note": p.note,
                "state": p.get_state_display(),
                "by": p.proposed_by.name,
                "at": p.proposed_at,
            }
            for p in r.proposals.select_related("proposed_by").order_by("number")
        ],
    }


def _message(m: Message, side: str, owner: Owner, files: list[tuple[str, FieldFile]]) -> Row:
    system = m.kind == MessageKind.SYSTEM
    return {
        "from": m.sender.name if m.sender else "Evenhand",
        "at": m.sent_at,
        "text": m.text,
        "link": m.link if system and m.link_side in ("", side) else "",
        "file": m.file_name,
        "kept_as": _keep(files, "messages", m, m.file_name) if m.sender_id == owner.user.pk else "",
    }


def _dispute(d: Dispute, side: str, owner: Owner, files: list[tuple[str, FieldFile]]) -> Row:
    return {
        "number": d.number,
        "state": d.get_state_display(),
        "amount": _money(d.amount, d.currency),
        "filed": d.filed_at,
        "closed": d.resolved_at,
        "statements": [
            {
                "what": s.get_side_display(),
                "version": s.number,
                "text": s.details,
                "amount": _money(s.amount, d.currency),
                "by": s.written_by.name,
                "at": s.written_at,
            }
            for s in d.statements.select_related("written_by").order_by("written_at", "id")
        ],
        "messages": [
            {
                "from": m.sender.name,
                "to": m.get_audience_display(),
                "at": m.sent_at,
                "text": m.body,
                "file": m.file_name,
                "kept_as": _keep(files, "dispute-messages", m, m.file_name) if m.sender_id == owner.user.pk else "",
            }
            for m in d.messages.filter(audience__in=[Audience.EVERYONE, side])
            .select_related("sender")
            .order_by("sent_at", "id")
        ],
        "evidence_you_added": [
            {
                "exhibit": f"E-{e.exhibit}" if e.exhibit else "",
                "shows": e.shows,
                "who_reads_it": e.get_confidentiality_display(),
                "file": e.file_name,
                "sha256": e.sha256,
                "kept_as": _keep(files, "evidence", e, e.file_name),
                "at": e.added_at,
            }
            for e in d.evidence.filter(added_by=owner.user, removed_at__isnull=True).order_by("added_at")
        ],
        "offers_of_your_side": [
            {
                "number": o.number,
                "to_freelancer": _money(o.to_freelancer, d.currency),
                "to_client": _money(o.to_client, d.currency),
                "note": o.note,
                "state": o.get_state_display(),
                "by": o.made_by.name,
                "at": o.made_at,
            }
            for o in d.offers.filter(side=side).select_related("made_by").order_by("number")
        ],
        "bids_of_your_side": [
            {
                "amount": _money(b.amount, d.currency),
                "state": BidState(b.state).label,
                "by": b.made_by.name,
                "at": b.made_at,
            }
            for b in d.bids.filter(side=side).select_related("made_by").order_by("made_at")
        ],
    }


def _support(r: SupportRequest) -> Row:
    return {
        "number": r.number,
        "reason": r.get_reason_display(),
        "text": r.details,
        "state": r.get_state_display(),
        "at": r.asked_at,
        "answer": r.decline_text,
        "you_asked_for_a_review": r.review_reason,
        "the_review": r.review_text,
        "talk": [
            {"from_customer_support": n.from_staff, "text": n.body, "at": n.written_at}
            for n in sorted(r.notes.all(), key=lambda n: n.written_at)
        ],
    }


def _money(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency))


def _keep(files: list[tuple[str, FieldFile]], folder: str, row: Any, name: str) -> str:
    """Take a file of one's own along; returns its path in the ZIP ("" without one). Ids keep equal names apart."""
    if not row.file:
        return ""
    plain = "".join(c if c.isalnum() or c in "._- " else "_" for c in name)[-80:].lstrip(". ") or "file"
    path = f"files/{folder}/{str(row.pk)[:8]}-{plain}"
    files.append((path, row.file))
    return path
