"""What a person agrees to, in plain words with this case's own amounts and dates (S08, N2).

Every text has a version. A version once used is never edited: a change is a new key, the old one stays readable.
The wording of other languages comes from their catalogues, so a version names the language too: "2026-1/es". What
was shown is what is recorded: the consent keeps the text as it stood on the page, its version and its SHA-256.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from contracts.enums import Side
from contracts.models import Contract
from core import policy
from core.errors import StaleError
from core.formatting import format_instant, format_money, format_percent
from core.money import Money
from core.permissions import Actor
from disputes.defaults import Defaults, for_reader
from disputes.enums import ConsentKind, Disposition
from disputes.models import Consent, Dispute
from disputes.services.common import person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A rendered text: paragraphs are separated by a blank line. `version` names the language: "2026-1/en"."""

    version: str
    text: str
    sha256: str

    @property
    def stamp(self) -> str:
        """What a page posts back: the version, and the words as they stood there with their sums and dates."""
        return f"{self.version}.{self.sha256[:12]}"

    @property
    def paragraphs(self) -> list[str]:
        """For a page: one string per paragraph."""
        return self.text.split("\n\n")


# kind → version → template. The last version of a kind is the one in force.
TEXTS: dict[str, dict[str, StrPromise]] = {
    ConsentKind.FILE_DISPUTE: {
        "2026-1": _l(
            "You do not approve the refund request of {asked} and ask for {amount}."
            "\n\n{rest_line}"
            "\n\n{amount} is set aside until the dispute is over. Nobody can use it in the meantime. If it comes to"
            " you, the service fee of {fee_percent} is taken from it."
            "\n\nA mediation specialist works with both sides for up to {mediation_days} days. The client has"
            " {answer_days} business days to answer. If the client does not answer, the specialist can close the case"
            " and {amount} goes to you."
            "\n\nThe claim you write, and the files you share, are shown to the client and to the specialist. You can"
            " update the claim during mediation; every version stays visible. The amount can only go down."
            "\n\nYou can withdraw the dispute later. The money then goes back to the client."
            "\n\nThe specialist can recommend a split. It binds nobody: both sides must accept it. If mediation fails,"
            " both sides get a Notice of Non-Resolution, and each side then chooses within {election_days} days"
            " whether to go to binding arbitration by {provider}. Each side pays {arb_fee} for that. If neither side"
            " pays, {amount} goes to {none_paid}. If only one side pays, {amount} goes to {one_paid}."
            "\n\nIf you do not file, the time to answer ends on {due}, and {asked} goes back to the client."
        ),
    },
    ConsentKind.SUPPORT_REQUEST: {
        "2026-1": _l(
            "You ask {marketplace} Customer Support to open a dispute case over {milestone}, for the amount you name:"
            " at most {most}."
            "\n\nUntil support decides, the client cannot move the amount you name to another milestone. The client can"
            " still release the whole milestone to you, and either side can still end the contract; your request then"
            " ends by itself."
            "\n\nIf support opens a case, the amount is set aside until the dispute is over, and a mediation specialist"
            " works with both sides for up to {mediation_days} days. The client, the support agent and the specialist"
            " read what you write here and the files you share."
            "\n\nThe specialist can recommend a split. It binds nobody. If mediation fails, each side chooses whether"
            " to go to binding arbitration by {provider}, which costs each side {arb_fee}. If neither side pays, the"
            " amount goes to {none_paid}."
            "\n\nA first reply comes within {reply_days} business days. You can withdraw the request at any time"
            " before a case is open."
        ),
    },
    ConsentKind.OFFER: {
        "2026-1": _l(
            "You agree to end this dispute with {to_freelancer} for {freelancer} (before the service fee) and"
            " {to_client} for {client}."
            "\n\n{disposition_line}"
            "\n\nIf the other side accepts, the agreement is final and the money moves at once. No further step of"
            " yours is needed."
            "\n\nYou can take the offer back until it is accepted. {expiry_line}"
        ),
    },
    ConsentKind.BLIND_BID: {
        "2026-1": _l(
            "You enter {amount} in secret as {meaning}."
            "\n\nBids are compared once a day at 12:00 UTC, and once more one hour before this stage ends. If the two"
            " amounts meet, the dispute ends at the midpoint between them, and an odd cent goes to {freelancer}. That"
            " is final: the money moves at once."
            "\n\nIf they do not meet, nobody learns anything, not even that you entered an amount. You can take it"
            " back until the comparison. Each side has {bids} entries in this stage."
        ),
    },
    ConsentKind.ARBITRATION: {
        "2026-1": _l(
            "You ask for binding arbitration of {amount} by {provider}."
            "\n\nThe arbitrator's decision is final for this money. There is no appeal on {marketplace}."
            "\n\nYour share of the fee is {fee}. It must be paid before {due}. If the other side does not pay in time,"
            " {amount} goes to {only_you} and your fee comes back. If you agree but do not pay, and the other side"
            " pays, {amount} goes to {only_other}. If neither side pays, it goes to {none_paid}."
            "\n\nWhen both sides have paid, the case is filed and the fee passes to {provider}. It does not come back,"
            " whatever the decision is, unless {provider} rejects the case or the decision says otherwise."
            "\n\nThe arbitrator reads the claim, the answer, the shared exhibits, the contract and its messages."
            " Offers, private messages and the specialist's recommendation stay out of it."
        ),
    },
}


def current_version(kind: str) -> str:
    """Return the version of `kind` that is in force, in the language that is active."""
    newest = list(TEXTS[kind])[-1]
    return f"{newest}/{_language_of(TEXTS[kind][newest])}"


def _language_of(template: StrPromise) -> str:
    """The language a text is shown in: the active one, or the source's where its catalogue has no wording."""
    active = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    shown = str(template)
    with override(settings.LANGUAGE_CODE):
        source = str(template)
    return settings.LANGUAGE_CODE.partition("-")[0] if shown == source else active


def consent_text(kind: str, *, version: str = "", **context: Any) -> ConsentText:
    """Render a text (the one in force, or an old `version`) in the active language.

    Money, instants and texts in `context` are written out in house style, instants in UTC. Raises KeyError for a
    missing value or an unknown version. The builders below know what each kind needs.
    """
    chosen = version.partition("/")[0] or list(TEXTS[kind])[-1]
    template = TEXTS[kind][chosen]
    names = {"marketplace": settings.MARKETPLACE_NAME, "provider": settings.ARBITRATION_PROVIDER_NAME, **context}
    text = str(template).format(**{name: _plain(value) for name, value in names.items()})
    text = "\n\n".join(p for p in text.split("\n\n") if p.strip())
    return ConsentText(f"{chosen}/{_language_of(template)}", text, hashlib.sha256(text.encode()).hexdigest())


def _the_client() -> str:
    return pgettext("who gets the money", "the client")


def _plain(value: Any) -> str:
    if isinstance(value, Money):
        return format_money(value)
    if isinstance(value, datetime):
        return f"{format_instant(value, UTC, 'full')} UTC"
    return str(value)


def filing_text(contract: Contract, *, asked: Money, amount: Money, due_at: datetime) -> ConsentText:
    """`file_dispute`: `asked` is the refund request, `amount` the claim, `due_at` the end of the seven days."""
    rest = asked - amount
    # What the case will pin; the service fee is the contract's.
    pinned = policy.for_case(contract.policy, amount)
    defaults = for_reader(pinned, Side.FREELANCER, freelancer="", client=_the_client())
    return consent_text(
        ConsentKind.FILE_DISPUTE,
        asked=asked,
        amount=amount,
        rest_line=_("The rest, {rest}, goes back to the client at once and for good.").format(rest=format_money(rest))
        if rest
        else "",
        fee_percent=format_percent(contract.policy.service_fee_percent),
        mediation_days=21,
        answer_days=pinned.client_answer_business_days,
        election_days=pinned.arbitration_election_days,
        arb_fee=pinned.arb_fee_for(amount)[0],
        none_paid=defaults.none,
        one_paid=defaults.one,
        due=due_at,
    )


def support_text(contract: Contract, *, milestone: str, most: Money) -> ConsentText:
    """`support_request`: for the milestone called `milestone`, at most `most`.

    It names the most that can be asked for, not the amount typed, so that it stands beside the form.
    """
    pinned = policy.for_case(contract.policy, most)
    return consent_text(
        ConsentKind.SUPPORT_REQUEST,
        most=most,
        milestone=milestone,
        mediation_days=21,
        arb_fee=pinned.arb_fee_for(most)[0],
        none_paid=for_reader(pinned, Side.FREELANCER, freelancer="", client=_the_client()).none,
        reply_days=pinned.support_first_reply_business_days,
    )


def offer_text(
    dispute: Dispute, *, to_freelancer: Money, to_client: Money, disposition: str, expires_at: datetime | None = None
) -> ConsentText:
    """`offer`: the same words for who offers and who accepts. Without `expires_at` the end is described."""
    contract = dispute.contract
    hours = dispute.policy.settlement_offer_hours
    names = {"amount": format_money(to_client), "client": contract.client_account.name}
    if not to_client:
        back = ""
    elif disposition == Disposition.RETURN:
        back = _("The {amount} for {client} stays in escrow for a later milestone.").format(**names)
    else:
        back = _("The {amount} for {client} is refunded.").format(**names)
    return consent_text(
        ConsentKind.OFFER,
        to_freelancer=to_freelancer,
        to_client=to_client,
        freelancer=contract.freelancer_account.name,
        client=contract.client_account.name,
        disposition_line=back,
        expiry_line=_("It ends on {instant}.").format(instant=_plain(expires_at))
        if expires_at
        else _("It ends by itself after {hours} hours, or when this stage ends.").format(hours=hours),
    )


def bid_text(dispute: Dispute, *, amount: Money, side: str) -> ConsentText:
    """`blind_bid`: `amount` is what the freelancer would get, for both sides."""
    freelancer = dispute.contract.freelancer_account.name
    meaning = (
        _("the least you would take")
        if side == Side.FREELANCER
        else _("the most you would let {freelancer} have").format(freelancer=freelancer)
    )
    return consent_text(
        ConsentKind.BLIND_BID,
        amount=amount,
        meaning=meaning,
        freelancer=freelancer,
        bids=dispute.policy.blind_bids_per_side,
    )


def arbitration_text(dispute: Dispute, *, fee: Money, due_at: datetime) -> ConsentText:
    """`arbitration`: the share of one side and the instant until which it must be paid. The same for both sides."""
    defaults = Defaults(dispute.policy, pgettext("who gets the money", "the freelancer"), _the_client())
    by_payer = dispute.policy.arb_one_paid == "payer"
    return consent_text(
        ConsentKind.ARBITRATION,
        amount=dispute.money,
        fee=fee,
        due=due_at,
        only_you=pgettext("who gets the money", "you") if by_payer else defaults.one,
        only_other=pgettext("who gets the money", "the other side") if by_payer else defaults.one,
        none_paid=defaults.none,
    )


def record_consent(
    *,
    contract: Contract,
    dispute: Dispute | None,
    kind: str,
    text: ConsentText,
    seen_version: str,
    side: str,
    actor: Actor,
    now: datetime,
) -> Consent:
    """Store that the actor agreed to `text`, having been shown `seen_version` (a version, or a page's `stamp`).

    Raises StaleError when the text, or a sum or date in it, changed in between, NotAllowedError for a machine.
    """
    if seen_version not in {text.version, text.stamp}:
        raise StaleError(_("The text you agree to changed while you were reading. Read it again, then decide."))
    consent = Consent(
        contract=contract,
        dispute=dispute,
        user_id=person(actor),
        side=side,
        kind=kind,
        text_version=text.version,
        text_sha256=text.sha256,
        text=text.text,
        given_at=now,
    )
    consent.save(force_insert=True)
    return consent
