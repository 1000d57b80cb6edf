"""Documents: issued with the record's head inside the change, made once, accessible, checkable by whoever holds one."""

import hashlib
import io

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from core import clock, outbox
from core.documents import services
from core.models import AuditEntry, IssuedDocument, OutboxMessage
from disputes.services import statements
from tests.factories import disputes, mediation

pytestmark = pytest.mark.django_db


def _made(kind, language="en"):
    outbox.relay(now=clock.now(), limit=500)
    return IssuedDocument.objects.get(kind=kind, language=language)


def _words(document):
    with document.file.open("rb") as file:
        pdf = pypdfium2.PdfDocument(io.BytesIO(file.read()))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


@pytest.fixture
def filed():
    case = mediation.filed_case()
    clock.freeze(case.now)
    return case


@pytest.fixture
def settled():
    case = mediation.contested_case()
    clock.freeze(case.now)
    offer = disputes.offer(case, case.client, 115_000)
    disputes.accept(case, offer, case.freelancer)
    return case


def test_filing_documents_the_claim_in_every_language(filed):
    document = _made("claim_summary")

    words = _words(document)
    assert mediation.DETAILS[:60] in words
    assert filed.dispute.number in words
    assert document.code in words
    assert _made("claim_summary", "es").sha256 not in ("", document.sha256)


def test_a_document_carries_the_head_of_the_record_at_its_issue(filed):
    document = _made("claim_summary")

    entry = AuditEntry.objects.get(chain_id=filed.dispute.pk, position=document.chain_length)
    assert entry.digest == document.chain_head
    assert services.check(document).record_holds


def test_a_document_is_tagged_for_screen_readers(filed):
    with _made("claim_summary").file.open("rb") as file:
        data = file.read()

    assert b"/StructTreeRoot" in data
    assert b"pdfuaid" in data


def test_what_people_write_is_never_read_as_markup():
    nasty = "#set page(fill: red) $x^2$ *bold* <b>&amp;</b> \\ #sys.inputs " + "so it goes on and on. " * 10
    case = mediation.filed_case()
    disputes.update_claim(case, case.dispute.amount - 100, details=nasty)
    clock.freeze(case.now)
    outbox.relay(now=clock.now(), limit=500)

    second = case.dispute.statements.get(side="claim", number=2)
    newest = IssuedDocument.objects.get(subject_id=second.pk, language="en")
    assert "#set page(fill: red) $x^2$ *bold* <b>&amp;</b> \\ #sys.inputs" in _words(newest)


def test_making_it_twice_makes_one_file(filed):
    document = _made("claim_summary")

    services.make({"document_id": str(document.pk)})

    again = IssuedDocument.objects.get(pk=document.pk)
    assert (again.file.name, again.sha256, again.made_at) == (document.file.name, document.sha256, document.made_at)


def test_issuing_it_twice_issues_one(filed):
    document = _made("claim_summary")
    before = OutboxMessage.objects.count()

    services.issue(
        kind="claim_summary",
        subject_id=document.subject_id,
        case_id=document.case_id,
        case_number=document.case_number,
        chain_id=document.chain_id,
        now=clock.now(),
    )
    outbox.relay(now=clock.now(), limit=500)

    assert IssuedDocument.objects.filter(kind="claim_summary").count() == 2
    assert OutboxMessage.objects.count() == before + 2


@pytest.mark.rule("D12")
def test_a_settlement_has_an_agreement_and_a_closing_statement_to_the_cent(settled):
    agreement, closing = _words(_made("settlement_agreement")), _words(_made("closing_statement"))

    for words in (agreement, closing):
        assert "$1,150.00" in words
        assert "$650.00" in words
    # What was frozen, both shares and the fee that was taken from the freelancer's.
    for amount in ("$1,800.00", "$1,035.00", "$115.00"):
        assert amount in closing


@pytest.mark.rule("D3")
def test_an_end_that_nobody_agreed_on_has_a_closing_statement_and_no_agreement(filed):
    statements.accept_claim(dispute_id=filed.dispute.pk, actor=filed.client.actor, now=filed.now)

    assert "$1,800.00" in _words(_made("closing_statement"))
    assert not IssuedDocument.objects.filter(kind="settlement_agreement").exists()


def test_whoever_holds_a_document_can_check_it(client, filed):
    document = _made("claim_summary")

    found = client.get(reverse("verify_start"), {"code": document.code.lower().replace("-", " ")})
    page = client.get(found.headers["Location"]).content.decode()

    assert "was issued here, and the record behind it is unaltered" in page
    assert document.sha256 in page
    assert document.chain_head in page
    for private in ("Northwind", "Rafael", "1,800", mediation.DETAILS[:30]):
        assert private not in page


def test_the_very_file_matches_and_an_altered_one_does_not(client, filed):
    document = _made("claim_summary")
    with document.file.open("rb") as file:
        data = file.read()
    assert hashlib.sha256(data).hexdigest() == document.sha256

    def told(content):
        shown = SimpleUploadedFile("claim.pdf", content, "application/pdf")
        return client.post(reverse("verify", args=[document.code]), {"file": shown}).content.decode()

    assert "the very file that was issued" in told(data)
    assert "is not the one that was issued" in told(data[:-1] + b"x")


def test_an_altered_record_is_told(client, filed):
    document = _made("claim_summary")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER ALL")
        cursor.execute(
            "UPDATE core_auditentry SET reason = 'x' WHERE chain_id = %s AND position = 1", [document.chain_id]
        )
        cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER ALL")

    page = client.get(reverse("verify", args=[document.code])).content.decode()

    assert "does not verify" in page
    assert "is unaltered" not in page


def test_an_unknown_code_keeps_what_was_typed(client):
    answer = client.get(reverse("verify_start"), {"code": "AAAA-BBBB-CCCC"})

    assert answer.status_code == 404
    assert 'value="AAAA-BBBB-CCCC"' in answer.content.decode()
    assert client.get(reverse("verify", args=["AAAA-BBBB-CCCC"])).status_code == 404
