"""The journeys of issue and rulebook, each walked by its people in their own windows."""

from __future__ import annotations

from tests.browser import stories
from tests.browser.stories import answer, asked_back, desk, filed, noticed, offer, recommend, specialist_of, take_up


def _parties(window, client: str = "ellen", freelancer: str = "rafael"):
    return window(client), window(freelancer)


def test_main_path_from_a_funded_milestone_to_an_executed_award(window, system):
    client, freelancer = _parties(window)
    path = filed(client, freelancer)
    specialist = specialist_of(window, path)
    take_up(specialist, path)
    answer(client, path)
    recommend(specialist, path, "1200.00", "600.00")

    client.go(path + "recommendation/")
    client.sees("$1,200.00")
    client.click("Reject the recommendation")
    client.click("Reject the recommendation")
    for who in (client, freelancer):
        who.go(path + "non-resolution/")
        who.sees("Notice of Non-Resolution")

    for who in (freelancer, client):
        stories.choose_arbitration(who, path)
        stories.pay_fee(who, path)
    reference = path.split("/")[2]

    arbitrator = window()
    arbitrator.waits_for(f"http://127.0.0.1:{system.sandbox}/provider/", "D-" + reference)
    arbitrator.page.get_by_role("row", name=reference).or_(
        arbitrator.page.locator("li", has_text=reference)
    ).first.get_by_role("link").first.click()
    arbitrator.click("Accept the case")
    freelancer.waits_for(path + "arbitration/", "Filed")
    arbitrator.page.locator("#award input[name=to_freelancer]").fill("1500.00")
    arbitrator.page.locator("#award input[name=to_client]").fill("300.00")
    arbitrator.page.locator("#award textarea[name=reasons]").fill("Ten of twelve points were delivered and used.")
    arbitrator.page.locator("#award input[name=arbitrator]").fill("Harriet Lowe")
    arbitrator.click("Make the award")

    freelancer.waits_for(path + "outcome/", "$1,500.00")
    freelancer.sees("$1,350.00")
    client.go(path + "outcome/")
    client.sees("$300.00")


def test_refund_accepted(window):
    client, freelancer = _parties(window, "luis", "karim")
    path = asked_back(client, freelancer, price="420.00")
    freelancer.go("/notifications/")
    freelancer.click("See Request")
    freelancer.choose("I approve of this request")
    freelancer.click("Next")
    freelancer.click("Approve the refund", exact=False)
    client.go(path)
    client.sees("Closed")
    client.sees("$420.00")


def test_refund_by_silence(window):
    client, freelancer = _parties(window, "grace", "ivana")
    path = asked_back(client, freelancer, price="380.00")
    window("sam").move_clock("7 days")
    freelancer.go(path + "refund-request/")
    freelancer.sees("7 days")
    freelancer.go(path)
    freelancer.sees("Closed")


def test_settlement_after_a_counter_offer(window):
    client, freelancer = _parties(window, "dana", "linnea")
    path = filed(client, freelancer, price="1000.00")
    offer(client, path, "500.00")
    freelancer.go(path)
    freelancer.sees("$500.00")
    offer(freelancer, path, "800.00")
    client.go(path)
    client.click("Review and accept")
    client.agree()
    client.click("Accept", exact=False)
    for who in (client, freelancer):
        who.go(path + "agreement/")
        who.sees("$800.00")
        who.sees("$200.00")


def test_recommendation_accepted_by_both(window):
    client, freelancer = _parties(window, "hana", "amara")
    path = filed(client, freelancer, price="900.00")
    specialist = specialist_of(window, path)
    take_up(specialist, path)
    answer(client, path, due="300.00")
    recommend(specialist, path, "600.00", "300.00")
    for who in (client, freelancer):
        who.go(path + "recommendation/")
        who.click("Accept", exact=False)
        who.click("Accept", exact=False)
    freelancer.go(path + "outcome/")
    freelancer.sees("$600.00")
    client.go(path + "outcome/")
    client.sees("$300.00")


def test_client_unresponsive(window):
    client, freelancer = _parties(window, "peter", "niamh")
    path = filed(client, freelancer, price="700.00")
    specialist = specialist_of(window, path)
    take_up(specialist, path)
    window("sam").move_clock("7 days", "1 day", "1 day")
    specialist.go(desk(path))
    specialist.click("Close the case")
    specialist.agree()
    specialist.click("Close the case and pay", exact=False)
    freelancer.go(path + "outcome/")
    freelancer.sees("$700.00")
    freelancer.go("/notifications/")
    freelancer.sees("did not respond")


def test_one_side_pays_for_arbitration(window):
    client, freelancer = _parties(window, "ellen", "karim")
    path = noticed(window, client, freelancer, price="1600.00")
    stories.choose_arbitration(freelancer, path)
    stories.pay_fee(freelancer, path)
    client.go(path + "arbitration/decline/")
    client.click("Decline arbitration")
    freelancer.waits_for(path + "outcome/", "$1,600.00")


def test_nobody_pays_for_arbitration(window):
    client, freelancer = _parties(window, "luis", "linnea")
    path = noticed(window, client, freelancer, price="620.00")
    window("sam").move_clock("7 days")
    client.go(path + "outcome/")
    client.sees("$620.00")
    freelancer.go(path + "outcome/")
    freelancer.sees("$0.00")


def test_active_contract_through_customer_support(window):
    client, freelancer = _parties(window, "dana", "ivana")
    contract = stories.submitted(client, freelancer, price="1250.00")
    reference = contract.split("/")[2]
    client.go(contract)
    client.click("Refuse to release")
    client.type(text="This is not what we had in mind.")
    client.click("Refuse to release", exact=False)
    freelancer.go(f"/messages/{reference}/")
    freelancer.type(body="Which of the twelve points is missing? I can change it this week.")
    freelancer.click("Send", exact=False)
    freelancer.go(contract)
    freelancer.click("Get help")
    freelancer.sees("Contact Customer Support")
    if freelancer.page.locator("main textarea[name=details]").count() == 0:
        freelancer.click("Continue", exact=False)
    freelancer.type(details=stories.DETAILS)
    freelancer.agree()
    freelancer.click("Send to Customer Support")
    request = freelancer.path

    agent = window("priya")
    agent.go("/support-desk/")
    agent.page.get_by_role("link", name="Checkout pages", exact=False).first.click()
    agent.page.wait_for_load_state()
    ticket = request.split("/")[3]
    agent.go(f"/support-desk/{ticket}/")
    agent.click("Take the request")
    agent.go(f"/support-desk/{ticket}/open-case/")
    agent.pick("circumstance", "refused_release")
    agent.type(shown_by="The refusal is on the record, and the freelancer asked which point is missing.")
    agent.click("Open the case")

    freelancer.go("/my-jobs/contracts/")
    freelancer.page.locator("tr", has_text=reference).get_by_role("link", name="See Dispute", exact=True).click()
    freelancer.page.wait_for_load_state()
    freelancer.sees("$1,250.00")
    client.go(freelancer.path)
    client.sees("$1,250.00")
