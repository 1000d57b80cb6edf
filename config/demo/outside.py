"""The outside world of the stories: the payment gateway and the provider, as they would have answered.

After the seed the outbox must not tell the sandboxes again what has long been answered here.
"""

from __future__ import annotations

from datetime import timedelta

from arbitration.enums import OPEN_ARBITRATION
from arbitration.models import ProviderRequest
from config.demo.scheduler import Story, World
from contracts.enums import PaymentState, PayoutState
from contracts.models import Payment, Payout
from contracts.services.payments import confirm_payout
from core.models import OutboxMessage

STEP = timedelta(hours=6)


def answer_everything(world: World) -> Story:
    """Confirm payouts half a day after they were due, until just before the present."""
    while world.now + STEP < world.end:
        for payout in Payout.objects.filter(state=PayoutState.DUE, due_at__lte=world.now - 2 * STEP):
            confirm_payout(payout_id=payout.pk, now=world.now)
        yield STEP
    _forget_answered(world)


def _forget_answered(world: World) -> None:
    """Mark as delivered what the gateway and the provider have already answered in the stories."""
    running = {str(pk) for pk in Payment.objects.filter(state=PaymentState.STARTED).values_list("pk", flat=True)}
    due = {str(pk) for pk in Payout.objects.filter(state=PayoutState.DUE).values_list("pk", flat=True)}
    filing = {
        str(pk)
        for pk in ProviderRequest.objects.filter(
            case__state__in=[s.value for s in OPEN_ARBITRATION], cancelled_at__isnull=True
        ).values_list("pk", flat=True)
    }
    keep = running | due | filing
    for message in OutboxMessage.objects.filter(delivered_at__isnull=True):
        about = {str(v) for k, v in message.payload.items() if k in {"payment_id", "payout_id", "request_id"}}
        if about and not about & keep:
            message.delivered_at = world.now
            message.save(update_fields=["delivered_at"])
