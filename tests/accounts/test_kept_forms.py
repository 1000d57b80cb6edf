"""A session that ends in mid-form gives the text back after sign-in, and only to whoever wrote it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import clock
from core.web import kept
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/settings/members/new/"
TYPED = {"kind": "company", "name": "Harbour Lights", "place": "Porto <b>&amp;"}
BACK = "You were signed out while writing. Your text is back; nothing was sent."


def mark_on(client, path):
    return re.search(r'name="_by" value="([^"]+)"', client.get(path).content.decode())[1]


def session_ends(client):
    del client.cookies["sessionid"]


def sign_in(client, person):
    return client.post("/sign-in/", {"email": person.email, "password": PASSWORD})


@pytest.fixture
def cut_off(client, person):
    """A person's form whose session has just ended; returns what posts it."""
    client.force_login(person)
    mark = mark_on(client, PAGE)
    session_ends(client)

    def post(path=PAGE, typed=None, referer=PAGE, by=mark, **headers):
        return client.post(
            path,
            {**(TYPED if typed is None else typed), "_by": by, "_once": "x"},
            headers={"Referer": f"http://testserver{referer}", **headers},
        )

    return post


def test_the_text_is_back_after_sign_in_and_nothing_was_sent(client, person, cut_off):
    answer = cut_off()
    assert answer["Location"] == f"/sign-in/?next={PAGE.replace('/', '%2F')}"
    assert "Sign in, and your text comes back" in client.get(answer["Location"]).content.decode()
    sign_in(client, person)

    page = client.get(PAGE).content.decode()

    assert 'value="Harbour Lights"' in page
    assert 'value="Porto &lt;b&gt;&amp;amp;"' in page
    assert re.search(r'value="company"[^>]* checked', page)
    assert BACK in page
    assert not person.party_accounts.filter(name="Harbour Lights").exists()


def test_it_is_given_back_once(client, person, cut_off):
    cut_off()
    sign_in(client, person)
    client.get(PAGE)

    page = client.get(PAGE).content.decode()

    assert "Harbour Lights" not in page
    assert BACK not in page


def test_another_page_does_not_use_it_up(client, person, cut_off):
    cut_off()
    sign_in(client, person)

    assert "Harbour Lights" not in client.get("/settings/").content.decode()
    assert "Harbour Lights" in client.get(PAGE).content.decode()


def test_another_person_on_the_same_browser_sees_nothing_and_it_is_gone(client, person, cut_off, make_person):
    other = make_person("Mallory Other")
    cut_off()
    sign_in(client, other)
    assert "Harbour Lights" not in client.get(PAGE).content.decode()
    assert "eh_kept_form" not in client.session

    client.post("/sign-out/")
    sign_in(client, person)
    assert "Harbour Lights" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("by", ["", "made-up", "0" * 24 + ":forged"])
def test_without_a_true_mark_nothing_is_kept(client, cut_off, by):
    cut_off(by=by)

    assert "eh_kept_form" not in client.session


def test_the_mark_of_one_person_is_not_anothers_and_names_nobody(person, make_person):
    other = make_person("Other Person")

    assert kept.mark_of(person.pk) != kept.mark_of(other.pk)
    assert kept.mark_of(person.pk) == kept.mark_of(person.pk)
    assert str(person.pk) not in kept.mark_of(person.pk)


@pytest.mark.parametrize(("after", "back"), [(-1, True), (0, False), (1, False)])
def test_it_waits_for_less_than_an_hour(client, person, cut_off, monkeypatch, after, back):
    cut_off()
    at = clock.now()
    stored = client.session["eh_kept_form"]["at"]
    sign_in(client, person)
    wait = kept.LONGEST + timedelta(seconds=after)
    monkeypatch.setattr(clock, "now", lambda: type(at).fromisoformat(stored) + wait)

    assert ("Harbour Lights" in client.get(PAGE).content.decode()) is back


def test_passwords_tokens_and_files_are_never_kept(client, cut_off):
    typed = {
        "name": "Harbour Lights",
        "password": "sesame-open-1",
        "new_password1": "sesame-open-2",
        "csrfmiddlewaretoken": "t",
        "access_token": "t",
        "proof": SimpleUploadedFile("secret.txt", b"file text"),
    }
    cut_off(typed=typed)

    assert client.session["eh_kept_form"]["fields"] == {"name": ["Harbour Lights"]}


def test_a_sensitive_view_keeps_nothing_of_its_own(client, cut_off):
    for path, typed in (
        (reverse("accounts:password"), {"old": "sesame-open-1", "new": "sesame-open-2"}),
        (reverse("accounts:email"), {"password": "sesame-open-1"}),
        ("/disputes/ABCDEFGH/bids/", {"amount": "900.00"}),
    ):
        cut_off(path=path, typed=typed, referer=path)
        assert "eh_kept_form" not in client.session, path


def test_no_more_than_the_limit_is_kept_and_each_field_whole(client, cut_off):
    long = "ö" * (kept.MOST // 2)
    cut_off(typed={"name": "Short", "place": long})

    assert client.session["eh_kept_form"]["fields"] == {"name": ["Short"]}


def test_an_autosave_and_a_form_without_text_keep_nothing(client, cut_off):
    cut_off(**{"X-Autosave": "1"})
    assert "eh_kept_form" not in client.session
    answer = cut_off(typed={"name": "  "})
    assert "eh_kept_form" not in client.session
    assert answer.status_code == 302


@pytest.mark.parametrize("referer", ["https://evil.example/x", "javascript:alert(1)", "/sign-in/"])
def test_the_way_back_leads_only_to_a_page_of_ours(client, cut_off, referer):
    whole = referer if ":" in referer else f"http://testserver{referer}"
    answer = cut_off(Referer=whole)

    assert answer["Location"] == f"/sign-in/?next={PAGE.replace('/', '%2F')}"


def test_a_form_that_posts_elsewhere_comes_back_to_the_page_that_showed_it(client, person, cut_off):
    answer = cut_off(path="/settings/", referer=f"{PAGE}?from=team")

    assert answer["Location"] == "/sign-in/?next=%2Fsettings%2Fmembers%2Fnew%2F%3Ffrom%3Dteam"
    sign_in(client, person)
    assert "Harbour Lights" in client.get(f"{PAGE}?from=team").content.decode()


def test_a_part_of_a_page_is_told_to_go_to_sign_in_as_a_whole(client, cut_off):
    answer = cut_off(**{"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"/sign-in/?next={PAGE.replace('/', '%2F')}")


def test_a_box_that_gives_consent_comes_back_empty():
    from django import forms

    data = kept.Kept(None, {"agree": ["on"], "news": ["on"], "when": ["2026-11-30"]})

    assert data.value(forms.BooleanField(), "agree") is kept.NOTHING
    assert data.value(forms.BooleanField(required=False), "news") is True
    assert data.value(forms.BooleanField(required=False), "other") is False
    assert data.value(forms.DateField(), "when") == "2026-11-30"
    assert data.value(forms.CharField(widget=forms.HiddenInput), "when") is kept.NOTHING


def test_a_message_that_was_being_written_is_back_in_its_box(client):
    from tests.factories.accounts import make_freelancer
    from tests.factories.contracts import active_contract

    writer = make_freelancer(password=PASSWORD)
    world = active_contract(freelancer=writer)
    path = reverse("contracts:thread", args=[world.contract.reference])
    client.force_login(writer.user)
    mark = mark_on(client, path)
    session_ends(client)
    client.post(
        path, {"body": "Please look at it tonight.", "_by": mark}, headers={"Referer": f"http://testserver{path}"}
    )
    sign_in(client, writer.user)

    page = client.get(path).content.decode()

    assert re.search(r"<textarea[^>]*>\s*Please look at it tonight\.</textarea>", page)
    assert BACK in page
    assert "Please look at it tonight" not in client.get(path).content.decode()


@pytest.mark.urls("config.urls_sandbox")
def test_a_process_without_people_answers_as_ever(client):
    """The sandboxes share the middleware, and know no sign-in page to compare with."""
    from django.http import HttpResponseRedirect
    from django.test import RequestFactory

    from core.web import kept

    request = RequestFactory().post("/provider/cases/X/accept/")
    request.user = AnonymousUser()
    answer = HttpResponseRedirect("/provider/cases/X/")

    assert kept.keep(request, answer) is answer
