"""The text a side agrees to when it chooses arbitration (N2)."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _l

from arbitration.models import NonResolutionNotice
from core.formatting import format_money
from disputes.models import Dispute
from disputes.services.texts import ConsentText, arbitration_text

# After a second rejection (A2) nothing ends by itself, so the ordinary text would promise what does not happen.
# A version once used is never edited: a change is a new name. Every language is a wording of its own.
_OPEN_VERSION = "2026-1-open"
_OPEN_TEXT = _l(
    "You ask for binding arbitration of {amount} by another provider, because {provider} rejected the case twice."
    "\n\nThe arbitrator's decision is final for this money. There is no appeal on {marketplace}."
    "\n\nYour share of the fee is {fee}. No time limit runs. The case is filed when both sides have chosen"
    " arbitration and paid, and a clerk has found another provider. Until then you can still settle, and the fee"
    " comes back if you do."
    "\n\nWhen the case is filed, the fee passes to the provider and does not come back, whatever the decision is,"
    " unless the provider rejects the case or the decision says otherwise."
    "\n\nThe arbitrator reads the claim, the answer, the shared exhibits, the contract and its messages. Offers,"
    " private messages and the specialist's recommendation stay out of it."
)


def election_text(dispute: Dispute, notice: NonResolutionNotice) -> ConsentText:
    """Return the text in force, with this case's amounts and dates, in the active language: as shown and stored."""
    fee = dispute.contract.money(notice.fee)
    if notice.election_ends_at is not None:
        return arbitration_text(dispute, fee=fee, due_at=notice.election_ends_at)
    text = str(_OPEN_TEXT).format(
        amount=format_money(dispute.money),
        fee=format_money(fee),
        provider=settings.ARBITRATION_PROVIDER_NAME,
        marketplace=settings.MARKETPLACE_NAME,
    )
    return ConsentText(f"{_OPEN_VERSION}/{_language()}", text, hashlib.sha256(text.encode()).hexdigest())


def _language() -> str:
    """The language the text is shown in: the source's where the active one's catalogue has no wording of it."""
    shown = str(_OPEN_TEXT)
    with override(settings.LANGUAGE_CODE):
        source = str(_OPEN_TEXT)
    active = settings.LANGUAGE_CODE if shown == source else get_language() or settings.LANGUAGE_CODE
    return active.partition("-")[0]
