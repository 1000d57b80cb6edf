"""The pages of reports and removals, walked through in a client that parses every answer."""

from __future__ import annotations

import uuid

import pytest

from core import clock
from disputes.models import MessageReport, Redaction
from tests.factories.accounts import make_admin, make_support
from tests.factories.mediation import active_case
from tests.factories.moderation import RUDE, approve, ask, case_message, hide, report, thread_message
from tests.support.html import CheckedClient

pytestmark = pytest.mark.django_db


def as_(person, case) -> CheckedClient:
    clock.freeze(case.now)
    client = CheckedClient()
    client.force_login(person.user)
    return client


def post(client, url, **data):
    return client.post(url, {"_once": str(uuid.uuid4()), **data})


@pytest.mark.rule("M1", "M2")
@pytest.mark.parametrize("kind", ["message", "case_message"])
def test_from_the_message_to_the_tombstone(kind):
    case, agent = active_case(), make_support()
    row = (thread_message if kind == "message" else case_message)(case, case.client)
    place = f"/messages/{case.contract.reference}/" if kind == "message" else f"/disputes/{case.reference}/"
    url = f"/report/{kind}/{row.pk}/"
    reader = as_(case.freelancer, case)
    assert url in reader.get(place).content.decode()
    assert url not in as_(case.client, case).get(place).content.decode()
    assert RUDE in reader.get(url).content.decode()

    answer = post(reader, url, reason="", details="Kept text")
    assert answer.status_code == 422
    assert "Kept text" in answer.content.decode()
    answer = post(reader, url, reason="abuse", details="A threat.")
    assert answer.status_code == 303
    assert "You reported this message" in reader.get(place).content.decode()
    assert post(reader, url, reason="abuse").status_code == 409

    desk = as_(agent, case)
    found = MessageReport.objects.get()
    assert str(found.pk) in desk.get("/support-desk/reports/").content.decode()
    assert "Reported messages" in desk.get("/support-desk/").content.decode()
    page = f"/support-desk/reports/{found.pk}/"
    assert RUDE in desk.get(page).content.decode()
    assert post(desk, f"{page}hide/", reason="").status_code == 422
    assert post(desk, f"{page}leave/", text="short").status_code == 422
    assert post(desk, f"{page}hide/", reason="abuse", text="No threats, please.").status_code == 303

    for person in (case.freelancer, case.client):
        text = as_(person, case).get(place).content.decode()
        assert "Hidden by customer support on" in text
        assert "MARKER" not in text
        assert url not in text
    text = as_(case.specialist, case).get(f"/desk/cases/{case.reference}/").content.decode()
    assert "Hidden by customer support on" in text
    assert RUDE in text
    for path in (f"/disputes/{case.reference}/case-file/", "/messages/"):
        assert "MARKER" not in as_(case.client, case).get(path).content.decode()
    assert desk.get("/support-desk/reports/?show=decided").status_code == 200
    assert RUDE in desk.get(page).content.decode()


@pytest.mark.rule("M4", "M5", "M6")
def test_two_people_on_the_removal_pages():
    case, admin, agent = active_case(), make_admin(), make_support()
    row = thread_message(case, case.client)
    other = thread_message(case, case.client, body="Our phone is 555-0100.")
    desk = as_(agent, case)
    chosen = desk.get("/support-desk/removals/new/", {"about": case.contract.reference}).content.decode()
    url = f"/support-desk/removals/new/message/{row.pk}/"
    assert url in chosen
    assert "Check the reference" in desk.get("/support-desk/removals/new/?about=ZZZZ-0000").content.decode()
    assert post(desk, url, reason="", why="Kept text").status_code == 422
    assert post(desk, url, reason="unlawful", why="It threatens a person with violence.").status_code == 303
    ask(case, "message", other, agent)

    first, second = Redaction.objects.order_by("asked_at", "message__body")
    removed, kept = (first, second) if first.message_id == row.pk else (second, first)
    page = f"/support-desk/removals/{removed.pk}/"
    assert "You asked" in desk.get(page).content.decode()
    assert desk.get(f"{page}remove/").status_code == 403
    boss = as_(admin, case)
    assert str(removed.pk) in boss.get("/support-desk/removals/").content.decode()
    assert RUDE in boss.get(f"{page}remove/").content.decode()
    assert post(boss, f"{page}remove/").status_code == 303
    assert post(boss, f"/support-desk/removals/{kept.pk}/keep/", text="short").status_code == 422
    answer = post(boss, f"/support-desk/removals/{kept.pk}/keep/", text="It is a number of the company itself.")
    assert answer.status_code == 303
    text = as_(case.freelancer, case).get(f"/messages/{case.contract.reference}/").content.decode()
    assert "Removed on" in text
    assert "555-0100" in text
    assert "MARKER" not in text + boss.get(page).content.decode()
    assert boss.get("/support-desk/removals/?show=decided").status_code == 200


@pytest.mark.rule("M5")
def test_removed_exhibits_stand_on_every_page_without_their_file():
    from tests.disputes.moderation.test_redaction import add

    case = active_case()
    row = add(case, case.client)
    approve(case, ask(case, "evidence", row, case.supervisor), make_admin())
    for person in (case.client, case.freelancer, case.specialist):
        client = as_(person, case)
        for path in ("", "evidence/", "case-file/"):
            answer = client.get(f"/disputes/{case.reference}/{path}")
            assert answer.status_code == 200
            assert "MARKER" not in answer.content.decode()
            assert "Removed on" in answer.content.decode() or not path
        assert client.get(f"/disputes/{case.reference}/evidence/{row.pk}/file/").status_code == 404
    assert as_(case.specialist, case).get(f"/desk/cases/{case.reference}/").status_code == 200


@pytest.mark.rule("M2")
def test_hidden_files_reach_staff_only():
    from core.uploads import check_upload
    from tests.factories.disputes import upload

    case, agent = active_case(), make_support()
    row = thread_message(case, case.client, uploads=[check_upload(upload(), max_bytes=10_000)])
    hide(case, report(case, "message", row, case.freelancer), agent)
    url = f"/support-desk/hidden/message/{row.pk}/file/"
    answer = as_(case.specialist, case).get(url)
    assert answer.status_code == 200
    assert answer.getvalue()
    assert as_(case.client, case).get(url).status_code == 404
    assert as_(case.client, case).get(f"/contracts/{case.contract.reference}/files/{row.pk}/").status_code == 404


@pytest.mark.rule("M5")
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_removed_statement_stands_in_the_record_of_arbitration_as_a_tombstone(language):
    from django.utils import translation

    from disputes.models import StatementVersion
    from disputes.selectors import case_record

    case = active_case()
    claim = StatementVersion.objects.get(dispute_id=case.dispute_id, side="claim", number=1)
    approve(case, ask(case, "statement", claim, case.supervisor), make_admin())
    with translation.override(language):
        record = case_record(case.dispute)
    assert record["claim"][0]["details"].mark.act == "redacted"
    page = as_(case.client, case).get(f"/disputes/{case.reference}/versions/").content.decode()
    assert "Removed on" in page


@pytest.mark.rule("M2", "M4")
def test_the_admin_shows_that_they_exist_and_never_the_words():
    case, agent = active_case(), make_support()
    row = thread_message(case, case.client)
    found = report(case, "message", row, case.freelancer)
    hide(case, found, agent)
    removal = ask(case, "message", row, agent)
    boss = as_(make_admin(), case)
    for path in (
        "messagereport/",
        f"messagereport/{found.pk}/change/",
        "redaction/",
        f"redaction/{removal.pk}/change/",
        "hiddenoriginal/",
        "dataexport/",
    ):
        answer = boss.get(f"/admin/disputes/{path}")
        assert answer.status_code == 200, path
        assert "MARKER" not in answer.content.decode(), path
    assert boss.post(f"/admin/disputes/redaction/{removal.pk}/change/", {"state": "done"}).status_code == 403
