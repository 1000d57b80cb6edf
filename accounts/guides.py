"""What the public pages tell: the road of a case, what happens next at each point of it, evidence, words, costs.

Every figure comes from the settings in force, so that no guide promises what the house does not keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from core import formatting as fmt
from core.money import Money

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    from core.policy import Policy


def road() -> list[dict[str, str]]:
    """The six stages of a case, in the words of the case page, for `c-stepper`."""
    return [
        {"label": _("In escrow"), "note": _("the milestone is funded"), "state": "next"},
        {"label": _("Refund request"), "note": _("7 days to answer"), "state": "next"},
        {"label": _("Dispute"), "note": _("the money stays in escrow"), "state": "next"},
        {"label": _("Mediation"), "note": _("up to 21 days"), "state": "next"},
        {"label": _("Recommendation"), "note": _("if you cannot agree"), "state": "maybe"},
        {"label": _("Arbitration"), "note": _("if both choose it"), "state": "maybe"},
    ]


def spans(rules: Policy) -> dict[str, str]:
    """The waiting times of the settings, in words ("5 business days"), by the name a guide uses."""
    return {
        "answer": _business_days(rules.client_answer_business_days),
        "recommendation": _business_days(rules.recommendation_answer_business_days),
        "support": _business_days(rules.support_first_reply_business_days),
        "support_info": _business_days(rules.support_info_business_days),
        "objection": _business_days(rules.objection_business_days),
        "offer": _hours(rules.settlement_offer_hours),
        "review": _days(rules.milestone_auto_release_days),
        "hold": _days(rules.security_hold_days),
        "election": _days(rules.arbitration_election_days),
    }


def _days(n: int) -> str:
    return ngettext("{n} day", "{n} days", n).format(n=n)


def _business_days(n: int) -> str:
    return ngettext("{n} business day", "{n} business days", n).format(n=n)


def _hours(n: int) -> str:
    return ngettext("{n} hour", "{n} hours", n).format(n=n)


@dataclass(frozen=True, slots=True)
class Fee:
    """What one side pays for arbitration. `below` is None in the highest band."""

    below: Money | None
    fee: Money
    at_least: Money | None


def fees(rules: Policy) -> list[Fee]:
    """Every band of the arbitration fee, by currency, smallest first."""
    found = []
    for currency, bands in rules.arb_fee.items():
        least: Money | None = None
        for below, fee, _share in bands:
            limit = Money(below, currency) if below is not None else None
            found.append(Fee(limit, Money(fee, currency), least))
            least = limit
    return found


def side_that_gets(side: str) -> str:
    """Who gets the money by a default of arbitration (N5, N6): "payer" is whoever paid."""
    return {"client": _("the client"), "freelancer": _("the freelancer"), "payer": _("the side that paid")}[side]


# --- what happens next -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a case: whose turn, until when, and what happens if nobody acts. `key` is the page's anchor."""

    key: str
    where: str
    turn: str
    until: str
    otherwise: str


def next_steps(rules: Policy, provider: str) -> list[Step]:
    """The whole of "what happens next", from the funded milestone to the money in the bank."""
    time = spans(rules)
    no_date = _("No date")
    return [
        Step(
            "funded",
            _("The milestone is funded"),
            _("The freelancer works and hands in the work."),
            no_date,
            _("The money stays in escrow."),
        ),
        Step(
            "submitted",
            _("Work is handed in"),
            _("The client releases the money, asks for changes, or refuses."),
            _("{time} after the work is handed in").format(time=time["review"]),
            _("The money is released to the freelancer."),
        ),
        Step(
            "refused",
            _("The client refuses to release, or releases only a part"),
            _("The freelancer writes to the client first. Then Customer Support can open a case."),
            no_date,
            _("The money stays in escrow, and the contract goes on."),
        ),
        Step(
            "support",
            _("Customer Support has your request"),
            _("An agent reads it and asks, opens a case, or declines with a reason."),
            _("First reply within {time}. You have {answer} to answer a question.").format(
                time=time["support"], answer=time["support_info"]
            ),
            _("A question without an answer ends the request. You may ask again."),
        ),
        Step(
            "refund",
            _("The client ended the contract and asks for the escrow back"),
            _("The freelancer approves, proposes a different split, or files a dispute."),
            _("7 days, to the minute"),
            _("All of it goes back to the client, and the contract is closed."),
        ),
        Step(
            "filed",
            _("A dispute is filed"),
            _("The client pays, makes an offer, or says why not."),
            time["answer"],
            _(
                "After at least two attempts to reach the client and {time}, the claimed sum can go to the freelancer."
            ).format(time=time["answer"]),
        ),
        Step(
            "mediation",
            _("Mediation"),
            _("Both sides and the specialist look for an agreement."),
            _("21 days from the filing; never longer"),
            _(
                "Both receive a Notice of Non-Resolution, and the money stays in escrow."
                " A side that never reacted can lose the disputed sum."
            ),
        ),
        Step(
            "offer",
            _("An offer waits"),
            _("The side that received it accepts, declines, or makes another offer."),
            _("{time}, never longer than the stage").format(time=time["offer"]),
            _("The offer ends. No money moves."),
        ),
        Step(
            "recommendation",
            _("The specialist recommends"),
            _("Each side accepts or rejects. Nobody sees your answer before both have answered, or one rejects."),
            time["recommendation"],
            _("Silence counts as a rejection. Both receive a Notice of Non-Resolution."),
        ),
        Step(
            "notice",
            _("Notice of Non-Resolution"),
            _("Each side chooses arbitration and pays its share, or declines. You can still agree."),
            time["election"],
            _("If nobody pays, the money goes to {nobody}. If one side pays, it goes to {one}.").format(
                nobody=side_that_gets(rules.arb_none_paid), one=side_that_gets(rules.arb_one_paid)
            ),
        ),
        Step(
            "arbitration",
            _("Arbitration"),
            _("{provider} hears both sides and decides. You can still agree until the award.").format(
                provider=provider
            ),
            _("No fixed date: we ask {provider} when it takes long").format(provider=provider),
            _("The arbitrator decides on what is there. The award is final and carried out by itself."),
        ),
        Step(
            "closed",
            _("The dispute is closed"),
            _("There is nothing to do: the money is on its way."),
            _("A freelancer can withdraw released money after {time}.").format(time=time["hold"]),
            _("It arrives by itself. A closed dispute cannot be opened again."),
        ),
    ]


# --- evidence ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proof:
    """What helps for one reason. `code` is the reason's own code, and with "reason-" the page's anchor."""

    code: str
    reason: StrPromise
    helps: tuple[StrPromise, ...]


FILED_FOR: tuple[Proof, ...] = (
    Proof(
        "accepted_in_messages",
        _l("The work was delivered and accepted in messages"),
        (
            _l("The message in which the client accepts or praises the work, with its date."),
            _l("The files as they were delivered, and when."),
        ),
    ),
    Proof(
        "client_silent",
        _l("The work was delivered and the client did not reply"),
        (
            _l("The delivery, with its date, and each message you sent after it."),
            _l("What was agreed, so that anybody can see that the work is complete."),
        ),
    ),
    Proof(
        "quality_disputed",
        _l("The work was delivered and the client disputes its quality"),
        (
            _l("The criteria that were agreed, point by point, and where the work meets each one."),
            _l("Tests, screenshots or a recording that show the work doing what was agreed."),
        ),
    ),
    Proof(
        "scope_changed",
        _l("The client changed the scope"),
        (
            _l("The first agreement, and each message in which something was added or changed."),
            _l("What you had done when the change came."),
        ),
    ),
    Proof(
        "stopped_partway",
        _l("The client stopped the project after part of the work"),
        (
            _l("What is done and what is not, as a list with files and dates."),
            _l("The message or the date on which the project was stopped."),
        ),
    ),
    Proof(
        "outside_my_work",
        _l("The client wants a refund for reasons outside my work"),
        (
            _l("The message in which the client gives the reason."),
            _l("The delivered work, and that it was complete by then."),
        ),
    ),
    Proof(
        "refused_release",
        _l("The client refuses to release the milestone payment"),
        (
            _l("The work as it was handed in, and the client’s reason for refusing."),
            _l("Your messages to the client about it: Customer Support asks for them."),
        ),
    ),
    Proof(
        "partial_release_carried_over",
        _l("The client released a part and moved the remainder to a later milestone"),
        (
            _l("What the milestone asked for, and that all of it was delivered."),
            _l("What was said about paying a part, if anything was."),
        ),
    ),
)

ANSWERED_WITH: tuple[Proof, ...] = (
    Proof(
        "not_delivered",
        _l("The work was not delivered"),
        (_l("What was due and when, and your messages asking for it."),),
    ),
    Proof(
        "late",
        _l("The work was delivered late"),
        (_l("The agreed date, the date of delivery, and what the delay cost you."),),
    ),
    Proof(
        "out_of_scope",
        _l("The work does not match the agreed scope"),
        (_l("The agreed scope beside what was delivered, point by point."),),
    ),
    Proof(
        "partly_delivered",
        _l("The work was partly delivered"),
        (_l("A list of what is missing, and what you think the delivered part is worth, and why."),),
    ),
    Proof(
        "below_criteria",
        _l("The quality is below the agreed criteria"),
        (_l("Each fault with an example that can be checked, and the criterion it misses."),),
    ),
    Proof(
        "already_paid",
        _l("The work is a duplicate or already paid"),
        (_l("The earlier payment or delivery, with its date."),),
    ),
)


# --- words -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the product. `key` is the page's anchor."""

    key: str
    word: StrPromise
    means: StrPromise


WORDS: tuple[Word, ...] = (
    Word(
        "agreement",
        _l("Agreement"),
        _l("Both sides confirm the same split of the money. It is carried out at once, and is final."),
    ),
    Word(
        "arbitration",
        _l("Arbitration"),
        _l("A neutral third party decides about the money. Its decision, the award, is final for both."),
    ),
    Word(
        "award",
        _l("Award"),
        _l("The arbitrator’s decision: how much each side gets."),
    ),
    Word(
        "business-day",
        _l("Business day"),
        _l("Monday to Friday, without the holidays of this marketplace. Plain days count day and night."),
    ),
    Word(
        "case-manager",
        _l("Case manager"),
        _l("Somebody in an agency or a company who may do acts that move money. An owner gives this role."),
    ),
    Word(
        "claim",
        _l("Claim"),
        _l("What the freelancer asks for in a dispute: the sum, the reason, and what happened."),
    ),
    Word(
        "delegate",
        _l("Delegate"),
        _l("A colleague who stands in for you for a time, in the cases of one account."),
    ),
    Word(
        "dispute",
        _l("Dispute"),
        _l("Two sides do not agree about one sum in escrow. The sum stays there until the dispute is closed."),
    ),
    Word(
        "escrow",
        _l("Escrow"),
        _l("Where the client’s payment waits while the work is done. Neither side can take it alone."),
    ),
    Word(
        "evidence",
        _l("Evidence"),
        _l("Files and messages that show what happened. Each file has a number, E-1, E-2 and so on."),
    ),
    Word(
        "mediation",
        _l("Mediation"),
        _l("A specialist helps both sides to agree. It takes at most 21 days, and nobody decides for you."),
    ),
    Word(
        "milestone",
        _l("Milestone"),
        _l("A part of the work with its own price. It is paid into escrow before the work starts."),
    ),
    Word(
        "notice",
        _l("Notice of Non-Resolution"),
        _l("The letter both sides receive when mediation ends without an agreement. It opens arbitration."),
    ),
    Word(
        "offer",
        _l("Offer"),
        _l("A split of the whole sum that one side proposes. When the other side accepts, it is an agreement."),
    ),
    Word(
        "recommendation",
        _l("Recommendation"),
        _l("The specialist’s proposal, with reasons. It counts only when both sides accept it."),
    ),
    Word(
        "refund-request",
        _l("Refund request"),
        _l("The client ended the contract and asks for the money in escrow. The freelancer has 7 days to answer."),
    ),
    Word(
        "release",
        _l("Release"),
        _l("The client pays money from escrow to the freelancer. It cannot be taken back."),
    ),
    Word(
        "sealed-bid",
        _l("Sealed bid"),
        _l(
            "Each side may name its limit in secret. When the limits meet, the middle is the agreement;"
            " when they do not, nobody learns anything."
        ),
    ),
    Word(
        "service-fee",
        _l("Service fee"),
        _l("A share of what is released to the freelancer. Nothing is taken from money that goes back."),
    ),
    Word(
        "specialist",
        _l("Mediation specialist"),
        _l("The neutral person who leads mediation. A specialist has no power over your account."),
    ),
)


def cheapest(rules: Policy) -> Fee | None:
    """The arbitration fee named on the start page: the lowest band of the first currency."""
    return next(iter(fees(rules)), None)


def percent(rules: Policy) -> str:
    """The service fee as people read it."""
    return fmt.format_percent(rules.service_fee_percent)
