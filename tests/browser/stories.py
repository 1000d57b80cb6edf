"""Shared stretches of the journeys, by clicking: from a draft to a filed dispute, to a notice, to arbitration."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.people import Window

_number = itertools.count(1)

DETAILS = (
    "All twelve points of the brief were delivered on the agreed day. The checks are written down point by point, and"
    " the client used the pages on staging for two days before the contract was ended."
)
ANSWER = (
    "Two of the twelve points do not work for us. We wrote about both in the messages and are willing to pay for the"
    " part that we can use."
)
REASONS = (
    "The brief lists twelve points. E-1 shows that ten of them were delivered and checked before the contract ended."
    " Two points were still open, and the client had not been given the chance to have them finished within the second"
    " round of changes that the contract allows. The share follows the work that could be used: ten of twelve points,"
    " less the time that the client needed to adapt the files. Neither side acted in bad faith, and both wrote openly."
)


def funded_contract(client: Window, freelancer: Window, *, price: str = "1800.00", second: str = "") -> str:
    """The client drafts, the freelancer accepts, the client funds, the gateway confirms. Returns the path."""
    title = f"Checkout pages {next(_number)}"
    client.go("/contracts/new/")
    client.type(freelancer=f"{freelancer.name}@evenhand.example", title=title, terms="Twelve points, see the brief.")
    client.type(title_1="Checkout", amount_1=price, work_1="All twelve points of the brief.")
    if second:
        more = client.page.locator("details", has=client.page.locator("[name=title_2]"))
        more.evaluate("node => { node.open = true; }")
        client.type(title_2="Account pages", amount_2=second)
    client.click("Send the draft to the freelancer")
    path = client.path
    assert re.fullmatch(r"/contracts/[0-9A-Z]{4}-[0-9A-Z]{4}/", path), path
    freelancer.go(path + "accept/")
    freelancer.click("Accept contract", exact=False)
    client.go(path)
    client.click("Fund", exact=False)
    client.click("Pay", exact=False)
    client.waits_for(path, "Funded")
    return path


def submitted(client: Window, freelancer: Window, *, price: str = "1800.00", second: str = "") -> str:
    """The same, with the work handed in."""
    path = funded_contract(client, freelancer, price=price, second=second)
    freelancer.go(path)
    freelancer.click("Submit work")
    freelancer.type(message="All twelve points, with notes on each.", link="https://staging.example/checkout")
    freelancer.click("Submit work")
    freelancer.sees("Work submitted")
    return path


def asked_back(client: Window, freelancer: Window, *, price: str = "1800.00", pay: str = "") -> str:
    """The client ended the contract and asks for the escrow back (C8, R1)."""
    path = submitted(client, freelancer, price=price)
    client.go(path + "end/")
    client.pick("how", "other" if pay else "nothing")
    if pay:
        client.type(pay=pay)
    client.type(reason="We went live with another checkout.")
    client.click("Review")
    client.click("End contract", exact=False)
    client.go(path + "refund-request/")
    return path


def filed(client: Window, freelancer: Window, *, price: str = "1800.00") -> str:
    """The founding document's steps, word by word (S05–S08). Returns the dispute's path."""
    path = asked_back(client, freelancer, price=price)
    reference = path.split("/")[2]
    freelancer.go("/find-work/")
    freelancer.click("My Jobs")
    freelancer.click("All Contracts")
    row = freelancer.page.locator("tr", has_text=reference)
    row.get_by_role("link", name="See Request", exact=True).click()
    return file_from_request(freelancer, price=price)


def file_from_request(freelancer: Window, *, price: str) -> str:
    """From the open refund request to the dispute (S06–S08). Returns the dispute's path."""
    expect(freelancer.page.locator("h1")).to_have_text("Refund request")
    freelancer.choose("I do not approve of this request and wish to file a dispute")
    freelancer.click("Next")
    freelancer.choose("The work was delivered and the client did not reply")
    freelancer.type(details=DETAILS)
    freelancer.page.locator("input[type=file]").first.set_input_files(
        {"name": "checks.txt", "mimeType": "text/plain", "buffer": b"Twelve checks, all passed on 3 November."}
    )
    freelancer.type(shows="Each check with its result")
    freelancer.click("Continue")
    freelancer.sees("what it means")
    freelancer.sees(dollars(price))
    freelancer.agree()
    freelancer.click("Continue to Dispute")
    expect(freelancer.page).to_have_url(re.compile(r"/disputes/[0-9A-Z]{4}-[0-9A-Z]{4}/$"))
    return freelancer.path


def dollars(price: str, of: str = "1") -> str:
    """Write an amount as the pages do."""
    return f"${Decimal(price) * Decimal(of):,.2f}"


def contract_of(who: Window, path: str) -> str:
    """The path of the contract that a dispute is about."""
    who.go(path)
    link = who.page.locator(".case-meta a[href^='/contracts/']").get_attribute("href")
    assert link, "the dispute's page names its contract"
    return link


def specialist_of(window, path: str) -> Window:
    """A window of whoever the case was assigned to."""
    supervisor = window("dev")
    supervisor.go("/desk/cases/" + path.removeprefix("/disputes/"))
    text = supervisor.page.locator("body").inner_text()
    for name, full in (("maya", "Maya Okonkwo"), ("tomas", "Tomas Brandt"), ("ines", "Ines Carvalho")):
        if full in text:
            return window(name)
    raise AssertionError("nobody has the case")


def desk(path: str) -> str:
    """The specialist's address of a dispute."""
    return "/desk/cases/" + path.removeprefix("/disputes/")


def take_up(specialist: Window, path: str) -> None:
    """The specialist signs the declaration and takes the case up (D2)."""
    specialist.go(desk(path) + "take-up/")
    specialist.agree()
    specialist.click("Sign and take the case up")


def answer(client: Window, path: str, *, due: str = "600.00") -> None:
    """The client contests the claim (D4)."""
    client.go(path + "respond/")
    client.choose("The work was partly delivered")
    client.type(details=ANSWER)
    field = client.page.locator("main input[name=offers], main input[name=amount]").filter(visible=True).first
    field.fill(due)
    client.click("Send your answer")


def offer(who: Window, path: str, to_freelancer: str) -> None:
    """An offer of the freelancer's share; the other share follows from the sum (D11)."""
    who.go(path + "offers/new/")
    who.page.locator("main input[name=to_freelancer]").first.fill(to_freelancer)
    who.page.locator("main input[name=to_freelancer]").first.press("Tab")
    who.click("Check the offer")
    who.agree()
    who.click("Send the offer", exact=False)


def accept_offer(who: Window, path: str) -> None:
    """The other side's open offer is accepted (D12)."""
    who.go(path)
    who.click("Review and accept")
    who.agree()
    who.click("Accept $", exact=False)
    who.waits_for(path + "outcome/", "to you")


def ask_for_help(who: Window, contract: str) -> str:
    """A request to Customer Support about a contract at work (S12). Returns its reference."""
    who.go(contract)
    who.click("Get help")
    who.type(details=DETAILS)
    who.agree()
    who.click("Send to Customer Support")
    return who.path.split("/")[3]


def recommend(specialist: Window, path: str, to_freelancer: str, to_client: str) -> None:
    """Draft, preview, issue (D13)."""
    specialist.go(desk(path) + "recommendation/")
    specialist.type(
        reasons=REASONS,
        freelancer_points="The work was on time, and the checks in E-1 are dated before the end of the contract.",
        client_points="Two points were open and the files had to be adapted; the amount takes both into account.",
        to_freelancer=to_freelancer,
        to_client=to_client,
        failure_note="The client's answer says that no more than 600 is possible; the claim asks for all.",
    )
    for box in specialist.page.locator("main input[name=exhibits]").all():
        box.check()
    specialist.pick("failure", "statement")
    specialist.click("Preview", exact=False)
    specialist.click("Go on to issue it")
    specialist.agree()
    specialist.click("Issue", exact=False)


def noticed(window, client: Window, freelancer: Window, *, price: str = "1800.00") -> str:
    """Filed, answered, and both declare that they cannot agree (D18): the Notice of Non-Resolution is out."""
    path = filed(client, freelancer, price=price)
    answer(client, path)
    freelancer.go(path + "impasse/")
    freelancer.click("Declare that we cannot agree")
    client.go(path + "impasse/")
    client.click("End mediation", exact=False)
    for who in (client, freelancer):
        who.go(path + "non-resolution/")
        who.sees("Notice of Non-Resolution")
    return path


def choose_arbitration(who: Window, path: str) -> None:
    """Consent to the binding decision (N2)."""
    who.go(path + "arbitration/elect/")
    who.agree()
    who.click("Choose arbitration")


def pay_fee(who: Window, path: str) -> None:
    """Pay the share and wait for the gateway (N3)."""
    who.go(path + "arbitration/pay/")
    who.click("Pay", exact=False)
    who.waits_for(path + "arbitration/", "Chosen and paid")
