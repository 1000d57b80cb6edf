"""The filing wizard in a browser without scripts: S05–S08 with the founding document's labels."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contracts.services import refunds
from core.permissions import MemberRole
from disputes.models import Consent, Dispute, Evidence
from tests.factories.accounts import make_member, make_specialist, make_stranger, make_supervisor
from tests.factories.contracts import refund_requested_contract
from tests.factories.mediation import DETAILS
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    make_specialist()
    make_supervisor()
    return refund_requested_contract().later(hours=3)


def path(world, step: str) -> str:
    return f"/contracts/{world.contract.reference}/refund-request/{step}/"


def typed(**values):
    return {"reason": "quality_disputed", "details": DETAILS, "amount": "1,500.00", "do": "continue", **values}


def agreed(client, world) -> dict[str, str]:
    """What the check page's own form would post."""
    shown = client.get(path(world, "check")).content.decode()
    version = shown.split('name="text_version" value="')[1].split('"')[0]
    return {"agree": "on", "text_version": version, "_once": str(uuid.uuid4())}


@pytest.mark.rule("R3", "D1")
def test_S07_S08_claim_check_and_continue_to_dispute(browse, world):
    client = browse(world.freelancer, world)

    first = client.get(path(world, "claim"))
    assert ">Continue<" in first.content.decode().replace("<span>", ">").replace("</span>", "<").replace(">>", ">")
    assert "runs on" in first.content.decode()

    added = client.post(
        path(world, "claim"),
        typed(do="add", kind="deliverable", shows="A full order.", files=[_text("order.txt"), _text("receipt.txt")]),
    )
    assert added.status_code == 303
    checking = client.post(path(world, "claim"), typed())
    assert (checking.status_code, checking.url) == (303, path(world, "check"))
    shown = client.get(path(world, "check")).content.decode()
    for words in (
        "what it means to initiate a dispute",
        "Continue to Dispute",
        "I do not approve of this request and wish to file a dispute",
        "$1,500.00",
        "$300.00",
        "order.txt",
        "receipt.txt",
        "Notice of Non-Resolution",
        "Each side that goes pays $337.50",
        "$1,350.00 would reach your balance",
    ):
        assert words in shown, words

    filed = client.post(path(world, "check"), agreed(client, world))

    dispute = Dispute.objects.get()
    assert (filed.status_code, filed.url) == (303, f"/disputes/{dispute.reference}/")
    assert (dispute.state, dispute.amount, dispute.reason) == ("in_mediation", 150_000, "quality_disputed")
    assert Consent.objects.get(kind="file_dispute").dispute_id == dispute.pk
    assert list(Evidence.objects.order_by("exhibit").values_list("exhibit", flat=True)) == [1, 2]
    landed = client.get(filed.url).content.decode()
    assert "Your dispute is filed. $1,500.00 stays in escrow" in landed
    assert "Waiting for Northwind Goods" in landed


def _text(name: str, content: bytes = b"What was delivered, line by line.\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def test_every_step_keeps_the_draft_as_typed(browse, world):
    client = browse(world.freelancer, world)
    client.post(path(world, "claim"), typed(amount="a lot", details="Too short", do="save"))

    again = browse(world.freelancer, world).get(path(world, "claim")).content.decode()

    assert "a lot" in again
    assert "Too short" in again
    assert 'value="quality_disputed" id="id_reason_2" checked' in again.replace("required ", "") or "checked" in again


def test_autosave_answers_with_the_time_and_survives_a_lost_session(browse, world):
    client = browse(world.freelancer, world)
    saved = client.post(path(world, "claim"), typed(details="Half a sentence"), headers={"X-Autosave": "1"})
    client.logout()

    assert saved.json()["saved"]
    assert client.get(path(world, "claim")).status_code == 302
    assert "Half a sentence" in browse(world.freelancer, world).get(path(world, "claim")).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("details", "Too short.", "Write at least 80 characters; 70 more are needed."),
        ("amount", "1,800.01", "Enter an amount between"),
        ("amount", "0", "Enter an amount between"),
        ("amount", "-5", "without a minus sign"),
        ("amount", "10.001", "2 digits after the point"),
        ("amount", "ten", "in figures"),
        ("amount", "100 EUR", "This contract is in USD"),
        ("amount", "9" * 40, "larger than any contract"),
        ("amount", "", "Enter an amount."),
        ("reason", "", "Choose one"),
        ("reason", "nonsense", "valid choice"),
        ("details", "", "Fill in"),
    ],
)
def test_bad_input_is_told_at_the_field_and_everything_typed_stays(browse, world, field, value, words):
    client = browse(world.freelancer, world)

    response = client.post(path(world, "claim"), typed(**{field: value}))

    shown = response.content.decode()
    assert response.status_code == 422
    assert words in shown
    if field != "details":
        assert "The whole shop was delivered on time" in shown
    if value and field == "amount":
        assert value in shown


def test_S07_details_that_are_too_short_come_back_from_the_service_to_their_field(browse, world):
    client = browse(world.freelancer, world)
    client.post(path(world, "claim"), typed(details="Too short."))

    response = client.post(path(world, "check"), agreed(client, world))

    assert response.status_code == 422
    assert "Write at least 80 characters; 70 more are needed." in response.content.decode()
    assert Dispute.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ\x90", "This type of file is not accepted"),
        ("picture.png", b"MZ\x90\x00" * 20, "picture.png"),
        ("empty.txt", b"", "empty"),
    ],
)
def test_edge_24_a_bad_file_is_refused_with_its_reason_and_the_rest_is_kept(browse, world, name, content, words):
    client = browse(world.freelancer, world)

    response = client.post(
        path(world, "claim"),
        typed(do="add", kind="other", shows="A page.", files=[_text("good.txt"), _text(name, content)]),
    )

    shown = response.content.decode()
    assert response.status_code == 422
    assert words in shown
    assert "The whole shop was delivered on time" in shown
    assert "good.txt" in shown
    assert list(Evidence.objects.values_list("file_name", flat=True)) == ["good.txt"]


def test_files_can_be_taken_off_the_draft_again(browse, world):
    client = browse(world.freelancer, world)
    client.post(path(world, "claim"), typed(do="add", kind="other", shows="A page.", files=[_text("a.txt")]))
    row = Evidence.objects.get()

    assert client.post(path(world, "claim"), typed(do=f"remove:{row.pk}")).status_code == 303
    assert client.post(path(world, "claim"), typed(do=f"remove:{uuid.uuid4()}")).status_code == 404
    row.refresh_from_db()
    assert row.removed_at is not None


def test_nothing_is_filed_without_the_box(browse, world):
    client = browse(world.freelancer, world)
    client.post(path(world, "claim"), typed())

    response = client.post(path(world, "check"), {**agreed(client, world), "agree": ""})

    assert response.status_code == 422
    assert "Tick the box to go on" in response.content.decode()
    assert Dispute.objects.get().state == "draft"


def test_a_double_click_files_once(browse, world):
    client = browse(world.freelancer, world)
    client.post(path(world, "claim"), typed())
    post = agreed(client, world)

    first, second = client.post(path(world, "check"), post), client.post(path(world, "check"), post)

    assert first.url == second.url
    assert Dispute.objects.count() == 1


def test_who_may_not_file(browse, world):
    member = make_member(world.freelancer.account, MemberRole.MEMBER)
    browse(member, world).post(path(world, "claim"), typed())
    client = browse(member, world)
    shown = client.get(path(world, "check")).content.decode()
    assert ">Continue to Dispute<" not in shown

    with unchanged(world.contract):
        assert client.post(path(world, "check"), agreed(client, world)).status_code == 403
        assert browse(world.client, world).get(path(world, "claim")).status_code == 403
        assert browse(make_stranger(), world).get(path(world, "claim")).status_code == 404
    assert Dispute.objects.get().state == "draft"


def test_Z3_too_late_is_said_and_the_default_has_run(browse, world):
    client = browse(world.freelancer, world)
    client.post(path(world, "claim"), typed())
    world.later(days=8)

    response = browse(world.freelancer, world).post(path(world, "claim"), typed())

    assert response.status_code == 409
    assert "The 7 days to answer this refund request are over" in response.content.decode()
    assert world.refund.state == "expired"


def test_check_without_a_complete_claim_leads_back(browse, world):
    assert browse(world.freelancer, world).get(path(world, "check")).url == path(world, "claim")


@pytest.mark.parametrize("change", ["another window", "the client pays more"])
def test_what_is_filed_is_what_the_check_page_said(browse, world, change):
    client = browse(world.freelancer, world)
    client.post(path(world, "claim"), typed(amount="1,500.00"))
    post = agreed(client, world)
    if change == "another window":
        client.post(path(world, "claim"), typed(amount="900.00"))
    else:
        refunds.pay_more(
            request_id=world.refund.pk, amount=world.money(20_000), actor=world.client.actor, now=world.now
        )

    with unchanged(world.contract):
        response = client.post(path(world, "check"), post)

    assert response.status_code == 409
    assert "changed while you were reading" in response.content.decode()
    assert client.post(path(world, "check"), agreed(client, world)).status_code == 303
    assert Dispute.objects.get().amount == (90_000 if change == "another window" else 150_000)
