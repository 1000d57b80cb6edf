"""The agreement's document, versions and their difference, locked statements, and words that are never lost."""

from __future__ import annotations

import html
import re
import uuid
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from contracts.services import refunds
from core import audit, clock
from core.errors import StaleError
from disputes.models import Consent, Dispute, StatementVersion
from disputes.services import texts
from disputes.services.statements import diff_texts, fold_same
from tests.factories import mediation
from tests.factories.contracts import refund_requested_contract
from tests.factories.disputes import accept, asked, bid, draft, file_draft, offer, update_claim
from tests.factories.mediation import DETAILS
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def words(response) -> str:
    """The page as somebody reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def once() -> dict[str, str]:
    return {"_once": str(uuid.uuid4())}


# --- the agreement ----------------------------------------------------------------


@pytest.mark.rule("D12")
def test_D12_the_agreement_names_parties_sums_ground_dates_and_the_head_of_the_record(browse):
    case = mediation.contested_case()
    made = offer(case, case.client, 110_000, note="Includes the source files.")
    case.later(hours=3)
    accept(case, made, case.freelancer)

    for person in (case.freelancer, case.client, case.specialist):
        shown = words(browse(person, case).get(f"/disputes/{case.reference}/agreement/"))
        for part in (
            "Rafael Domingo gets $1,100.00 , before the 10% service fee ($990.00 after it).",
            "Northwind Goods gets $700.00 back.",
            "made the offer, which is this side’s agreement",
            "accepted the offer",
            "Joint settlement of both sides joint_settlement",
            "Includes the source files.",
            "Offer 1 made",
            audit.verify(case.dispute_id).head,
        ):
            assert part in shown, part


@pytest.mark.rule("D19")
def test_D19_a_match_has_an_agreement_too_which_keeps_the_amounts_sealed(browse):
    case = mediation.contested_case()
    case.until(NOON, hours=3).sweep()
    client = browse(case.client, case)
    assert client.get(f"/disputes/{case.reference}/agreement/").status_code == 404
    bid(case, case.freelancer, 101_111)
    bid(case, case.client, 121_111)
    case.until(NOON).sweep()

    clock.freeze(case.now)
    shown = words(client.get(f"/disputes/{case.reference}/agreement/"))
    assert "Rafael Domingo gets $1,111.11" in shown
    assert shown.count("sealed an amount and agreed to be bound by it") == 2
    assert "1,011.11" not in shown
    assert "1,211.11" not in shown


# --- versions ---------------------------------------------------------------------


@pytest.mark.rule("D8")
def test_D8_what_changed_is_marked_and_said_and_the_rest_is_refunded_at_once(browse):
    case = mediation.contested_case()
    before = case.world.held
    update_claim(case, 150_000, details=DETAILS.replace("on time", "two days late") + " <b>One more</b> line.")

    shown = browse(case.client, case).get(f"/disputes/{case.reference}/versions/").content.decode()
    assert "<del>" in shown
    assert "<ins>" in shown
    read = words(browse(case.client, case).get(f"/disputes/{case.reference}/versions/"))
    assert "removed: on time" in read
    assert "added: two days late" in read
    assert "before: $1,800.00" in read
    assert "now: $1,500.00" in read
    assert "&lt;b&gt;One" in shown
    assert case.world.held != before
    assert case.dispute.amount == 150_000


def test_a_rewritten_sentence_reads_as_one_change_and_long_sameness_is_folded():
    pieces = diff_texts("We met on Monday here.", "We wrote by mail here.")
    assert pieces == [("same", "We "), ("removed", "met on Monday"), ("added", "wrote by mail"), ("same", " here.")]
    same = " ".join(f"word{n}" for n in range(200))
    folded = fold_same(diff_texts(f"Old {same}", f"New {same}"))
    assert [op for op, _ in folded] == ["removed", "added", "same", "folded", "same"]
    assert "".join(text for op, text in folded if op != "removed") == f"New {same}"


@pytest.mark.parametrize(
    ("recommended", "why"),
    [(True, "The specialist issued a recommendation on"), (False, "Mediation ended without an agreement on")],
)
def test_D8_K4_a_locked_statement_says_why_and_gives_typed_words_back(browse, recommended, why):
    case = mediation.recommended_case() if recommended else mediation.contested_case()
    if not recommended:
        case.until(case.case.ends_at).sweep()
    client, path = browse(case.freelancer, case), f"/disputes/{case.reference}/update/"
    page = client.get(path)
    assert why in words(page)
    assert '<form method="post" data-autosave-url="/disputes/' not in page.content.decode()

    versions = StatementVersion.objects.count()
    with unchanged(case.contract):
        late = client.post(path, {"details": "My <new> words that took an hour.", "amount": "10", **once()})
    assert late.status_code == 409
    assert why in words(late)
    assert "My <new> words that took an hour." in words(late)
    assert StatementVersion.objects.count() == versions


# --- words that came too late -----------------------------------------------------


@pytest.mark.parametrize("how", ["approved in another tab", "too late", "filed in another tab"])
def test_a_claim_whose_request_closed_meanwhile_is_shown_back_to_copy(browse, how):
    world = refund_requested_contract()
    client = browse(world.freelancer, world)
    path = f"/contracts/{world.contract.reference}/refund-request/claim/"
    found = draft(world, reason="client_silent", details=DETAILS, amount="1800")
    said = {
        "approved in another tab": "This refund request has been accepted",
        "too late": "The 7 days to answer this refund request are over",
        "filed in another tab": "The dispute is filed already",
    }[how]
    if how == "approved in another tab":
        refunds.accept_refund_request(request_id=world.refund.pk, actor=world.freelancer.actor, now=world.now)
    elif how == "too late":
        world.later(days=8)
        clock.freeze(world.now)
    else:
        file_draft(world, found)

    late = client.post(path, {"reason": "other", "details": "An hour of work.", "amount": "17", **once()})
    assert late.status_code == 409
    shown = words(late)
    assert said in shown
    assert "An hour of work." in shown
    assert "Another reason" in shown
    assert "Nothing was sent or moved." in shown
    assert "readonly" in late.content.decode()

    again = client.get(path, follow=True)
    if how == "filed in another tab":
        assert again.redirect_chain[0][0] == f"/disputes/{Dispute.objects.get().reference}/"
    else:
        # The draft that was saved by itself is given back too.
        assert again.status_code == 409
        assert DETAILS in words(again)


def test_an_answer_and_an_offers_note_that_came_too_late_are_shown_back(browse):
    case = mediation.active_case()
    client = browse(case.client, case)
    case.until(case.case.ends_at).sweep()
    clock.freeze(case.now)
    late = client.post(f"/disputes/{case.reference}/respond/", {"details": "Our side of it.", **once()})
    assert late.status_code == 409
    assert "Our side of it." in words(late)
    case.until(case.clock("election_end").due_at).sweep()
    clock.freeze(case.now)
    late = client.post(f"/disputes/{case.reference}/offers/new/", {"to_client": "1", "note": "A last word.", **once()})
    assert late.status_code == 409
    assert "A last word." in words(late)


def test_a_second_support_request_is_not_sent_and_not_lost(browse):
    world, request, _agent = asked()
    path = reverse("disputes:support_new", args=[world.contract.reference])
    late = browse(world.freelancer, world).post(path, {"details": "Typed for an hour.", **once()})
    assert late.status_code == 409
    assert "Typed for an hour." in words(late)
    assert request.reference in late.content.decode()


# --- consents in the language in which they were read -----------------------------


@pytest.mark.rule("D12")
def test_D12_a_consent_is_kept_in_the_language_and_version_that_was_shown(monkeypatch):
    case = mediation.contested_case()
    made = offer(case, case.client, 60_000)
    kept = Consent.objects.get(kind="offer")
    assert kept.text_version == "2026-1/en"
    assert kept.text.startswith("You agree to end this dispute with")

    class Text(str):
        """The text of the offer as a catalogue would give it."""

        __slots__ = ()

        def __str__(self) -> str:
            source = str.__str__(self)
            return source.replace("You agree to end", "Usted acepta terminar") if _spanish() else source

    def _spanish() -> bool:
        return (translation.get_language() or "").startswith("es")

    english = str(texts.TEXTS["offer"]["2026-1"])
    monkeypatch.setitem(texts.TEXTS["offer"], "2026-1", Text(english))
    with translation.override("es"):
        version = texts.current_version("offer")
        assert version == "2026-1/es"
        accept(case, made, case.freelancer, consent_version=version)
    kept = Consent.objects.get(kind="offer", side="freelancer")
    assert kept.text_version == "2026-1/es"
    assert kept.text.startswith("Usted acepta terminar")


def test_who_read_the_text_in_another_language_reads_it_again():
    case = mediation.contested_case()
    with unchanged(case.contract), pytest.raises(StaleError):
        offer(case, case.client, 60_000, consent_version="2026-1/es")


def test_a_language_without_a_wording_of_a_text_says_that_it_is_the_sources():
    with translation.override("fr"):
        assert texts.current_version("blind_bid").endswith("/en")
