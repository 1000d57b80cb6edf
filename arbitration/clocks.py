"""Names and spans of this room's timers. All of them belong to the dispute (`object_id` is its id)."""

from __future__ import annotations

from datetime import datetime, timedelta

from disputes.models import Dispute

ELECTION_END = "election_end"
ELECTION_SETTLING = "election_settling"
FILING_ALERT = "filing_alert"
PROVIDER_SLA = "provider_sla"
PROVIDER_REJECTED_ALERT = "provider_rejected_alert"

FILING_ALERT_BUSINESS_DAYS = 1
REJECTED_ALERT_BUSINESS_DAYS = 5
SLA_REPEAT = timedelta(days=7)


def election_end(dispute: Dispute, now: datetime) -> datetime:
    """K7: 7 calendar days from the notice (pinned setting)."""
    return now + timedelta(days=dispute.policy.arbitration_election_days)


def settling_end(dispute: Dispute, election_ends_at: datetime) -> datetime:
    """N3: a started payment is awaited at most 24 h after the end of the election."""
    return election_ends_at + timedelta(hours=dispute.policy.election_settling_hours)


def filing_alert(dispute: Dispute, now: datetime) -> datetime:
    """A1: alert one business day after the case should have been filed."""
    return dispute.policy.business_days_after(now, FILING_ALERT_BUSINESS_DAYS)


def provider_sla(dispute: Dispute, now: datetime) -> datetime:
    """A1: the provider promises its award within this many days (alert only)."""
    return now + timedelta(days=dispute.policy.arb_provider_sla_days)


def rejected_alert(dispute: Dispute, now: datetime) -> datetime:
    """A2: after a second rejection, clerk and supervisor are told every 5 business days."""
    return dispute.policy.business_days_after(now, REJECTED_ALERT_BUSINESS_DAYS)
