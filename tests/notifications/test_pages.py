"""The bell, the list, where notices lead, the mail choices."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from accounts.services import members
from notifications import links
from notifications.models import Notice
from tests.factories.accounts import MONDAY, make_agency, make_freelancer, make_member, make_specialist
from tests.factories.contracts import active_contract, refund_requested_contract, submitted_contract
from tests.factories.mediation import filed_case

pytestmark = pytest.mark.django_db


def test_S09_the_notice_leads_to_the_request_and_is_read_by_going(client):
    world = refund_requested_contract()
    notice = Notice.objects.get(recipient=world.freelancer.user, kind="refund_requested")
    client.force_login(world.freelancer.user)

    page = client.get("/notifications/").content.decode()
    answer = client.get(f"/notifications/{notice.pk}/go/")

    assert "See Request" in page
    assert "7 days" in page
    assert answer["Location"] == f"/contracts/{world.contract.reference}/refund-request/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_the_bell_counts_what_is_unread(client):
    world = refund_requested_contract()
    client.force_login(world.freelancer.user)
    unread = Notice.objects.filter(recipient=world.freelancer.user).count()

    assert f'aria-label="Notifications, {unread} unread"' in client.get("/notifications/").content.decode()
    client.post("/notifications/read/", {"until": world.now.isoformat()})
    assert 'aria-label="Notifications"' in client.get("/notifications/").content.decode()


def test_marking_all_spares_what_came_after_the_page(client):
    world = submitted_contract()
    client.force_login(world.freelancer.user)
    seen = world.now.isoformat()
    world.later(days=1).end()

    client.post("/notifications/read/", {"until": seen})

    left = Notice.objects.filter(recipient=world.freelancer.user, read_at__isnull=True)
    assert set(left.values_list("kind", flat=True)) == {"refund_requested"}


def test_unread_can_be_shown_alone_and_the_empty_list_says_so(client):
    world = active_contract()
    client.force_login(world.freelancer.user)
    client.post("/notifications/read/", {"until": world.now.isoformat()})

    assert "You have read everything" in client.get("/notifications/?show=unread").content.decode()
    client.force_login(make_freelancer("New Person").user)
    assert "No notifications yet" in client.get("/notifications/").content.decode()


def test_nobody_reads_or_marks_somebody_elses_notice(client):
    world = refund_requested_contract()
    notice = Notice.objects.get(recipient=world.freelancer.user, kind="refund_requested")
    client.force_login(world.client.user)

    assert client.get(f"/notifications/{notice.pk}/go/").status_code == 404
    assert client.post(f"/notifications/{notice.pk}/read/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_notices_of_an_account_end_with_the_rights(client):
    agency = make_agency()
    colleague = make_member(agency.account)
    active_contract(freelancer=agency)
    client.force_login(colleague.user)
    assert Notice.objects.filter(recipient=colleague.user).exists()
    assert "No notifications yet" not in client.get("/notifications/").content.decode()

    mine = colleague.account.memberships.get(user=colleague.user)
    members.remove_member(membership_id=mine.pk, actor=agency.actor, now=MONDAY)

    assert "No notifications yet" in client.get("/notifications/").content.decode()


def test_the_list_narrows_to_one_contract_and_marks_only_that_one(client):
    person = make_freelancer()
    first, second = active_contract(freelancer=person, title="First job"), active_contract(freelancer=person)
    client.force_login(person.user)

    page = client.get("/notifications/", {"case": first.contract.reference, "show": "unread"})
    assert {n.contract_id for n in page.context["page"].notices} == {first.contract_id}
    assert "First job" in page.content.decode()
    client.post(
        "/notifications/read/", {"case": first.contract.reference, "until": first.now.isoformat(), "show": "unread"}
    )

    left = Notice.objects.filter(recipient=person.user, read_at__isnull=True)
    assert set(left.values_list("contract_id", flat=True)) == {second.contract_id}
    again = client.get("/notifications/", {"case": first.contract.reference, "show": "unread"}).content.decode()
    assert "You have read everything about this contract" in again


def test_a_contract_of_somebody_else_narrows_nothing(client):
    mine, other = active_contract(), active_contract(freelancer=make_freelancer("Somebody Else"))
    client.force_login(mine.freelancer.user)

    page = client.get("/notifications/", {"case": other.contract.reference})

    assert page.context["case"] is None
    assert {n.contract_id for n in page.context["page"].notices} == {mine.contract_id}


def test_the_list_pages_by_keyset_and_survives_nonsense(client):
    world = active_contract()
    for _ in range(40):
        world.later(minutes=1).write(world.client)
    client.force_login(world.freelancer.user)
    total = Notice.objects.filter(recipient=world.freelancer.user).count()

    first = client.get("/notifications/")
    older = first.context["page"].older
    second = client.get("/notifications/", {"before": older})

    shown = [n.pk for n in first.context["page"].notices] + [n.pk for n in second.context["page"].notices]
    assert len(shown) == len(set(shown)) == total
    assert second.context["page"].older == ""
    for nonsense in ("x", "2026-01-01_x", "2026-01-01T00:00:00_00000000-0000-0000-0000-000000000000"):
        assert client.get("/notifications/", {"before": nonsense}).status_code == 200


def test_the_list_costs_the_same_with_one_and_with_many(client):
    world = active_contract()
    client.force_login(world.freelancer.user)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get("/notifications/")
        return len(found)

    cost()
    one = cost()
    for _ in range(5):
        world.later(minutes=1).write(world.client)
    assert cost() == one <= 7


def test_the_poll_is_quiet_until_something_comes_and_cheap(client):
    world = active_contract()
    client.force_login(world.freelancer.user)
    newest = Notice.objects.filter(recipient=world.freelancer.user).latest("created_at").pk
    assert client.get(f"/notifications/poll/?seen={newest}").status_code == 204

    world.later(minutes=1).write(world.client)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(f"/notifications/poll/?seen={newest}")

    own = [q for q in found if "notifications_notice" in q["sql"]]
    assert (answer.status_code, answer.json()["count"]) == (200, 2)
    assert len(own) == 2
    assert client.get("/notifications/poll/", headers={"If-None-Match": answer["ETag"]}).status_code == 204


def test_mail_choices_keep_legal_kinds(client):
    person = make_freelancer()
    client.force_login(person.user)
    page = client.get("/settings/mail/").content.decode()

    client.post("/settings/mail/", {"mail": ["milestone_funded"]})

    person.user.refresh_from_db()
    assert "milestone_funded" not in person.user.muted_mail
    assert "message_posted" in person.user.muted_mail
    assert not {"refund_requested", "notice_of_non_resolution"} & set(person.user.muted_mail)
    assert 'value="refund_requested"' not in page
    assert "A refund is asked for" in page
    assert "You have a limited time to act, and something happens by itself when it is over." in page
    assert 'value="desk_case"' not in page


def test_staff_choose_about_staff_notices(client):
    client.force_login(make_specialist().user)

    assert 'value="desk_case"' in client.get("/settings/mail/").content.decode()


REFERENCE = "AB12-CD34"


@pytest.mark.parametrize(
    "path",
    [
        links.FIND_WORK,
        links.HELP,
        links.contract(REFERENCE),
        links.refund_request(REFERENCE),
        links.thread(REFERENCE),
        links.contact_support(REFERENCE),
        links.dispute(REFERENCE),
        links.dispute_page(REFERENCE, "recommendation"),
        links.dispute_page(REFERENCE, "non-resolution"),
        links.dispute_page(REFERENCE, "arbitration"),
        links.desk_case(REFERENCE),
        links.support_status(REFERENCE),
        links.support_desk(REFERENCE),
        links.arbitration_desk(),
    ],
)
def test_every_place_a_notice_leads_to_exists(path):
    try:
        resolve(path)
    except Resolver404:
        pytest.fail(f"no page answers {path}")


def test_links_of_a_real_case_answer_to_their_readers(client):
    case = filed_case()

    for person in (case.freelancer, case.client, case.specialist):
        client.force_login(person.user)
        for path in set(Notice.objects.filter(recipient=person.user).values_list("link", flat=True)):
            assert client.get(path).status_code in (200, 302), (person.user.name, path)
