"""The provider over the wire: webhooks and their attacks, sending, reconciliation, the sandbox over real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from django.conf import settings
from django.test import Client
from django.urls import include, path

from arbitration.enums import EventState
from arbitration.models import ProviderEvent
from arbitration.providers import signing
from arbitration.providers.base import ProviderUnknownError
from arbitration.providers.sandbox import services as house
from arbitration.providers.sandbox.models import Case as Filed
from arbitration.providers.sandbox.models import Mode
from arbitration.services import sending
from arbitration.services.bundle import bundle_of
from config import urls as product
from core import clock
from core.models import OutboxMessage
from tests.factories.arbitration import F, both_paid_case, failed_case, filed_arbitration
from tests.factories.mediation import contested_case
from tests.support.unchanged import unchanged

X = 180_000
HOOK = "/webhooks/provider/"


def post(arb, body: bytes, *, at=None, secret=None, signature=None, timestamp=None, **extra):
    clock.freeze(arb.now)
    headers = signing.headers(secret or settings.PROVIDER_SIGNING_SECRET, body, now=at or arb.now)
    if timestamp is not None:
        headers[signing.TIMESTAMP] = timestamp
        headers[signing.SIGNATURE] = signing.sign(settings.PROVIDER_SIGNING_SECRET, timestamp, body)
    if signature is not None:
        headers[signing.SIGNATURE] = signature
    return Client().post(HOOK, body, content_type="application/json", headers=headers, **extra)


@pytest.mark.django_db
@pytest.mark.rule("A1", "A3", "A5", "A6")
def test_messages_of_the_provider_move_the_case():
    arb = both_paid_case()
    assert post(arb, arb.event("case.accepted")).json() == {"state": "applied"}
    assert (arb.arbitration.state, arb.arbitration.provider_case) == ("submitted", "BR-2026-1")
    assert post(arb, arb.event("case.progress", {"step": "Hearing."})).json() == {"state": "applied"}
    assert post(arb, arb.event("award.made", arb.award_data(90_000))).json() == {"state": "applied"}
    assert arb.dispute.resolution_code == "award"


@pytest.mark.django_db
@pytest.mark.rule("A2")
def test_rejection_by_message():
    arb = filed_arbitration()
    assert post(arb, arb.event("case.rejected", {"reason": "Outside our rules."})).json() == {"state": "applied"}
    assert arb.dispute.state == "non_resolution"


@pytest.mark.django_db
@pytest.mark.rule("A1")
def test_attacks_on_the_webhook_change_nothing():
    arb = filed_arbitration()
    body = arb.event("award.made", arb.award_data(X))
    other = arb.event("award.made", arb.award_data(0))
    good = signing.headers(settings.PROVIDER_SIGNING_SECRET, body, now=arb.now)[signing.SIGNATURE]
    minute = timedelta(minutes=1)
    before = ProviderEvent.objects.count()
    attacks = {
        "no signature": (lambda: post(arb, body, signature=""), 401),
        "forged": (lambda: post(arb, body, signature="0" * 64), 401),
        "not ascii": (lambda: post(arb, body, signature="\xe9" * 64), 401),
        "wrong secret": (lambda: post(arb, body, secret="guess"), 401),
        "signature of another body": (lambda: post(arb, other, signature=good), 401),
        "replayed after 5 minutes": (lambda: post(arb, body, at=arb.now - 6 * minute), 401),
        "from the future": (lambda: post(arb, body, at=arb.now + 6 * minute), 401),
        "timestamp text": (lambda: post(arb, body, timestamp="soon"), 401),
        "timestamp huge": (lambda: post(arb, body, timestamp="9" * 40), 401),
        "no json": (lambda: post(arb, b"<award/>"), 400),
        "no utf-8": (lambda: post(arb, b"\xff\xfe"), 400),
        "a list": (lambda: post(arb, b"[]"), 400),
        "no id": (lambda: post(arb, b'{"type": "award.made"}'), 400),
        "long id": (lambda: post(arb, json.dumps({"id": "x" * 81, "type": "a"}).encode()), 400),
        "null character": (lambda: post(arb, b'{"id": "a\\u0000", "type": "b"}'), 400),
        "deep": (lambda: post(arb, b"[" * 100_000), 400),
        "too large": (lambda: post(arb, b" " * 300_000), 413),
    }
    for name, (attack, status) in attacks.items():
        with unchanged(arb.contract):
            assert attack().status_code == status, name
    assert ProviderEvent.objects.count() == before
    clock.freeze(arb.now)
    assert Client().get(HOOK).status_code == 405
    assert arb.dispute.state == "in_arbitration"


@pytest.mark.django_db
@pytest.mark.rule("A5", "A6")
def test_edge_19_award_twice_counts_once():
    arb = filed_arbitration()
    body = arb.event("award.made", arb.award_data(90_000))
    assert post(arb, body).json() == {"state": "applied"}
    with unchanged(arb.contract):
        assert post(arb, body).json() == {"state": "known"}
        # Told again under another id: stored, nothing to do.
        assert post(arb, arb.event("award.made", arb.award_data(90_000))).json() == {"state": "ignored"}


@pytest.mark.django_db
@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    "wrong",
    [
        {"to_client": X},
        {"to_client": "60000"},
        {"to_client": True},
        {"to_client": -1},
        {"to_client": 10**30},
        {"currency": "EUR"},
        {"currency": "dollars"},
        {"currency": 5},
        {"reasons": ""},
        {"arbitrator": None},
        {"cost_shift": {"from": "client", "amount": -5}},
        {"cost_shift": {"from": "judge", "amount": 5}},
        {"cost_shift": "all"},
    ],
)
def test_edge_19_award_with_a_wrong_sum_is_held_and_nothing_false_is_told(wrong):
    arb = filed_arbitration()
    sent = OutboxMessage.objects.exclude(handler__contains="AwardHeld").count()
    answer = post(arb, arb.event("award.made", arb.award_data(120_000, **wrong)))
    assert answer.json() == {"state": "held"}
    row = ProviderEvent.objects.get()
    assert (row.state, arb.dispute.state, arb.arbitration.state) == (EventState.HELD, "in_arbitration", "submitted")
    assert row.note
    assert arb.world.held.frozen_total.amount == X
    assert OutboxMessage.objects.exclude(handler__contains="AwardHeld").count() >= sent


@pytest.mark.django_db
@pytest.mark.rule("A1")
def test_edge_19_unknown_case_and_kind_are_stored_and_ignored():
    arb = filed_arbitration()
    with unchanged(arb.contract):
        for body in (
            arb.event("award.made", arb.award_data(1), filing_id=uuid4()),
            arb.event("award.made", arb.award_data(1), filing_id="'; DROP TABLE"),
            arb.event("case.coffee"),
        ):
            assert post(arb, body).json() == {"state": "ignored"}
    assert ProviderEvent.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.rule("A4")
def test_edge_21_award_after_a_settlement_is_ignored():
    arb = filed_arbitration()
    arb.accept_claim()
    with unchanged(arb.contract):
        assert post(arb, arb.event("award.made", arb.award_data(0))).json() == {"state": "ignored"}


@pytest.mark.django_db
@pytest.mark.rule("A1")
def test_messages_out_of_order_are_kept_until_they_fit():
    arb = both_paid_case()
    assert post(arb, arb.event("case.progress", {"step": "Early."})).json() == {"state": "received"}
    assert post(arb, arb.event("case.accepted")).json() == {"state": "applied"}


MARKERS = ("OFFER-MARKER", "PRIVATE-MARKER", "CASE-MARKER", "SECRET-EXHIBIT", "RECO-MARKER")


@pytest.mark.django_db
@pytest.mark.rule("A1")
def test_bundle_holds_nothing_said_in_confidence():
    from core.money import Money
    from disputes.negotiation import services as negotiation
    from disputes.services.texts import current_version

    case = contested_case()
    negotiation.make_offer(
        dispute_id=case.dispute_id, to_freelancer=Money(99_900, "USD"), to_client=Money(80_100, "USD"),
        disposition="refund", note="OFFER-MARKER", consent_version=current_version("offer"),
        actor=case.client.actor, now=case.now,
    )  # fmt: skip
    case.write(case.client, "CASE-MARKER")
    case.write(case.client, "PRIVATE-MARKER", audience="client", purpose="Dates")
    case.exhibit(case.client, confidentiality="specialist", name="SECRET-EXHIBIT.txt")
    case.world.write(case.client, "THREAD-MARKER")
    case.later(hours=1).draft(123_400, reasons="RECO-MARKER " * 60)
    arb = failed_case(case)
    arb.pay_fee(F)
    arb.pay_fee("client")
    text = json.dumps(bundle_of(arb.arbitration))
    for marker in (*MARKERS, "99900", "80100", "123400"):
        assert marker not in text, marker
    assert "THREAD-MARKER" in text
    assert "E-1" in text


class Silent:
    """A provider whose line is cut; counts what it was asked."""

    def __init__(self, status=None):
        self.filed, self.asked, self.status = 0, 0, status

    def file(self, _request_id, _case):
        self.filed += 1
        raise ProviderUnknownError("cut")

    def fetch_status(self, _filing_id):
        self.asked += 1
        return self.status


@pytest.mark.django_db
@pytest.mark.rule("A1")
def test_unknown_is_asked_about_and_never_resent_blindly(monkeypatch):
    from arbitration.providers.base import Status

    arb = both_paid_case()
    line = Silent()
    monkeypatch.setattr(sending, "provider", lambda: line)
    payload = {"request_id": str(arb.filing.pk)}
    with pytest.raises(ProviderUnknownError):
        sending.send_request(payload, now=arb.now)
    assert (line.filed, line.asked) == (1, 0)
    line.status = Status(provider_case="BR-9", state="received")
    sending.send_request(payload, now=arb.now)
    assert (line.filed, line.asked) == (1, 1)
    sending.send_request(payload, now=arb.now)
    assert (line.filed, line.asked) == (1, 1)


@pytest.mark.django_db
@pytest.mark.rule("A4")
def test_cancelled_filing_is_not_sent(monkeypatch):
    arb = both_paid_case()
    filing = arb.filing
    arb.withdraw()
    line = Silent()
    monkeypatch.setattr(sending, "provider", lambda: line)
    sending.send_request({"request_id": str(filing.pk)}, now=arb.now)
    assert (line.filed, line.asked) == (0, 0)


# --- over real HTTP: one server is both houses, as far as the wire goes
urlpatterns = [*product.urlpatterns, path("provider/", include("arbitration.providers.sandbox.urls"))]


@pytest.fixture
def wire(transactional_db, live_server, settings):
    settings.ROOT_URLCONF = __name__
    settings.SITE_URL = live_server.url
    settings.PROVIDER_BASE_URL = live_server.url + "/provider"
    return live_server.url


def sent(arb):
    """Deliver what waits for the provider."""
    clock.freeze(arb.now)
    for request in arb.arbitration.requests.filter(cancelled_at__isnull=True, answer=""):
        sending.send_request({"request_id": str(request.pk)}, now=arb.now)
    return Filed.objects.get()


@pytest.mark.rule("A1", "A3", "A5", "A6", "I8")
def test_a_person_plays_the_arbitrator_over_real_http(wire):
    arb = both_paid_case()
    filed = sent(arb)
    assert filed.exhibits.get().number == "E-1"
    sent(arb)
    page = Client()
    base = f"/provider/cases/{filed.number}/"
    assert "Rafael Domingo" in page.get("/provider/").content.decode()
    assert page.get(base).status_code == 200
    assert page.post(base + "award/", {}).status_code == 409
    assert page.post(base + "accept/").status_code == 302
    assert arb.arbitration.provider_case == filed.number
    page.post(base + "progress/", {"step": "The arbitrator asks for a response."})
    assert arb.arbitration.state == "in_progress"
    assert page.post(base + "award/", {"to_freelancer": "9,999.00"}).status_code == 422
    page.post(
        base + "award/",
        {
            "to_freelancer": "1,000.00",
            "reasons": "Most of it was delivered.",
            "arbitrator": "Ines Aubert",
            "shift_from": "client",
            "shift": "100.00",
        },
    )
    assert arb.dispute.resolution_code == "award"
    assert arb.dispute.resolution.to_freelancer == 110_000
    exhibit = page.get(base + "exhibits/E-1/")
    assert exhibit["Content-Disposition"].startswith("attachment")


@pytest.mark.rule("A1")
def test_misbehaviour_is_survived_and_lost_messages_come_back_by_asking(wire):
    arb = both_paid_case()
    filed = sent(arb)
    house.set_mode(Mode.FORGED)
    message = house.accept(filed, now=arb.now)
    assert (message.delivered_at, message.answer[:3]) == (None, "401")
    assert arb.arbitration.state == "filing"
    house.set_mode(Mode.HONEST)
    arb.later(minutes=3)
    clock.freeze(arb.now)
    assert sending.reconcile(now=arb.now) == 1
    assert arb.arbitration.state == "submitted"
    assert sending.reconcile(now=arb.now) == 0
    house.set_mode(Mode.TWICE)
    filed.refresh_from_db()
    house.progress(filed, "Asked twice.", now=arb.now)
    assert ProviderEvent.objects.filter(kind="case.progress").count() == 1
    house.set_mode(Mode.DROP)
    dropped = house.progress(filed, "Never arrives.", now=arb.now)
    assert dropped.attempts == 0
    assert sending.reconcile(now=arb.now) == 1
    house.set_mode(Mode.WRONG_SUM)
    from core.money import Money

    given = {"to_freelancer": Money(90_000, "USD"), "reasons": "As said.", "arbitrator": "Ines", "shift_from": ""}
    house.award(filed, **given, shift=None, now=arb.now)
    assert ProviderEvent.objects.get(kind="award.made").state == EventState.HELD
    assert arb.dispute.state == "in_arbitration"


@pytest.mark.rule("A4")
def test_settlement_reaches_the_provider(wire):
    arb = both_paid_case()
    filed = sent(arb)
    house.accept(filed, now=arb.now)
    arb.accept_claim()
    assert sent(arb).state == "settled"


@pytest.mark.rule("A1")
def test_provider_api_answers_only_the_signed(wire):
    arb = both_paid_case()
    filed = sent(arb)
    path = f"{wire}/provider/api/filings/{filed.filing}/"
    assert httpx.get(path).status_code == 401
    assert httpx.post(f"{wire}/provider/api/filings/", content=b"{}").status_code == 401
