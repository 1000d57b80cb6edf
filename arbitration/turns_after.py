"""The turn panel once both sides have paid, or the dispute is over: nobody of the two sides has to act."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from arbitration import clocks
from arbitration.enums import ArbitrationState
from arbitration.models import ArbitrationCase
from contracts.enums import Ground, Side
from core.formatting import format_money
from disputes.defaults import Defaults, for_reader
from disputes.models import Dispute
from disputes.panels import Action, Tick, Turn, Viewer

WAITING = 20  # priority of a panel that asks nobody for anything


def defaults_for(dispute: Dispute, viewer: Viewer) -> Defaults:
    """N5 and N6 as the viewer reads them."""
    return for_reader(dispute.policy, viewer.side or "", freelancer=viewer.freelancer_name, client=viewer.client_name)


def with_provider(dispute: Dispute, case: ArbitrationCase | None) -> Turn:
    """A1, A3: filed, or being filed."""
    provider = case.provider if case is not None else str(settings.ARBITRATION_PROVIDER_NAME)
    amount = format_money(dispute.money)
    if case is None or case.state == ArbitrationState.FILING:
        due = clocks.filing_alert(dispute, case.opened_at) if case is not None else None
        return Turn(
            priority=WAITING,
            state="waiting",
            title=_("The case is being filed with {provider}").format(provider=provider),
            waiting_for=provider,
            body=(
                _(
                    "Both sides have paid. {provider} receives the notice, the claim, the answer, the shared exhibits,"
                    " the contract and its messages."
                ).format(provider=provider),
            ),
            ticks=(
                Tick(text=_("The arbitrator’s decision will be final"), icon="gavel"),
                Tick(
                    text=_("Until the case is filed you can still settle, and both fees come back if you do"),
                    icon="handshake",
                ),
            ),
            due_at=due,
            started_at=case.opened_at if case is not None else None,
            due_label=_("Should be filed within"),
            nothing_lead=_("If it takes longer:"),
            nothing=_("An arbitration clerk is told and looks after it. You lose nothing by it."),
        )
    return Turn(
        priority=WAITING,
        state="waiting",
        title=_("The arbitrator decides {amount}").format(amount=amount),
        waiting_for=provider,
        body=(
            _(
                "The case is with {provider}. Answer what {provider} asks you; each step also stands here and comes by"
                " mail."
            ).format(provider=provider),
        ),
        ticks=(
            Tick(text=_("The decision is final. The money moves as soon as it arrives"), icon="gavel"),
            Tick(
                text=_("Until then you can still settle. Fees passed on to {provider} do not come back").format(
                    provider=provider
                ),
                icon="handshake",
            ),
        ),
        due_at=clocks.provider_sla(dispute, case.submitted_at) if case.submitted_at else None,
        started_at=case.submitted_at,
        due_label=_("An award is promised within"),
        nothing_lead=_("If it takes longer:"),
        nothing=_("We ask {provider} every week. The money stays frozen, and nothing is decided by the delay.").format(
            provider=provider
        ),
    )


def is_over(dispute: Dispute, viewer: Viewer) -> Turn:
    """E1: by what the dispute ended."""
    amount, defaults = format_money(dispute.money), defaults_for(dispute, viewer)
    if dispute.resolution_code == Ground.AWARD:
        text = _("The arbitrator’s award was carried out. It is final.")
    elif dispute.resolution_code == Ground.ARB_NONE_PAID:
        text = _("Neither side paid for arbitration in time, so {amount} went to {winner}.").format(
            amount=amount, winner=defaults.none
        )
    elif dispute.resolution_code == Ground.ARB_ONE_PAID:
        text = _("Only one side paid for arbitration in time, so {amount} went to {winner}. The fee went back.").format(
            amount=amount, winner=_winner_of(dispute, viewer)
        )
    else:
        text = _("It ended without an award.")
    return Turn(
        priority=WAITING,
        state="closed",
        title=_("This dispute is over"),
        body=(text, _("Nothing is left to do.")),
        actions=(Action(label=_("See who got what"), url=reverse("disputes:outcome", args=[dispute.reference])),),
    )


def _winner_of(dispute: Dispute, viewer: Viewer) -> str:
    """Whom the resolution paid, in the viewer's words."""
    to_freelancer = dispute.resolution.to_freelancer
    return viewer.name_of(Side.FREELANCER if to_freelancer else Side.CLIENT)
