"""The copy of one's own data: what is in it, what never is, who gets it, for how long."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

import pytest
from django.core.files.storage import default_storage

from config.export import build
from contracts.services.messages import post_message
from core import clock, outbox
from core.uploads import check_upload
from disputes.export import services
from disputes.models import DataExport
from disputes.services import evidence
from disputes.services.drafts import save_page_draft
from mediation.services import notes
from notifications.models import Notice
from tests.factories.accounts import make_admin, make_member, make_stranger, make_support
from tests.factories.disputes import asked, bid, offer, upload
from tests.factories.mediation import contested_case
from tests.factories.moderation import approve, ask, case_message, hide, report, thread_message
from tests.support.html import CheckedClient, check_html

pytestmark = pytest.mark.django_db


def zipped(person, now) -> zipfile.ZipFile:
    out = io.BytesIO()
    build.write_zip(out, person.user, told=lambda _done, _total: None, now=now)
    return zipfile.ZipFile(out)


def everything(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist()) + str(
        archive.namelist()
    )


def add(case, person, marker, **more):
    given = {"upload": upload(f"{marker}.txt", f"{marker} line\n".encode()), "kind": "deliverable", "shows": marker}
    return evidence.add_evidence(dispute_id=case.dispute_id, actor=person.actor, now=case.now, **(given | more))


@pytest.fixture
def planted():
    """A contested case with a marker in everything: MINE-… of the client, THEIRS-… of the freelancer, STAFF-…."""
    case = contested_case()
    client, freelancer = case.client, case.freelancer
    # The client's own, and what both sides read.
    thread_message(case, client, body="MINE-thread")
    post_message(
        contract_id=case.contract.pk,
        body="",
        uploads=[check_upload(upload("MINE-attached.txt", b"MINE-attachment\n"), max_bytes=1000)],
        actor=client.actor,
        now=case.now,
    )
    thread_message(case, freelancer, body="BOTH-thread")
    case_message(case, client, body="MINE-case-message")
    case_message(case, client, body="MINE-private", audience="client", purpose="MINE-purpose")
    case_message(case, freelancer, body="BOTH-case-message")
    case_message(case, case.specialist, body="MINE-from-specialist", audience="client", purpose="Figures")
    add(case, client, "MINE-evidence")
    add(case, client, "MINE-secret-evidence", confidentiality="specialist")
    save_page_draft(
        dispute_id=case.dispute_id, page="respond", data={"details": "MINE-draft"}, actor=client.actor, now=case.now
    )
    # What the client may never read.
    case_message(case, freelancer, body="THEIRS-private", audience="freelancer", purpose="A question")
    case_message(case, case.specialist, body="THEIRS-from-specialist", audience="freelancer", purpose="Figures")
    add(case, freelancer, "THEIRS-evidence", confidentiality="specialist")
    save_page_draft(
        dispute_id=case.dispute_id,
        page="update",
        data={"text": "THEIRS-draft"},
        actor=freelancer.actor,
        now=case.now,
    )
    notes.add_note(dispute_id=case.dispute_id, body="STAFF-note", actor=case.specialist.actor, now=case.now)
    bid(case, freelancer, 88_331)
    offer(case, client, 12_345, note="MINE-offer")
    case.later(minutes=5)
    offer(case, freelancer, 77_221, note="THEIRS-offer")
    return case


def test_the_copy_holds_ones_own_and_nothing_confidential_of_anybody_else(planted):
    case = planted
    archive = zipped(case.client, case.now)
    text = everything(archive)
    for marker in ("thread", "attachment", "case-message", "private", "purpose", "from-specialist", "evidence"):
        assert marker == "purpose" or f"MINE-{marker}" in text, marker
    for marker in ("MINE-secret-evidence line", "MINE-draft", "MINE-offer", "BOTH-thread", "BOTH-case-message"):
        assert marker in text, marker
    assert "$123.45" in text
    assert "THEIRS-" not in text
    assert "STAFF-" not in text
    for amount in ("883.31", "88331", "88_331"):  # the sealed bid; an open offer was told in a notice
        assert amount not in text
    mirrored = everything(zipped(case.freelancer, case.now))
    assert "$883.31" in mirrored  # one's own bid is one's own
    for marker in ("MINE-private", "MINE-from-specialist", "MINE-secret", "MINE-draft", "MINE-offer", "STAFF-"):
        assert marker not in mirrored
    assert "THEIRS-private" in mirrored


def test_files_are_only_those_the_person_sent(planted):
    case = planted
    add(case, make_member(case.client.account), "COLLEAGUE-evidence", confidentiality="specialist")
    names = [n for n in zipped(case.client, case.now).namelist() if n.startswith("files/")]
    assert len(names) == 3
    assert all("MINE-" in name for name in names)


def test_its_pages_are_whole_and_its_json_can_be_read(planted):
    archive = zipped(planted.client, planted.now)
    assert archive.testzip() is None
    names = archive.namelist()
    assert {"index.html", "style.css", "data/profile.json"} <= set(names)
    for name in names:
        if name.endswith(".json"):
            assert isinstance(json.loads(archive.read(name)), list)
        if name.endswith(".html"):
            check_html(archive.read(name).decode(), name)
    index = archive.read("index.html").decode()
    assert all(f'href="{name}"' in index for name in names if name.startswith(("pages/", "data/")))


def test_support_requests_are_the_freelancers_alone():
    world, request, _agent = asked()
    assert request.number in everything(zipped(world.freelancer, world.now))
    assert request.number not in json.dumps(
        json.loads(zipped(world.client, world.now).read(f"data/contracts/{world.contract.reference}.json"))
    )


@pytest.mark.rule("M2", "M5")
def test_hidden_and_removed_texts_are_tombstones_in_it():
    case, agent = contested_case(), make_support()
    rude = thread_message(case, case.client)
    hide(case, report(case, "message", rude, case.freelancer), agent)
    gone = add(case, case.client, "MARKER")
    approve(case, ask(case, "evidence", gone, case.supervisor), make_admin())
    for person in (case.client, case.freelancer):
        text = everything(zipped(person, case.now))
        assert "MARKER" not in text
        assert "Hidden by customer support on" in text
    assert "Removed on" in everything(zipped(case.client, case.now))


def test_leaving_an_account_leaves_its_cases_out(planted):
    colleague = make_member(planted.client.account)
    assert planted.contract.title in everything(zipped(colleague, planted.now))
    colleague.user.memberships.update(removed_at=planted.now)
    text = everything(zipped(colleague, planted.now))
    assert planted.contract.reference not in text
    assert planted.client.account.name in text  # that one was there is still one's own


# --- the way to it -----------------------------------------------------------------------------


def as_(person, now) -> CheckedClient:
    clock.freeze(now)
    client = CheckedClient()
    client.force_login(person.user)
    return client


def ask_for(client):
    return client.post("/settings/data/", {"_once": str(uuid.uuid4())})


def test_ask_wait_download_and_again_after_a_day(django_capture_on_commit_callbacks):
    case = contested_case()
    owner = as_(case.client, case.now)
    assert "Make a copy of my data" in owner.get("/settings/data/").content.decode()
    assert ask_for(owner).status_code == 303
    assert "Your copy is being made" in owner.get("/settings/data/").content.decode()
    assert owner.get("/settings/data/news/").status_code == 204
    answer = ask_for(owner)
    assert answer.status_code == 409
    assert "one copy a day" in answer.content.decode()

    outbox.relay(now=case.now)
    export = DataExport.objects.get()
    assert export.percent == 100
    assert export.done == export.total > 5
    assert owner.get("/settings/data/news/").json() == {"count": 1, "text": "Your copy is ready."}
    assert "Only you can download it" in owner.get("/settings/data/").content.decode()
    [notice] = Notice.objects.filter(recipient=case.client.user, kind="data_ready")
    assert notice.link == "/settings/data/"

    url = f"/settings/data/{export.pk}/"
    download = owner.get(url)
    assert download["Content-Type"] == "application/zip"
    assert "attachment" in download["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(download.getvalue()))
    assert "index.html" in archive.namelist()
    for person in (case.freelancer, make_stranger(), make_support(), make_member(case.client.account), make_admin()):
        assert as_(person, case.now).get(url).status_code == 404

    case.later(days=1)
    assert ask_for(as_(case.client, case.now)).status_code == 303
    case.later(days=6)
    assert as_(case.client, case.now).get(url).status_code == 404
    path = export.file.name
    assert default_storage.exists(path)
    assert services.delete_expired(now=case.now) == 1
    assert not default_storage.exists(path)


def test_a_broken_build_says_so_is_tried_again_and_leaves_no_file(monkeypatch):
    case = contested_case()
    owner = as_(case.client, case.now)
    ask_for(owner)
    with monkeypatch.context() as broken:
        broken.setattr(build.collect, "consents", None)
        broken.setattr(build, "_OWN", (None,))
        outbox.relay(now=case.now)
    assert "could not be made" in owner.get("/settings/data/").content.decode()
    assert not DataExport.objects.get().file
    case.later(minutes=5)
    clock.freeze(case.now)
    outbox.relay(now=case.now)
    export = DataExport.objects.get()
    assert export.ready_at == case.now
    assert export.failed_at is None
    build.deliver({"export_id": str(export.pk)})  # a doubled message does nothing
    assert Notice.objects.filter(kind="data_ready").count() == 1


@pytest.mark.rule("M5")
def test_a_removal_takes_back_the_copies_that_hold_it(django_capture_on_commit_callbacks):
    case = contested_case()
    row = thread_message(case, case.client)
    ask_for(as_(case.freelancer, case.now))
    outbox.relay(now=case.now)
    export = DataExport.objects.get()
    path = export.file.name
    with django_capture_on_commit_callbacks(execute=True):
        approve(case, ask(case, "message", row, case.supervisor), make_admin())
    export.refresh_from_db()
    assert export.deleted_at == case.now
    assert not default_storage.exists(path)
