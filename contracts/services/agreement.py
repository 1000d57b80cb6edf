"""Commands on a contract: made, accepted, extended, ended (C0, C8, C9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import CLIENT_SIDE, FREELANCER_SIDE
from accounts.models import Account
from contracts import rules
from contracts.enums import MILESTONE_HELD, AccountCode, ContractState, Ground, MilestoneState, Side
from contracts.events import ContractEnded, ContractStarted
from contracts.ledger import services as ledger
from contracts.ledger.selectors import Balances, balances
from contracts.ledger.services import Cause, Place
from contracts.locks import lock_contract
from contracts.models import Contract, Milestone, RefundRequest
from contracts.services import gate
from contracts.services.common import (
    FUNDING,
    amount_between,
    bounded_text,
    no_open_dispute,
    release_from,
    required_text,
    same_currency,
    see,
    start_dormancy,
    touch,
)
from contracts.services.refunds import open_refund_request
from core import audit, deadlines, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StaleError, StrangerError
from core.events import publish
from core.formatting import format_money
from core.money import MAX_MINOR, Money
from core.permissions import SYSTEM, Actor
from core.policy import Policy, current

TITLE_MAX = 160
TERMS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class NewMilestone:
    """What a person asks for: a title, what is to be done, and its price."""

    title: str
    description: str
    amount: Money


def create_contract(
    *,
    title: str,
    terms: str,
    freelancer_account: Account,
    client_account: Account,
    currency: str,
    milestones: Sequence[NewMilestone],
    actor: Actor,
    now: datetime,
) -> Contract:
    """C0: the client's side drafts a contract; the settings in force are pinned on it (edge case 28).

    Raises StrangerError for somebody else's account, NotAllowedError without the right to move money,
    InvalidInputError for values: `title`, `terms`, `freelancer`, `currency`, `milestones`, `amount`.
    """
    with transaction.atomic():
        if not actor.acts_for(client_account.pk) or client_account.kind not in CLIENT_SIDE:
            raise StrangerError
        if not actor.moves_money_for(client_account.pk):
            raise NotAllowedError(_("Your role in this company does not allow making contracts."))
        policy = current()
        title = bounded_text(required_text(title, "title", _("Give the contract a title.")), "title", TITLE_MAX)
        if freelancer_account.kind not in FREELANCER_SIDE or freelancer_account.deactivated_at is not None:
            raise InvalidInputError({"freelancer": _("Choose a freelancer or an agency that works here.")})
        if policy.min_milestone_for(currency) is None:
            raise InvalidInputError(
                {"currency": _("Contracts in {currency} are not possible here.").format(currency=currency)}
            )
        if not milestones:
            raise InvalidInputError({"milestones": _("Add at least one milestone.")})
        contract = Contract(
            title=title,
            terms=bounded_text(terms, "terms", TERMS_MAX),
            freelancer_account=freelancer_account,
            client_account=client_account,
            currency=currency,
            policy_data=policy.to_json(),
            created_at=now,
            last_activity_at=now,
        )
        contract.save(force_insert=True)
        for number, new in enumerate(milestones, start=1):
            make_milestone(contract, new, number=number, policy=policy, now=now)
        audit.append(
            chain=contract.pk,
            rule="C0",
            act="create_contract",
            obj=contract,
            actor=actor,
            now=now,
            new_state=str(contract.state),
            payload={"currency": currency, "milestones": [m.amount.amount for m in milestones]},
        )
        return contract


def make_milestone(contract: Contract, new: NewMilestone, *, number: int, policy: Policy, now: datetime) -> Milestone:
    """Check and store one proposed milestone. Raises InvalidInputError: `title`, `description`, `amount`."""
    title = required_text(new.title, "title", _("Give the milestone a title."))
    amount = same_currency(contract, new.amount, "amount")
    least = policy.min_milestone_for(contract.currency)
    if least is not None and amount < least:
        raise InvalidInputError({"amount": _("A milestone is at least {amount}.").format(amount=format_money(least))})
    if amount.amount > MAX_MINOR:
        raise InvalidInputError(
            {"amount": _("This amount is larger than any contract here can hold. Check the figures.")}
        )
    return Milestone.objects.create(
        contract=contract,
        number=number,
        title=bounded_text(title, "title", TITLE_MAX),
        description=bounded_text(new.description, "description"),
        amount=amount.amount,
        created_at=now,
    )


def accept_contract(*, contract_id: UUID, actor: Actor, now: datetime) -> Contract:
    """C0: the freelancer's side accepts the draft; work may start. Publishes ContractStarted."""
    with transaction.atomic():
        contract = lock_contract(contract_id)
        see(contract, actor)
        road.take(contract, "activate", actor=actor, now=now, chain=contract.pk)
        touch(contract, now=now)
        start_dormancy(contract, now=now)
        publish(ContractStarted(at=now, contract_id=contract.pk))
        return contract


def add_milestone(
    *, contract_id: UUID, title: str, description: str, amount: Money, actor: Actor, now: datetime
) -> Milestone:
    """Propose one more milestone: either side may, only the client's funding makes it real (C1)."""
    with transaction.atomic():
        contract = lock_contract(contract_id)
        see(contract, actor)
        if not rules.is_party(contract, actor):
            raise NotAllowedError(_("Only the two sides of a contract add milestones."))
        if contract.state not in (ContractState.DRAFT, ContractState.ACTIVE):
            raise OutOfTurnError(
                _(
                    "This contract is {state}, so it takes no more milestones."
                    " Reload the page to see where things stand."
                ).format(state=road.display_state(contract))
            )
        milestone = append_milestone(contract, NewMilestone(title, description, amount), actor=actor, now=now)
        touch(contract, now=now)
        return milestone


def append_milestone(contract: Contract, new: NewMilestone, *, actor: Actor, now: datetime) -> Milestone:
    """Add a proposed milestone to a locked contract, as its last one, with its audit entry."""
    last = contract.milestones.aggregate(last=Max("number"))["last"] or 0
    milestone = make_milestone(contract, new, number=last + 1, policy=contract.policy, now=now)
    audit.append(
        chain=contract.pk,
        rule="C0",
        act="add_milestone",
        obj=milestone,
        actor=actor,
        now=now,
        new_state=str(milestone.state),
        payload={"amount": milestone.amount, "number": milestone.number},
    )
    return milestone


def end_contract(
    *, contract_id: UUID, pay: Money, reason: str = "", actor: Actor, now: datetime
) -> RefundRequest | None:
    """C8: the client ends the contract and pays `pay` of what is in escrow (0 … all, carried money included).

    What is left becomes a refund request (R1), which is returned; with nothing left the contract closes.
    An open support request becomes moot through ContractEnded. Raises StrangerError, NotAllowedError,
    OutOfTurnError, UnableToActInDisputeError, TooLateError, InvalidInputError (`pay`, `reason`).
    """
    with transaction.atomic():
        contract = lock_contract(contract_id)
        see(contract, actor)
        road.check(contract, "end_by_client", actor)
        no_open_dispute(
            contract, _("A dispute is open on this contract. Ending it is possible again when the dispute is over.")
        )
        _reviewed_in_time(contract, now)
        same_currency(contract, pay, "pay")
        held = balances(contract)
        if pay.amount < 0 or pay > held.escrow:
            raise InvalidInputError({"pay": amount_between(contract.money(0), held.escrow)})
        reason = bounded_text(reason, "reason")
        left = held.escrow - pay
        road.take(
            contract,
            "end_by_client",
            actor=actor,
            now=now,
            chain=contract.pk,
            payload={"paid": pay.amount, "left": left.amount, "reason": audit.text_digest(reason, contract.pk)},
        )
        cause = Cause("C8", "contract", contract.pk, actor, now, Ground.CLIENT_APPROVAL)
        return finish_end(contract, held, pay, cause, reason=reason)


def _reviewed_in_time(contract: Contract, now: datetime) -> None:
    """Z3: once the review time is over the milestone is the freelancer's (C6), even where the sweep is late."""
    live = contract.milestones.filter(state=MilestoneState.SUBMITTED, disputed_by__isnull=True).first()
    clock = deadlines.running(live.pk, gate.REVIEW) if live is not None else None
    if clock is not None:
        road.in_time(clock.due_at, now, _("The time to review the submitted work"))


def finish_end(
    contract: Contract, held: Balances, pay: Money, cause: Cause, *, reason: str = ""
) -> RefundRequest | None:
    """Pay `pay`, end the milestones, publish, then R1 or close: the second half of C8 and of C10."""
    actor, now = cause.actor, cause.now
    _end_milestones(contract, paid=min(pay, held.available), held=held.available, cause=cause)
    if pay:
        first = min(pay, held.available)
        release_from(
            contract, cause, [(AccountCode.ESCROW_AVAILABLE, first), (AccountCode.ESCROW_CARRIED, pay - first)]
        )
    touch(contract, now=now)
    left = held.escrow - pay
    by = Side.CLIENT if actor.is_person else "system"
    publish(ContractEnded(at=now, contract_id=contract.pk, by=by, paid=pay.amount, left=left.amount))
    if left:
        return open_refund_request(contract=contract, paid=pay, reason=reason, actor=actor, now=now)
    gate.close_if_ended(contract, cause)
    return None


def end_contract_by_freelancer(
    *, contract_id: UUID, seen_escrow: Money | None = None, actor: Actor, now: datetime
) -> Contract:
    """C9: the freelancer ends the contract; all of the escrow, carried money included, goes to the client.

    `seen_escrow` is what the freelancer was shown to give back: another sum is asked again. Raises StrangerError,
    NotAllowedError, OutOfTurnError, UnableToActInDisputeError, StaleError.
    """
    with transaction.atomic():
        contract = lock_contract(contract_id)
        see(contract, actor)
        road.check(contract, "end_by_freelancer", actor)
        no_open_dispute(
            contract, _("A dispute is open on this contract. Ending it is possible again when the dispute is over.")
        )
        held = balances(contract)
        if seen_escrow is not None and seen_escrow != held.escrow:
            raise StaleError(
                _(
                    "The money in escrow changed while you were reading: {amount} would go back now."
                    " Check it, then confirm again."
                ).format(amount=format_money(held.escrow))
            )
        road.take(
            contract,
            "end_by_freelancer",
            actor=actor,
            now=now,
            chain=contract.pk,
            payload={"returned": held.escrow.amount},
        )
        cause = Cause("C9", "contract", contract.pk, actor, now, Ground.FREELANCER_CANCEL)
        return_everything(contract, held, cause)
        publish(ContractEnded(at=now, contract_id=contract.pk, by=Side.FREELANCER, paid=0, left=held.escrow.amount))
        gate.close_if_ended(contract, cause)
        return contract


def return_everything(contract: Contract, held: Balances, cause: Cause) -> None:
    """Send all unfrozen escrow to the client in one entry and cancel what was not finished (C9, C10)."""
    _end_milestones(contract, paid=contract.money(0), held=held.available, cause=cause)
    if held.escrow:
        target = Place(AccountCode.PAYABLE_CLIENT)
        entry = ledger.post(
            contract,
            cause,
            [
                (Place(AccountCode.ESCROW_AVAILABLE), target, held.available),
                (Place(AccountCode.ESCROW_CARRIED), target, held.carried),
            ],
        )
        ledger.start_payout(contract, entry, held.escrow, to=Side.CLIENT, now=cause.now)
        road.ran("I2")
    touch(contract, now=cause.now)


def _end_milestones(contract: Contract, *, paid: Money, held: Money, cause: Cause) -> None:
    """Close every milestone that is not over: the live one by what was paid of it, the others cancelled."""
    now = cause.now
    unfinished = Milestone.objects.select_for_update(of=("self",)).filter(
        contract=contract, state__in=[MilestoneState.PROPOSED, MilestoneState.FUNDING, *MILESTONE_HELD]
    )
    for milestone in unfinished.order_by("number"):
        milestone.contract = contract
        name = "cancel"
        if milestone.state in MILESTONE_HELD and paid:
            name = "pay_at_end" if paid == held else "pay_part_at_end"
        road.take(milestone, name, actor=SYSTEM, now=now, chain=contract.pk, rule_id=cause.rule)
        deadlines.cancel(milestone.pk, gate.REVIEW, FUNDING, now=now)
