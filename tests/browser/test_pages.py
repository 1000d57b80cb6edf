"""Every page shape of each role, found by its links, at desk and phone width, light and dark (interface section v)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pypdfium2
import pytest

from tests.browser import stories
from tests.browser.looking import WIDE, Looker, cold
from tests.browser.people import Window

KB = 1024


@dataclass
class Cases:
    """Paths of cases in different states, and who handles them."""

    asked: str  # a contract whose client asks an agency for the escrow back
    active: str  # a contract at work: one milestone handed in, one to fund
    mediation: str  # answered, with an open offer, taken up
    notice: str  # after the Notice of Non-Resolution, the freelancer has chosen arbitration
    agreed: str  # settled by an offer
    ticket: str  # a request to Customer Support
    contract: str
    specialist: str
    provider: str
    payments: str


@pytest.fixture(scope="module")
def cases(system, browser, keys) -> Cases:
    opened: list[Window] = []

    def window(name: str) -> Window:
        one = Window(browser, system.url, name, width=WIDE, key=keys.get(name))
        opened.append(one)
        if name not in keys:
            one.sign_in(name)
            keys[name] = one.key()
        return one

    client, freelancer, agency = window("ellen"), window("rafael"), window("niamh")
    notice = stories.noticed(window, client, freelancer, price="2400.00")
    stories.choose_arbitration(freelancer, notice)
    agreed = stories.filed(client, freelancer, price="600.00")
    stories.offer(client, agreed, "400.00")
    stories.accept_offer(freelancer, agreed)
    mediation = stories.filed(client, freelancer, price="1500.00")
    stories.answer(client, mediation)
    stories.offer(client, mediation, "700.00")
    contract = stories.contract_of(client, mediation)
    specialist = stories.specialist_of(window, mediation)
    stories.take_up(specialist, mediation)
    active = stories.submitted(client, freelancer, second="400.00")
    ticket = stories.ask_for_help(freelancer, active)
    asked = stories.asked_back(client, agency, price="310.00")
    for one in opened:
        one.close()
    return Cases(
        asked=asked,
        active=active,
        mediation=mediation,
        notice=notice,
        agreed=agreed,
        ticket=ticket,
        contract=contract,
        specialist=specialist.name,
        provider=f"http://127.0.0.1:{system.sandbox}/provider/",
        payments=f"http://127.0.0.1:{system.sandbox}/payments/",
    )


VISITOR = ["/", "/sign-in/", "/sign-up/", "/help/disputes/", "/help/next/", "/help/words/", "/verify/"]
PARTY = [
    "/my-jobs/",
    "/my-jobs/contracts/",
    "{contract}",
    "/messages/",
    "{mediation}",
    "{mediation}offers/new/",
    "{mediation}evidence/",
    "{mediation}contact/",
    "{notice}non-resolution/",
    "{notice}arbitration/",
    "/notifications/",
    "/settings/",
]
PAGES = {
    "visitor": VISITOR,
    "rafael": [*PARTY, "/find-work/", "{active}end/"],
    "niamh": [
        "{asked}refund-request/",
        "{asked}refund-request/claim/",
        "/settings/members/",
        "/settings/data/",
        "/settings/mail/",
        "/my-jobs/",
    ],
    "ellen": [*PARTY, "{asked}refund-request/", "{mediation}accept/", "/contracts/new/"],
    "priya": ["/support-desk/", "/support-desk/reports/"],
    "dev": ["/desk/", "/desk/workload/", "/desk/cases{case}", "/desk/cases{case}assign/"],
    "specialist": ["/desk/", "/desk/cases{case}", "/desk/cases{case}recommendation/"],
    "ruth": ["/arbitration-desk/"],
    "sam": ["/sandbox/clock/", "/sandbox/mailbox/", "{provider}", "{payments}"],
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_each_role(window, cases, name):
    looker = Looker(window({"visitor": None, "specialist": cases.specialist}.get(name, name)))
    places = {**asdict(cases), "case": cases.mediation.removeprefix("/disputes")}
    for path in PAGES[name]:
        looker.look(path.format(**places))
    assert looker.wrong == []


MAIN = {
    "visitor": ["/", "/sign-in/"],
    "rafael": ["/my-jobs/", "{contract}", "{mediation}"],
    "niamh": [
        "{asked}refund-request/",
        "{asked}refund-request/claim/",
        "/settings/members/",
        "/settings/data/",
        "/settings/mail/",
        "/my-jobs/",
    ],
}


@pytest.mark.parametrize("name", MAIN)
def test_main_pages_keep_their_budgets(window, cases, name):
    """Over the wire on a first visit: 14 KB of style, 23 KB of script, 8 requests."""
    who = window(None if name == "visitor" else name)
    weighed = {path: cold(who, path.format(**asdict(cases))) for path in MAIN[name]}

    assert {path: one for path, one in weighed.items() if one.css > 14 * KB or one.js > 23 * KB} == {}
    assert {path: one.requests for path, one in weighed.items() if len(one.requests) > 8} == {}
    assert all(one.css > KB and one.js > KB for one in weighed.values()), "the scales are broken"


def _kept(text: str) -> str:
    """Letters and figures only: a line may break anywhere on paper."""
    return "".join(char for char in text if char.isalnum())


def test_case_file_is_printed_whole_and_in_order(window, cases, tmp_path):
    who = window("rafael")
    who.go(cases.mediation + "case-file/")
    page = who.page
    page.pdf(path=tmp_path / "case.pdf", format="A4")
    with pypdfium2.PdfDocument(tmp_path / "case.pdf") as paper:
        # Only what lies within the sheet's edges.
        printed = _kept("".join(sheet.get_textpage().get_text_bounded() for sheet in paper))
    page.emulate_media(media="print")
    lines = page.locator("article.case-file").inner_text().splitlines()
    # Words for screen readers only are not on paper.
    spoken = {text.strip() for text in page.locator("article.case-file .vh").all_text_contents()}

    assert [line for line in lines if line.strip() not in spoken and _kept(line) not in printed] == []
    headings = [_kept(text) for text in page.locator("article.case-file h2").all_inner_texts()]
    order = [headings.index(_kept(name)) for name in ("Money", "Dates", "People", "What happened, oldest first")]
    assert order == sorted(order)
    assert [printed.index(name) for name in headings] == sorted(printed.index(name) for name in headings)
    # Nothing of the screen's frame.
    assert _kept("Print case file") not in printed
    assert page.locator("nav:visible, .btn:visible, form:visible").count() == 0
