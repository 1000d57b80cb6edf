"""D19: a sealed amount leaves no trace for anybody but its own side: pages, polls, notices, mail, record, log, time.

Each viewer looks at everything there is to see before and after an amount is sealed; the answers must be the same to
the byte (but for tokens) and cost the same number of queries.
"""

from __future__ import annotations

import logging
import re
import uuid
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import audit, clock, outbox
from core.models import AuditEntry
from disputes.models import BlindBid, Consent
from disputes.negotiation import bids
from disputes.selectors import acted_in_secret
from mediation.services import unresponsive
from mediation.services.unresponsive import UnableToCloseUnresponsiveError
from tests.factories import mediation
from tests.factories.accounts import make_admin
from tests.factories.disputes import accept, bid, offer
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

ODD = 123_457  # an amount that nothing else in the case comes to
SPELLINGS = ("1,234.57", "1234.57", "1.234,57", "1234,57", "123457", "123_457")
TOKENS = re.compile(
    r'name="(?:csrfmiddlewaretoken|_once)" value="[^"]*"|nonce="[^"]*"|"csrf[^"]*": ?"[^"]*"|X-CSRFToken[^,}]*'
)
PAGES = [
    *("dispute", "updates", "calendar", "outcome", "agreement", "versions", "case_file", "respond", "accept", "update"),
    *("withdraw", "offer_new", "offer_check", "bids", "bid_withdraw", "evidence"),
]


@pytest.fixture
def case():
    """Both sides have spoken; an offer is open, so that every panel has something to show."""
    found = mediation.contested_case()
    found.world.now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    found.sweep()
    offer(found, found.client, 60_000)
    return found


def places(case) -> list[str]:
    """Every address of the case and around it."""
    contract, reference = case.contract.reference, case.reference
    found = [reverse(f"disputes:{name}", args=[reference]) for name in PAGES]
    found += [
        reverse("disputes:offer_accept", args=[reference, 1]),
        reverse("disputes:offer_decline", args=[reference, 1]),
    ]
    found += [f"{reverse('disputes:updates', args=[reference])}?since={case.dispute.version}"]
    found += [f"{reverse('disputes:dispute', args=[reference])}?show={tab}" for tab in ("offers", "events", "messages")]
    found += [reverse(f"mediation:{name}", args=[reference]) for name in ("case", "impasse", "draft")]
    found += [reverse("mediation:unresponsive", args=[reference, side]) for side in ("client", "freelancer")]
    found += [reverse(f"contracts:{name}", args=[contract]) for name in ("contract", "thread")]
    found += [reverse(f"contracts:{name}") for name in ("find_work", "my_jobs", "all_contracts", "threads")] + [
        reverse(f"notifications:{name}") for name in ("inbox", "poll")
    ]
    found += [reverse("accounts:settings"), reverse("mediation:desk"), reverse("mediation:workload")]
    return [*found, reverse("arbitration:desk"), reverse("disputes:support_desk")]


def admin_places() -> list[str]:
    """The list of every model of the admin, the record unfiltered."""
    found = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        found += [reverse(name), f"{reverse(name)}?all="]
    return [reverse("admin:index"), *found]


def looks(client, addresses: list[str]) -> dict[str, tuple[int, str, int]]:
    """Address → status, body without tokens, number of queries."""
    found = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = (answer.status_code, TOKENS.sub("", body.decode("utf-8", "replace")), len(seen))
    return found


def seal_on_the_page(browse, case, person, minor: int) -> BlindBid:
    """The two steps of the page, as a browser takes them."""
    client = person if hasattr(person, "post") else browse(person, case)
    path = reverse("disputes:bids", args=[case.reference])
    typed = {"amount": f"{minor / 100:.2f}", "seen": str(case.dispute.version)}
    shown = client.post(path, typed).content.decode()
    version = shown.split('name="text_version" value="')[1].split('"')[0]
    once = {"_once": str(uuid.uuid4())}
    answer = client.post(path, {**typed, **once, "do": "seal", "agree": "on", "text_version": version})
    assert answer.status_code == 303
    return BlindBid.objects.get(amount=minor)


def traces(bid_row: BlindBid) -> list[str]:
    consent = Consent.objects.get(kind="blind_bid")
    ids = [bid_row.pk, consent.pk]
    return [*SPELLINGS, *(str(i) for i in ids), *(i.hex for i in ids if isinstance(i, uuid.UUID)), consent.text_sha256]


def others(case) -> dict:
    return {
        "the client": case.client,
        "the specialist": case.specialist,
        "the supervisor": case.supervisor,
        "an admin": make_admin(),
    }


@pytest.mark.rule("D19")
@pytest.mark.parametrize("who", ["the client", "the specialist", "the supervisor", "an admin"])
def test_D19_every_answer_is_the_same_to_the_byte_and_to_the_query_with_and_without_a_sealed_amount(browse, case, who):
    bidder = browse(case.freelancer, case)  # signed in before, because the admin's list of people shows when
    client = browse(others(case)[who], case)
    addresses = places(case) + (admin_places() if who == "an admin" else [])
    looks(client, addresses)  # what is cached for good is cached now
    before = looks(client, addresses)
    assert len([a for a, (status, _, _) in before.items() if status == 200]) >= 8

    row = seal_on_the_page(browse, case, bidder, ODD)

    clock.freeze(case.now)
    after = looks(client, addresses)
    for address in addresses:
        assert after[address] == before[address], f"{address} tells {who}"
        for trace in traces(row):
            assert trace not in after[address][1], f"{trace} stands on {address}"


@pytest.mark.rule("D19")
def test_D19_the_other_sides_own_steps_cost_the_same_with_and_without_a_sealed_amount(browse, case):
    path = reverse("disputes:bids", args=[case.reference])

    def step() -> list[str]:
        """The client seals an amount, which is undone afterwards: the statements it took, without their values."""
        with CaptureQueriesContext(connection) as seen, transaction.atomic():
            bid(case, case.client, 10_000)
            transaction.set_rollback(True)
        return [re.sub(r"'[^']*'|\b\d+\b|s\d+_x\d+", "?", query["sql"]) for query in seen.captured_queries]

    step()
    before = step()
    seal_on_the_page(browse, case, case.freelancer, ODD)
    assert step() == before
    client = browse(case.client, case)
    answers = [client.post(path, {"amount": amount}) for amount in ("", "-1", "9999999", "1234.57")]
    assert [a.status_code for a in answers] == [422, 422, 422, 200]


@pytest.mark.rule("D19")
def test_D19_no_row_for_others_no_notice_no_mail_no_message_no_line_of_the_log(browse, case, caplog):
    browse(case.client, case)
    while outbox.relay(now=case.now):
        pass
    mail.outbox.clear()
    caplog.set_level(logging.DEBUG)
    kept = {"disputes.blindbid", "disputes.consent", "core.auditentry", "core.auditchain", "core.oncekey"}
    counts = {m._meta.label_lower: m._default_manager.count() for m in apps.get_models()}

    row = seal_on_the_page(browse, case, case.freelancer, ODD)
    secrets = traces(row)
    bid(case, case.client, ODD - 40_000)

    grown = {name for name, count in counts.items() if apps.get_model(name)._default_manager.count() != count}
    assert grown - {"sessions.session"} == kept

    case.until(datetime(2026, 11, 27, 12, 0, tzinfo=UTC)).sweep()
    while outbox.relay(now=case.now):
        pass
    assert case.dispute.state == "in_mediation"
    letters = "\n".join(f"{letter.subject}\n{letter.body}\n{letter.alternatives}" for letter in mail.outbox)
    rows = [
        str(values)
        for model in apps.get_models()
        if model._meta.label_lower not in kept
        for values in model._default_manager.values()
    ]
    for secret in secrets:
        assert secret not in caplog.text
        assert secret not in letters
        assert not [text for text in rows if secret in text]


@pytest.mark.rule("D19")
def test_D19_the_record_that_people_read_has_neither_the_entry_nor_a_gap_where_it_stood(browse, case):
    before = list(AuditEntry.objects.filter(chain_id=case.dispute_id).values_list("position", "digest"))
    row = seal_on_the_page(browse, case, case.freelancer, ODD)
    bids.withdraw_bid(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)
    assert list(AuditEntry.objects.filter(chain_id=case.dispute_id).values_list("position", "digest")) == before
    assert audit.verify(case.dispute_id).broken_at is None
    assert audit.verify(row.pk).length == 2
    secret = AuditEntry.objects.filter(chain_id=row.pk)
    assert not [entry for entry in secret for spelling in SPELLINGS if spelling in str(entry.payload)]


@pytest.mark.rule("D19")
def test_D19_a_sealed_amount_is_a_reaction_which_no_guard_line_tells(browse):
    case = mediation.active_case()
    case.later(days=1)
    shown = unresponsive.guards(case.case, "client", now=case.now)
    bid(case, case.client, ODD)
    assert unresponsive.guards(case.case, "client", now=case.now) == shown
    assert case.dispute.client_reacted_at is None
    for _ in range(2):
        case.attempt()
        case.later(days=4)
    case.sweep()
    assert all(guard.holds for guard in unresponsive.guards(case.case, "client", now=case.now))
    with unchanged(case.contract), pytest.raises(UnableToCloseUnresponsiveError) as refusal:
        case.close_unresponsive()
    assert not re.search("bid|seal|amount|react", str(refusal.value))
    case.until(case.case.ends_at).sweep()
    assert case.dispute.state == "non_resolution"


@pytest.mark.rule("D12")
def test_D12_a_secret_agreement_to_a_draft_is_a_reaction_which_no_page_tells(case):
    draft = offer(case, case.specialist, 100_000)
    reacted = case.dispute.freelancer_reacted_at
    accept(case, draft, case.freelancer)
    assert case.dispute.freelancer_reacted_at == reacted
    assert acted_in_secret(case.dispute, "freelancer")
    assert not acted_in_secret(case.dispute, "client")
