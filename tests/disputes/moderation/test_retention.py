"""What is deleted by age, and what an open case holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.uploads import private_path
from disputes import retention
from disputes.models import Dispute, Evidence, HiddenOriginal, PageDraft
from disputes.services import filing
from disputes.services.drafts import save_page_draft
from disputes.tasks import sweep_retention
from tests.factories.accounts import make_support
from tests.factories.contracts import refund_requested_contract
from tests.factories.disputes import draft, upload
from tests.factories.mediation import contested_case
from tests.factories.moderation import hide, report, thread_message

pytestmark = pytest.mark.django_db


def sweep(now, disk_now=None):
    return retention.sweep(now=now, disk_now=disk_now or datetime.now(tz=UTC) - timedelta(days=9))


def close(case):
    from disputes.services import statements

    statements.accept_claim(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)


@pytest.mark.rule("M2")
def test_an_open_case_holds_drafts_and_originals_and_a_closed_one_lets_them_go(django_capture_on_commit_callbacks):
    case = contested_case()
    row = thread_message(case, case.client)
    hide(case, report(case, "message", row, case.freelancer), make_support())
    save_page_draft(
        dispute_id=case.dispute_id, page="update", data={"details": "x"}, actor=case.client.actor, now=case.now
    )
    later = case.now + timedelta(days=400)
    sweep(later)
    assert PageDraft.objects.count() == HiddenOriginal.objects.count() == 1

    close(case)
    sweep(case.now + timedelta(days=29))
    assert PageDraft.objects.count() == HiddenOriginal.objects.count() == 1
    found = sweep(case.now + timedelta(days=31))
    assert (found["page_drafts"], found["hidden_originals"]) == (1, 0)
    assert sweep(later)["hidden_originals"] == 1
    assert str(type(row).objects.get(pk=row.pk).body).startswith("Hidden by")


def test_a_claim_that_was_never_filed_goes_with_its_files(django_capture_on_commit_callbacks):
    world = refund_requested_contract()
    found = draft(world, reason="other", details="Never sent")
    row = filing.add_draft_evidence(
        dispute_id=found.pk,
        upload=upload(),
        kind="deliverable",
        shows="What was delivered.",
        actor=world.freelancer.actor,
        now=world.now,
    )
    path = row.file.name
    assert sweep(world.now + timedelta(days=200))["claim_drafts"] == 0  # the refund request is open
    Dispute.objects.filter(pk=found.pk).update(state="abandoned")
    type(world.refund).objects.update(state="withdrawn", closed_at=world.now)
    assert sweep(world.now + timedelta(days=80))["claim_drafts"] == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep(world.now + timedelta(days=91))["claim_drafts"] == 1
    assert Dispute.objects.get(pk=found.pk).draft == {}
    assert not Evidence.objects.exists()
    assert not default_storage.exists(path)
    assert sweep(world.now + timedelta(days=92))["claim_drafts"] == 0


def test_orphans_go_after_a_day_and_owned_files_never():
    case = contested_case()
    from tests.disputes.moderation.test_redaction import add

    owned = add(case, case.client).file.name
    orphan = default_storage.save(private_path(None, ""), ContentFile(b"nobody's"))
    real = datetime.now(tz=UTC)
    sweep(case.now + timedelta(days=3650), real + timedelta(hours=23))
    assert default_storage.exists(orphan)
    assert sweep(case.now, real + timedelta(hours=25))["orphan_files"] >= 1
    assert not default_storage.exists(orphan)
    assert default_storage.exists(owned)


def test_the_days_are_settings(settings):
    settings.RETENTION_DAYS = {"page_draft": 2}
    assert retention.Retention.current().page_draft == 2
    assert retention.Retention.current().claim_draft == 90
    settings.RETENTION_DAYS = {"no_such_kind": 2}
    with pytest.raises(TypeError):
        retention.Retention.current()


def test_the_sweep_is_on_the_beat(settings):
    assert settings.CELERY_BEAT_SCHEDULE["retention"]["task"] == sweep_retention.name
    assert sweep_retention() == 0


def test_every_kind_is_documented(settings):
    import dataclasses

    text = (settings.BASE_DIR / "docs" / "privacy.md").read_text()
    assert all(f"`{field.name}`" in text for field in dataclasses.fields(retention.Retention))
