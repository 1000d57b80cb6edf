"""Support requests, cases on active contracts, offers and bids, reached only by calling the services.

The filed case itself (ended route) is `tests.factories.mediation.filed_case`.
"""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core import deadlines
from core.money import Money
from disputes.enums import ActiveReason, ConsentKind
from disputes.models import SettlementOffer, SupportRequest
from disputes.negotiation import bids
from disputes.negotiation import services as negotiation
from disputes.services import filing, statements, support
from disputes.services.texts import current_version
from tests.factories.accounts import Person, make_specialist, make_supervisor, make_support
from tests.factories.contracts import World, partly_released_contract, refused_contract
from tests.factories.mediation import DETAILS, Case

CLAIM = DETAILS
SHOWN = "The refusal stands in the contract's history, and the client repeated it in the messages."
WHY = "Please look again: the refusal stands in the contract's history, it was overlooked."


def upload(name: str = "proof.txt", content: bytes = b"What was delivered, line by line.\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, kind)
    return out.getvalue()


# --- support (active route) --------------------------------------------------------------------


def ask(world: World, *, person: Person | None = None, reason: str = ActiveReason.REFUSED_RELEASE, **values):
    """P1 at `world.now`: the whole milestone, after one message to the client."""
    message = values.pop("message", None) or world.write(world.freelancer)
    held = world.held.carried if reason == ActiveReason.PARTIAL_RELEASE else world.held.available
    given = {
        "milestone_id": world.milestone.pk,
        "reason": reason,
        "amount": held,
        "details": CLAIM,
        "attested": True,
        "message_ids": [message.pk],
        "consent_version": current_version(ConsentKind.SUPPORT_REQUEST),
        **values,
    }
    actor = (person or world.freelancer).actor
    return support.ask_support(contract_id=world.contract_id, actor=actor, now=world.now, **given)


def asked(**how) -> tuple[World, SupportRequest, Person]:
    """P1: refused release, sent to support. Returns the world, the request and an agent."""
    world = refused_contract(**how)
    world.later(hours=2)
    request = ask(world)
    return world, request, make_support()


def asked_carried(**how) -> tuple[World, SupportRequest, Person]:
    """P1 with the second reason: a part was released and the rest carried over."""
    world = partly_released_contract(**how)
    world.later(hours=2)
    request = ask(world, reason=ActiveReason.PARTIAL_RELEASE)
    return world, request, make_support()


def declined(**how) -> tuple[World, SupportRequest, Person]:
    """P4."""
    world, request, agent = asked(**how)
    world.later(hours=3)
    support.decline(
        request_id=request.pk,
        reason="still_talking",
        text="The client answered yesterday and asks for the source files.",
        actor=agent.actor,
        now=world.now,
    )
    return world, request, agent


def open_case(world: World, request: SupportRequest, agent: Person, **values):
    """P3 at `world.now`; returns the dispute."""
    given = {
        "circumstance": request.reason,
        "shown_by": SHOWN,
        "amount": Money(request.amount, world.contract.currency),
        **values,
    }
    return support.open_case(request_id=request.pk, actor=agent.actor, now=world.now, **given)


def active_route_case(*, carried: bool = False, amount: int | None = None, **how) -> Case:
    """P3 and D1: a case on an active contract, with one free specialist."""
    world, request, agent = asked_carried(**how) if carried else asked(**how)
    world.later(hours=5)
    specialist, supervisor = make_specialist(), make_supervisor()
    values = {} if amount is None else {"amount": world.money(amount)}
    dispute = open_case(world, request, agent, **values)
    return Case(world, dispute.pk, specialist, supervisor)


# --- drafts ------------------------------------------------------------------------------------


def draft(world: World, **typed):
    """The wizard's draft, with what was typed."""
    actor = world.freelancer.actor
    found = filing.start_filing(request_id=world.refund.pk, actor=actor, now=world.now)
    if typed:
        filing.save_draft(dispute_id=found.pk, data=typed, step="claim", actor=actor, now=world.now)
    return found


def file_draft(world: World, dispute, **values):
    given = {"consent_version": current_version(ConsentKind.FILE_DISPUTE), **values}
    return filing.file_dispute(dispute_id=dispute.pk, actor=world.freelancer.actor, now=world.now, **given)


# --- statements --------------------------------------------------------------------------------


def update_claim(case: Case, minor: int, **values):
    dispute = case.dispute
    given = {
        "side": "claim",
        "reason": dispute.reason,
        "details": f"{CLAIM} The last page is left out of the claim now.",
        "amount": Money(minor, dispute.currency),
        "actor": case.freelancer.actor,
        **values,
    }
    return statements.update_statement(dispute_id=case.dispute_id, now=case.now, **given)


# --- offers and bids ---------------------------------------------------------------------------


def offer(case: Case, person: Person, minor: int, **values) -> SettlementOffer:
    """D11 at `case.now`: `minor` to the freelancer, the rest of the disputed amount goes to the client."""
    dispute = case.dispute
    given = {
        "to_freelancer": Money(minor, dispute.currency),
        "to_client": Money(dispute.amount - minor, dispute.currency),
        "consent_version": current_version(ConsentKind.OFFER),
        **values,
    }
    return negotiation.make_offer(dispute_id=case.dispute_id, actor=person.actor, now=case.now, **given)


def accept(case: Case, found: SettlementOffer, person: Person, **values):
    return negotiation.accept_offer(offer_id=found.pk, actor=person.actor, now=case.now, **values)


def bid(case: Case, person: Person, minor: int, **values):
    """D19 at `case.now`, after what is overdue has fired, as the page does (Z9)."""
    deadlines.settle_overdue(case.contract.pk, now=case.now)
    given = {
        "amount": Money(minor, case.dispute.currency),
        "consent_version": current_version(ConsentKind.BLIND_BID),
        **values,
    }
    return bids.seal_bid(dispute_id=case.dispute_id, actor=person.actor, now=case.now, **given)
