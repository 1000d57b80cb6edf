"""The settings of rulebook section 3. Each case pins the values it was opened under."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.calendar import BusinessCalendar
from core.models import PolicySetting
from core.money import Money

# Fixed by the founding document: S04 and S18. Not settings, on purpose.
REFUND_RESPONSE = timedelta(days=7)
MEDIATION = timedelta(days=21)

FIXED = {"REFUND_RESPONSE_DAYS": 7, "MEDIATION_DAYS": 21}

# What a setting may be, where its kind alone does not say it (N5, N6).
CHOICES = {"arb_none_paid": ("client", "freelancer"), "arb_one_paid": ("payer", "client", "freelancer")}

# Reminders before a deadline ends (rulebook section 3).
REMIND_REFUND = (timedelta(hours=72), timedelta(hours=24), timedelta(hours=3))
REMIND_MEDIATION = (timedelta(days=7), timedelta(days=3), timedelta(days=1))
REMIND_OFFER = (timedelta(hours=24), timedelta(hours=3))
REMIND_SHORT = (timedelta(hours=24), timedelta(hours=6))


def remind_half_and_day(start: datetime, due_at: datetime) -> tuple[timedelta, ...]:
    """Half time and T-24 h: client answer, election."""
    return ((due_at - start) / 2, timedelta(hours=24))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Policy:
    """All configurable values, in the unit their name says; money in minor units per currency."""

    arbitration_election_days: int = 7
    client_answer_business_days: int = 5
    contact_attempts_min: int = 2
    contact_attempts_spacing_business_days: int = 2
    auto_close_unresponsive: bool = False
    recommendation_answer_business_days: int = 2
    recommendation_min_chars: int = 400
    recommendation_needs_release: bool = False
    settlement_offer_hours: int = 72
    milestone_auto_release_days: int = 14
    security_hold_days: int = 5
    dormancy: bool = False
    dormancy_days: tuple[int, ...] = (76, 83, 90, 7, 7, 14)
    min_milestone: dict[str, int] = dataclasses.field(
        default_factory=lambda: {"USD": 500, "EUR": 500, "GBP": 500, "CAD": 500, "AUD": 500, "JPY": 500}
    )
    service_fee_percent: str = "10"
    # Per currency: (below this amount in minor units or None for "any", fee per party, platform share).
    arb_fee: dict[str, tuple[tuple[int | None, int, int], ...]] = dataclasses.field(
        default_factory=lambda: {
            "USD": ((2_000_000, 33_750, 0), (None, 67_500, 0)),
            "EUR": ((2_000_000, 31_500, 0), (None, 63_000, 0)),
            "GBP": ((2_000_000, 27_000, 0), (None, 54_000, 0)),
            "CAD": ((2_000_000, 46_000, 0), (None, 92_000, 0)),
            "AUD": ((2_000_000, 52_000, 0), (None, 104_000, 0)),
            "JPY": ((3_000_000, 52_000, 0), (None, 104_000, 0)),
        }
    )
    # Who gets the disputed amount when neither side pays for arbitration (N5), and when one does (N6).
    arb_none_paid: str = "client"
    arb_one_paid: str = "payer"
    early_default: bool = True
    arb_provider_sla_days: int = 45
    election_settling_hours: int = 24
    funding_hours: int = 24
    support_first_reply_business_days: int = 2
    support_info_business_days: int = 5
    support_review_business_days: int = 5
    specialist_assign_hours: int = 24
    specialist_reply_business_days: int = 2
    objection_business_days: int = 2
    evidence_max_file_bytes: int = 10 * 1024 * 1024
    evidence_max_files_per_party: int = 100
    evidence_max_case_bytes: int = 500 * 1024 * 1024
    evidence_text_chars: int = 20_000
    blind_bidding: bool = True
    blind_bids_per_side: int = 3
    business_tz: str = "UTC"
    holidays: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a value that would leave a case without an end. Raises ValueError."""
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} is one of {', '.join(allowed)}, not {getattr(self, name)!r}")

    @property
    def calendar(self) -> BusinessCalendar:
        """Return the business calendar (Z1)."""
        return BusinessCalendar(self.business_tz, frozenset(date.fromisoformat(d) for d in self.holidays))

    def business_days_after(self, start: datetime, days: int) -> datetime:
        """Same wall-clock time `days` business days after `start` (Z1)."""
        return self.calendar.add_business_days(start, days)

    def min_milestone_for(self, currency: str) -> Money | None:
        """Smallest milestone in `currency`; None when the currency is refused.

        It needs a row here and a band of arbitration fees: without one, its disputes could not end.
        """
        minor = self.min_milestone.get(currency)
        return None if minor is None or currency not in self.arb_fee else Money(minor, currency)

    def arb_fee_for(self, amount: Money) -> tuple[Money, Money]:
        """(fee per party, platform share) for a disputed `amount`. Raises LookupError without a band."""
        for below, fee, share in self.arb_fee.get(amount.currency, ()):
            if below is None or amount.amount < below:
                return Money(fee, amount.currency), Money(share, amount.currency)
        raise LookupError(f"no arbitration fee band for {amount.currency}")

    def one_paid_to(self, payer: str) -> str:
        """N6: the side that gets the disputed amount when only `payer` (a side) has paid."""
        return payer if self.arb_one_paid == "payer" else self.arb_one_paid

    def covering(self, older: Policy, amount: Money) -> Policy:
        """This policy, with the `older` one's fee bands where its own name no fee for `amount`.

        A dispute whose settings name no fee could never leave mediation.
        """
        try:
            self.arb_fee_for(amount)
        except LookupError:
            kept = {name: older.arb_fee[name] for name in (amount.currency,) if name in older.arb_fee}
            return dataclasses.replace(self, arb_fee={**self.arb_fee, **kept})
        return self

    def to_json(self) -> dict[str, Any]:
        """Return the pinned form stored on a case."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Policy:
        """Read a pinned form; unknown names of older versions are ignored, new ones take their default."""
        known = {f.name: f for f in dataclasses.fields(cls)}
        return cls(**{k: _frozen(v) for k, v in data.items() if k in known})


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(v) for v in value)
    if isinstance(value, dict):
        return {k: _frozen(v) for k, v in value.items()}
    return value


def current() -> Policy:
    """Defaults with the overrides staff have set. New cases pin this; running ones keep theirs."""
    return Policy.from_json(dict(PolicySetting.objects.values_list("name", "value")))


def for_case(older: Policy, amount: Money) -> Policy:
    """Return what a new dispute over `amount` pins; `older` is its contract's policy."""
    return current().covering(older, amount)


def utc(instant: datetime) -> datetime:
    """Return `instant` in UTC."""
    return instant.astimezone(UTC)
