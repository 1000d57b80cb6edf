"""Two windows at once, a double click, a stale tab: one wins, the other is told in plain words, nobody loses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.books import HOLD, Books, ended, read, settled
from tests.browser.stories import ANSWER, asked_back, contract_of, filed, offer

pytestmark = pytest.mark.usefixtures("in_order")

WON, TOLD = 303, 409


def _at_once(one: Page, other: Page) -> list[int]:
    """Send the forms of both pages before either has an answer. Returns the statuses of the two posts."""
    posted = [
        page.expect_response(lambda answer: answer.request.method == "POST" and answer.request.is_navigation_request())
        for page in (one, other)
    ]
    with posted[0] as first, posted[1] as second:
        for page in (one, other):
            page.evaluate("document.querySelector('main form.agree').requestSubmit()")
    for page in (one, other):
        page.wait_for_load_state()
    return [first.value.status, second.value.status]


def _told(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_double_click_accepts_once(window, script):
    client, freelancer = window("dana"), window("amara", script=script)
    path = filed(client, freelancer, price="500.00")
    offer(client, path, "300.00")
    freelancer.go(path)
    freelancer.click("Review and accept")
    freelancer.agree()
    freelancer.control("Accept $300.00").dblclick()
    expect(freelancer.page.locator("main form.agree")).to_have_count(0)
    how = "Agreement of both sides"
    ended(freelancer, path, how=how, mine="$300.00", shares={"You": "$300.00", "Greyline SaaS": "$200.00"})
    for who in (client, freelancer):
        settled(who, contract_of(client, path), held="$270.00", paid_out=[("Greyline SaaS", "$200.00")])


def test_accept_and_counter_in_two_tabs(window):
    client, freelancer = window("hana"), window("linnea")
    path = filed(client, freelancer, price="800.00")
    offer(client, path, "400.00")
    freelancer.go(path)
    freelancer.click("Review and accept")
    freelancer.agree()
    other = freelancer.tab(path + "offers/new/")
    other.locator("main input[name=to_freelancer]").first.fill("600.00")
    other.locator("main input[name=to_freelancer]").first.press("Tab")
    other.get_by_role("button", name="Check the offer", exact=True).click()
    other.wait_for_url("**/offers/check/")
    other.locator("main input[type=checkbox]").first.check()

    accepted, countered = _at_once(freelancer.page, other)
    freelancer.forgive("409")

    assert sorted([accepted, countered]) == [WON, TOLD]
    contract = contract_of(client, path)
    if accepted == WON:
        _told(other, "closed")
        settled(client, contract, held="$360.00", paid_out=[("Tallis Robotics", "$400.00")])
    else:
        _told(freelancer.page, "offer")
        client.go(path)
        client.sees("$600.00")
        client.click("Review and accept")
        client.agree()
        client.click("Accept $200.00")
        settled(client, contract, held="$540.00", paid_out=[("Tallis Robotics", "$200.00")])


def test_refund_approved_and_paid_after_all_in_two_windows(window):
    client, freelancer = window("luis"), window("rafael")
    path = asked_back(client, freelancer, price="260.00")
    client.go(path + "refund-request/withdraw/")
    freelancer.go(path + "refund-request/approve/")

    approved, withdrawn = _at_once(freelancer.page, client.page)
    for who in (client, freelancer):
        who.forgive("409")

    assert sorted([approved, withdrawn]) == [WON, TOLD]
    loser = client if approved == WON else freelancer
    _told(loser.page, "request")
    if approved == WON:
        expected = Books("Closed", "$0.00", {}, [("Ember Coffee Co.", "$260.00")])
    else:
        expected = Books("Closed", "$0.00", {HOLD: "$234.00"}, [])
    for who in (client, freelancer):
        who.reads(path, read, expected)


def test_a_stale_tab_is_told_what_is_new_and_keeps_what_was_typed(window):
    client, freelancer = window("peter"), window("ivana")
    path = filed(client, freelancer, price="640.00")
    client.go(path + "respond/")
    client.choose("The work was partly delivered")
    client.type(details=ANSWER)
    client.page.locator("main input[name=offers], main input[name=amount]").filter(visible=True).first.fill("200.00")
    offer(freelancer, path, "500.00")

    client.click("Send your answer")
    client.forgive("409")

    client.sees("Ivana Novak")
    expect(client.page.locator("main textarea[name=details]")).to_have_value(ANSWER)
    client.click("Send your answer")
    expect(client.page).to_have_url(client.url + path)
    client.sees("$200.00")
    freelancer.go(path + "accept/")
    freelancer.forgive("403", "409")
    client.go(path + "accept/")
    client.click("Pay $640.00")
    settled(client, contract_of(client, path), held="$576.00", paid_out=[])
