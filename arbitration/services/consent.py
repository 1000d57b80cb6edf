"""The text a side agrees to when it chooses arbitration (N2)."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arbitration.models import NonResolutionNotice
from core.formatting import format_money
from disputes.models import Dispute
from disputes.services.texts import ConsentText, arbitration_text

# After a second rejection (A2) nothing ends by itself, so the ordinary text would promise what does not happen.
# A version once used is never edited: a change is a new name. Every language is a wording of its own.
_OPEN_VERSION = "2026-1-open"


def election_text(dispute: Dispute, notice: NonResolutionNotice) -> ConsentText:
    """Return the text in force, with this case's amounts and dates, in the active language: as shown and stored."""
    fee = dispute.contract.money(notice.fee)
    if notice.election_ends_at is not None:
        return arbitration_text(dispute, fee=fee, due_at=notice.election_ends_at)
    words = {
        "amount": format_money(dispute.money),
        "fee": format_money(fee),
        "provider": settings.ARBITRATION_PROVIDER_NAME,
        "marketplace": settings.MARKETPLACE_NAME,
    }
    text = "\n\n".join(paragraph.format(**words) for paragraph in _open_paragraphs())
    return ConsentText(_version(), text, hashlib.sha256(text.encode()).hexdigest())


def _version() -> str:
    """The name of the wording: the source language's own, another's with its code ("2026-1-open/es")."""
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return _OPEN_VERSION if language == "en" else f"{_OPEN_VERSION}/{language}"


def _open_paragraphs() -> tuple[str, ...]:
    return (
        _(
            "You ask for binding arbitration of {amount} by another provider, because {provider} rejected the case"
            " twice."
        ),
        _("The arbitrator's decision is final for this money. There is no appeal on {marketplace}."),
        _(
            "Your share of the fee is {fee}. No time limit runs. The case is filed when both sides have chosen"
            " arbitration and paid, and a clerk has found another provider. Until then you can still settle, and the"
            " fee comes back if you do."
        ),
        _(
            "When the case is filed, the fee passes to the provider and does not come back, whatever the decision is,"
            " unless the provider rejects the case or the decision says otherwise."
        ),
        _(
            "The arbitrator reads the claim, the answer, the shared exhibits, the contract and its messages. Offers,"
            " private messages and the specialist's recommendation stay out of it."
        ),
    )
