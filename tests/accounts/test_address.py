"""A new address to sign in with: asked, confirmed by a link, told to the old one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from accounts.services import address
from core import audit, clock, outbox
from core.errors import OutOfTurnError, StrangerError, TooLateError
from tests.factories.accounts import MONDAY, make_freelancer, make_stranger

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
ASKED = {"email": "New@example.org", "password": PASSWORD}


def letters():
    outbox.relay(now=clock.now())
    found = {m.to[0]: m for m in mail.outbox}
    mail.outbox.clear()
    return found


def path_in(letter):
    return re.search(r"http://testserver(/settings/email/\S+/)", letter.body)[1]


@pytest.fixture
def person():
    return make_freelancer(email="old@example.org", mail_bounced_at=MONDAY)


def test_the_address_changes_by_the_link_and_not_before(client, person):
    client.force_login(person.user)

    assert client.post(reverse("accounts:email"), ASKED).status_code == 303
    sent = letters()
    assert set(sent) == {"new@example.org", "old@example.org"}
    assert "Nothing changes until the link" in sent["old@example.org"].body
    assert User.objects.get(pk=person.user.pk).email == "old@example.org"

    path = path_in(sent["new@example.org"])
    assert "new@example.org from now on?" in client.get(path).content.decode()
    assert User.objects.get(pk=person.user.pk).email == "old@example.org"
    assert client.post(path).status_code == 303

    user = User.objects.get(pk=person.user.pk)
    assert (user.email, user.mail_bounced_at) == ("new@example.org", None)
    assert "from now on you sign in with new@example.org" in letters()["old@example.org"].body
    assert audit.verify(user.pk).broken_at is None
    again = client.get(path)
    assert again.status_code == 409
    assert "used already" in again.content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"password": "no"}, "not your present password"),
        ({"email": "old@example.org"}, "your address already"),
        ({"email": "taken@example.org"}, "already an account"),
        ({"email": "nonsense"}, "Enter an e-mail address like"),
    ],
)
def test_what_cannot_be_is_told_and_sends_nothing(client, person, change, told):
    make_stranger(email="taken@example.org")
    client.force_login(person.user)

    answer = client.post(reverse("accounts:email"), ASKED | change)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert letters() == {}


def test_guessing_the_password_here_is_slowed_down(client, person):
    client.force_login(person.user)

    answers = [client.post(reverse("accounts:email"), ASKED | {"password": "no"}).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


@pytest.fixture
def token(person):
    until = (MONDAY + address.LINK_LIFE).isoformat()
    return address.link_token(person.user, old="old@example.org", new="new@example.org", until=until)


@pytest.mark.parametrize(
    ("at", "counts"), [(timedelta(seconds=-1), True), (timedelta(0), False), (timedelta(seconds=1), False)]
)
def test_a_link_counts_until_just_before_its_end(person, token, at, counts):
    now = MONDAY + address.LINK_LIFE + at
    if counts:
        address.confirm_email(token=token, actor=person.actor, now=now)
    else:
        with pytest.raises(TooLateError):
            address.confirm_email(token=token, actor=person.actor, now=now)

    assert User.objects.get(pk=person.user.pk).email == ("new@example.org" if counts else "old@example.org")


def test_a_link_is_for_one_person_only(person, token):
    with pytest.raises(StrangerError):
        address.confirm_email(token=token, actor=make_stranger().actor, now=MONDAY)
    with pytest.raises(StrangerError):
        address.confirm_email(token=token + "x", actor=person.actor, now=MONDAY)


def test_a_new_password_ends_the_link(person, token):
    person.user.set_password("quite another one 9")
    person.user.save(update_fields=["password"])

    with pytest.raises(OutOfTurnError):
        address.confirm_email(token=token, actor=person.actor, now=MONDAY)


def test_an_address_taken_meanwhile_is_refused(person, token):
    make_stranger(email="new@example.org")

    with pytest.raises(OutOfTurnError):
        address.confirm_email(token=token, actor=person.actor, now=MONDAY)
    assert User.objects.get(pk=person.user.pk).email == "old@example.org"


def test_mails_of_the_account_speak_their_readers_language(client, person):
    User.objects.filter(pk=person.user.pk).update(language="es")
    client.force_login(User.objects.get(pk=person.user.pk))

    client.post(reverse("accounts:email"), ASKED)
    client.post(reverse("accounts:reset"), {"email": "old@example.org"})
    outbox.relay(now=clock.now())

    assert [m.extra_headers["Content-Language"] for m in mail.outbox] == ["es", "es", "es"]
    assert all('lang="es"' in m.alternatives[0][0] for m in mail.outbox)
