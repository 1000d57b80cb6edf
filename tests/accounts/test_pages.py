"""Settings, public pages, the admin of people and settings."""

from __future__ import annotations

import pytest

from accounts.models import User
from core.admin import wrong_value
from core.models import PolicySetting
from core.policy import Policy
from tests.factories.accounts import make_admin, make_clerk, make_client, make_specialist, make_support

pytestmark = pytest.mark.django_db
SETTINGS = {"name": "Rafael D.", "timezone": "Asia/Manila", "theme": "dark", "shortcut_keys": "on", "language": "en"}


def test_settings_are_kept_and_the_browser_follows(client, person):
    client.force_login(person)

    answer = client.post("/settings/", SETTINGS)

    person.refresh_from_db()
    assert answer.status_code == 303
    assert (person.name, person.timezone, person.theme) == ("Rafael D.", "Asia/Manila", "dark")
    assert answer.cookies["eh_theme"].value == "dark"
    assert "Manila time (GMT+8)" in client.get("/settings/").content.decode()


def test_an_unknown_zone_is_refused_and_changes_nothing(client, person):
    client.force_login(person)

    answer = client.post("/settings/", SETTINGS | {"timezone": "Mars/Olympus"})

    person.refresh_from_db()
    assert (answer.status_code, person.name) == (422, "Rafael Domingo")
    assert 'value="Rafael D."' in answer.content.decode()


def test_staff_say_how_long_they_are_away(client, staff):
    client.force_login(staff)

    client.post("/settings/", SETTINGS | {"timezone": "UTC", "out_of_office_until": "2026-12-24"})

    staff.refresh_from_db()
    assert staff.out_of_office_until.isoformat() == "2026-12-24T23:59:00+00:00"


def test_a_changed_password_ends_the_other_sessions(client, person):
    from django.test import Client

    elsewhere = Client()
    elsewhere.force_login(person)
    client.force_login(person)

    answer = client.post("/settings/password/", {"old": "a-long-password", "new": "quite-another-one-9"})

    assert answer.status_code == 303
    assert client.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302


def test_a_wrong_old_password_is_told(client, person):
    client.force_login(person)

    answer = client.post("/settings/password/", {"old": "no", "new": "quite-another-one-9"})

    person.refresh_from_db()
    assert answer.status_code == 422
    assert "not your present password" in answer.content.decode()
    assert person.check_password("a-long-password")


@pytest.mark.parametrize("path", ["/settings/", "/settings/password/", "/settings/members/", "/notifications/"])
def test_pages_of_ones_own_ask_visitors_to_sign_in(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={path}")


@pytest.mark.parametrize(
    "path", ["/", "/help/disputes/", "/help/escrow/", "/help/evidence/", "/accessibility/", "/sign-in/", "/sign-up/"]
)
def test_public_pages_answer_with_one_h1(client, path):
    page = client.get(path)

    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


def test_the_guide_uses_the_founding_documents_labels(client):
    page = client.get("/help/disputes/").content.decode()

    for label in (
        "My Jobs",
        "All Contracts",
        "View All Contracts",
        "See Request",
        "I do not approve of this request and wish to file a dispute",
        "Next",
        "Continue",
        "Continue to Dispute",
        "See Dispute",
        "Notice of Non-Resolution",
    ):
        assert f"<b>{label}</b>" in page, label


def test_everybody_starts_where_their_work_is(client, person):
    homes = {
        person: "/find-work/",
        make_client().user: "/my-jobs/",
        make_specialist().user: "/desk/",
        make_support().user: "/support-desk/",
        make_clerk().user: "/arbitration-desk/",
        make_admin().user: "/admin/",
    }
    for user, home in homes.items():
        client.force_login(user)
        assert client.get("/")["Location"] == home


def test_only_admins_enter_the_admin(client, person, staff):
    for user, status in ((person, 302), (staff, 302), (make_admin().user, 200)):
        client.force_login(user)
        assert client.get("/admin/").status_code == status


@pytest.mark.parametrize(
    "model",
    [
        "accounts/user",
        "accounts/account",
        "accounts/invitation",
        "notifications/notice",
        "core/deadline",
        "core/outboxmessage",
        "core/auditentry",
        "core/auditchain",
        "core/heartbeat",
        "core/policysetting",
    ],
)
def test_lists_of_the_admin_answer_and_money_and_record_cannot_be_changed(client, model):
    client.force_login(make_admin().user)

    assert client.get(f"/admin/{model}/").status_code == 200
    editable = model in {"accounts/user", "core/policysetting"}
    assert (client.get(f"/admin/{model}/add/").status_code == 200) is editable


def test_roles_of_staff_are_given_in_the_admin(client, person):
    client.force_login(make_admin().user)

    answer = client.post(
        f"/admin/accounts/user/{person.pk}/change/",
        {
            "name": person.name,
            "timezone": "UTC",
            "staff_roles": ["specialist"],
            "languages": "",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        },
    )

    person.refresh_from_db()
    assert answer.status_code == 302
    assert person.staff_roles == ["specialist"]


def test_deactivation_goes_through_the_service(client, person):
    client.force_login(make_admin().user)

    client.post("/admin/accounts/user/", {"action": "deactivate", "_selected_action": [str(person.pk)]})

    assert not User.objects.get(pk=person.pk).is_active


@pytest.mark.parametrize(
    ("name", "value", "fine"),
    [
        ("security_hold_days", 3, True),
        ("security_hold_days", -1, False),
        ("security_hold_days", "3", False),
        ("dormancy", True, True),
        ("dormancy", 1, False),
        ("service_fee_percent", "12.5", True),
        ("min_milestone", {"USD": 500}, True),
        ("min_milestone", {"dollars": 500}, False),
        ("arb_fee", {"USD": [[None, 30000, 0]]}, True),
        ("arb_fee", {"USD": [[None, 30000]]}, False),
        ("holidays", ["2026-12-25"], True),
    ],
)
def test_a_setting_takes_only_values_of_its_kind(client, name, value, fine):
    import json

    client.force_login(make_admin().user)

    client.post("/admin/core/policysetting/add/", {"name": name, "value": json.dumps(value)})

    assert (wrong_value(name, value) == "") is fine
    assert PolicySetting.objects.filter(name=name).exists() is fine


def test_the_fixed_days_are_no_settings():
    assert "refund_response_days" not in Policy().to_json()
    assert "mediation_days" not in Policy().to_json()
