"""Signing in, up and out; a forgotten password."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Account, Membership, User
from core import clock, outbox

PASSWORD = "a-long-password"
SIGN_UP = {
    "kind": "freelancer",
    "name": "Amara Okafor",
    "email": "Amara@Example.com",
    "password": "sunny-harbour-42",
    "timezone": "Africa/Lagos",
}

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_whatever_the_case_of_the_address(client, person):
    answer = client.post("/sign-in/", {"email": "RAFAEL@example.com", "password": PASSWORD, "next": "/settings/"})

    assert (answer.status_code, answer["Location"]) == (303, "/settings/")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_wrong_password_is_told_in_words_and_keeps_the_address(client, person):
    answer = client.post("/sign-in/", {"email": "rafael@example.com", "password": "no"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "do not belong together" in page
    assert 'value="rafael@example.com"' in page
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(client, person):
    known = client.post("/sign-in/", {"email": "rafael@example.com", "password": "no"}).content.decode()
    unknown = client.post("/sign-in/", {"email": "nobody@example.com", "password": "no"}).content.decode()

    def told(page):
        return re.sub(r"\s+", " ", page.partition('class="errsum"')[2].partition("</div>")[0])

    assert told(known) == told(unknown) != ""


def test_five_wrong_tries_close_the_door_even_for_the_right_password(client, person):
    for _ in range(5):
        client.post("/sign-in/", {"email": "rafael@example.com", "password": "no"})

    answer = client.post("/sign-in/", {"email": "rafael@example.com", "password": PASSWORD})
    elsewhere = client.post(
        "/sign-in/", {"email": "rafael@example.com", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9"
    )

    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert elsewhere.status_code == 303


def test_a_forged_forwarded_address_buys_no_more_tries(client, person):
    for n in range(5):
        client.post(
            "/sign-in/", {"email": "rafael@example.com", "password": "no"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}
        )

    answer = client.post(
        "/sign-in/", {"email": "rafael@example.com", "password": PASSWORD}, headers={"X-Forwarded-For": "10.9.9.9"}
    )

    assert answer.status_code == 429


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(client, person, wanted):
    answer = client.post("/sign-in/", {"email": "rafael@example.com", "password": PASSWORD, "next": wanted})

    assert answer["Location"] == "/"


def test_a_deactivated_person_cannot_sign_in(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert client.post("/sign-in/", {"email": person.email, "password": PASSWORD}).status_code == 422


def test_the_sandbox_lists_its_people_one_button_each(client, person, staff):
    page = client.get("/sign-in/").content.decode()

    assert "Rafael Domingo" in page
    assert "Mediation specialist" in page
    assert page.count("Sign in as ") == 2
    answer = client.post(reverse("accounts:sign_in_as", args=[staff.pk]))
    assert answer.status_code == 303
    assert client.session["_auth_user_id"] == str(staff.pk)


def test_one_button_sign_in_needs_a_post_and_the_forms_token(person):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    assert strict.get(reverse("accounts:sign_in_as", args=[person.pk])).status_code == 405
    assert strict.post(reverse("accounts:sign_in_as", args=[person.pk])).status_code == 403
    assert "_auth_user_id" not in strict.session


def test_outside_the_sandbox_there_is_no_list_and_no_button(client, person, settings):
    settings.SANDBOX = False

    assert "Rafael Domingo" not in client.get("/sign-in/").content.decode()
    assert client.post(reverse("accounts:sign_in_as", args=[person.pk])).status_code == 404


def test_sign_out_needs_a_post(client, person):
    client.force_login(person)

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 303
    assert "_auth_user_id" not in client.session


def test_sign_up_makes_a_person_with_an_account_and_signs_in(client):
    answer = client.post("/sign-up/", SIGN_UP)

    user = User.objects.get(email="amara@example.com")
    account = Account.objects.get()
    membership = Membership.objects.get()
    assert answer.status_code == 303
    assert (user.name, user.timezone, user.check_password(SIGN_UP["password"])) == (
        "Amara Okafor",
        "Africa/Lagos",
        True,
    )
    assert (account.kind, account.name) == ("freelancer", "Amara Okafor")
    assert (membership.user, membership.role) == (user, "owner")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"email": "rafael@example.com"}, "There is already an account with this address"),
        ({"email": "nonsense"}, "Enter an e-mail address like"),
        ({"password": "short"}, "too short"),
        ({"password": "password12"}, "too common"),
        ({"kind": "staff"}, "Select a valid choice"),
        ({"timezone": "Mars/Olympus"}, "Select a valid choice"),
        ({"name": " "}, "Fill in"),
    ],
)
def test_bad_sign_up_is_told_and_makes_nothing(client, person, change, told):
    answer = client.post("/sign-up/", SIGN_UP | change)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert User.objects.count() == 1
    assert Account.objects.count() == 1
    assert 'value="Africa/Lagos" selected' in page or "timezone" in change


def test_a_forgotten_password_is_set_anew_by_mail(client, person):
    answer = client.post("/password/reset/", {"email": "rafael@example.com"})
    sent = outbox.relay(now=clock.now())

    assert (answer["Location"], sent) == ("/password/reset/sent/", 1)
    [letter] = mail.outbox
    assert letter.to == ["rafael@example.com"]
    path = re.search(r"http://testserver(/password/reset/\S+)", letter.body)[1]
    form = client.get(path, follow=True)
    done = client.post(
        form.redirect_chain[-1][0], {"new_password1": "another-harbour-7", "new_password2": "another-harbour-7"}
    )
    person.refresh_from_db()
    assert done.status_code == 303
    assert person.check_password("another-harbour-7")
    assert "This link no longer works" in client.get(path, follow=True).content.decode()


def test_asking_for_an_unknown_address_tells_the_same_and_sends_nothing(client, person):
    answer = client.post("/password/reset/", {"email": "nobody@example.com"})

    assert answer["Location"] == "/password/reset/sent/"
    assert outbox.relay(now=clock.now()) == 0


def test_two_different_new_passwords_are_told(client, person):
    client.post("/password/reset/", {"email": "rafael@example.com"})
    outbox.relay(now=clock.now())
    path = re.search(r"http://testserver(/password/reset/\S+)", mail.outbox[0].body)[1]
    where = client.get(path, follow=True).redirect_chain[-1][0]

    answer = client.post(where, {"new_password1": "another-harbour-7", "new_password2": "something-else-8"})

    person.refresh_from_db()
    assert answer.status_code == 422
    assert person.check_password(PASSWORD)


def test_pages_of_the_door_say_one_h1(client):
    for path in ("/sign-in/", "/sign-up/", "/password/reset/", "/password/reset/sent/"):
        page = client.get(path)
        assert page.status_code == 200
        assert page.content.decode().count("<h1") == 1, path
