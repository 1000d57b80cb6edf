"""A form posted again: the same words answer as the first did, other words are never taken for sent."""

from __future__ import annotations

import pytest

from disputes.models import CaseMessage, SettlementOffer
from tests.disputes.pages.test_acts import sent, text_version, url
from tests.factories import mediation
from tests.factories.disputes import offer
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def test_another_text_under_a_used_key_is_refused_and_kept(browse):
    case = mediation.active_case()
    client = browse(case.client, case)
    post = sent(case, body="The first words.", audience="everyone")
    assert client.post(url(case, "messages/"), post).status_code == 303

    with unchanged(case.contract):
        again = client.post(url(case, "messages/"), {**post, "body": "Quite other words."})

    assert again.status_code == 409
    page = again.content.decode()
    assert "Quite other words." in page
    assert "is not sent yet" in page
    assert [m.body for m in CaseMessage.objects.all()] == ["The first words."]


@pytest.mark.rule("D3")
def test_D3_a_double_click_on_pay_in_full_answers_as_the_first(browse):
    case = mediation.active_case()
    client = browse(case.client, case)
    post = sent(case)

    first, second = (client.post(url(case, "accept/"), post) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.url == second.url
    assert client.get(url(case, "accept/")).status_code == 409


@pytest.mark.rule("D10")
def test_D10_a_double_click_on_withdraw_answers_as_the_first(browse):
    case = mediation.active_case()
    client = browse(case.freelancer, case)
    post = sent(case)

    first, second = (client.post(url(case, "withdraw/"), post) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.url == second.url


@pytest.mark.rule("D12")
def test_D12_a_double_click_on_accept_leads_to_the_agreement_both_times(browse):
    case = mediation.active_case()
    found = offer(case, case.freelancer, 100_000)
    client = browse(case.client, case)
    path = url(case, f"offers/{found.number}/accept/")
    post = sent(case, agree="on", text_version=text_version(client, path))

    first, second = (client.post(path, post) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.url == second.url
    assert "noted" not in client.get(second.url).content.decode()


@pytest.mark.rule("D11")
def test_D11_a_double_click_on_send_makes_one_offer_and_says_so_twice(browse):
    case = mediation.active_case()
    client = browse(case.client, case)
    client.post(url(case, "offers/new/"), sent(case, to_freelancer="1000", to_client="800"))
    path = url(case, "offers/check/")
    page = client.get(path).content.decode()
    stamp = page.split('name="stamp" value="')[1].split('"')[0]
    post = sent(case, agree="on", text_version=text_version(client, path), stamp=stamp)

    first, second = (client.post(path, post) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.url == second.url
    assert SettlementOffer.objects.count() == 1


@pytest.mark.rule("D11")
def test_D11_a_double_click_on_decline_answers_as_the_first(browse):
    case = mediation.active_case()
    found = offer(case, case.freelancer, 100_000)
    client = browse(case.client, case)
    post = sent(case)

    answers = [client.post(url(case, f"offers/{found.number}/decline/"), post).status_code for _ in range(2)]

    assert answers == [303, 303]
