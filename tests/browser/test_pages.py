"""The main pages of each role, at desk and phone width, light and dark: readable, still, nothing sideways."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import stories
from tests.browser.people import Window

WIDE, NARROW = 1360, 390
# Both themes are drawn at each width; axe reads one of them.
READ_IN = {WIDE: "light", NARROW: "dark"}


@dataclass
class Cases:
    """One case in mediation, one after its notice, one open refund request: paths."""

    mediation: str
    notice: str
    asked: str
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

    client, freelancer = window("ellen"), window("rafael")
    asked = stories.asked_back(client, freelancer, price="310.00")
    notice = stories.noticed(window, client, freelancer, price="2400.00")
    mediation = stories.filed(client, freelancer, price="1500.00")
    stories.answer(client, mediation)
    stories.offer(client, mediation, "700.00")
    contract = stories.contract_of(client, mediation)
    specialist = stories.specialist_of(window, mediation)
    stories.take_up(specialist, mediation)
    for one in opened:
        one.close()
    outside = f"http://127.0.0.1:{system.sandbox}"
    return Cases(mediation, notice, asked, contract, specialist.name, f"{outside}/provider/", f"{outside}/payments/")


VISITOR = ["/", "/sign-in/", "/sign-up/", "/help/disputes/"]
PARTY = [
    "/my-jobs/",
    "/my-jobs/contracts/",
    "{contract}",
    "{asked}refund-request/",
    "/messages/",
    "{mediation}",
    "{mediation}offers/new/",
    "{mediation}evidence/",
    "{notice}non-resolution/",
    "{notice}arbitration/",
    "/notifications/",
    "/settings/",
]
PAGES = {
    "visitor": VISITOR,
    "rafael": [*PARTY, "/find-work/", "{asked}refund-request/claim/", "{notice}arbitration/elect/"],
    "ellen": [*PARTY, "{mediation}accept/", "/contracts/new/"],
    "priya": ["/support-desk/"],
    "dev": ["/desk/", "/desk/workload/", "/desk/cases{case}", "/desk/cases{case}assign/"],
    "specialist": ["/desk/", "/desk/cases{case}", "/desk/cases{case}recommendation/"],
    "ruth": ["/arbitration-desk/"],
    "sam": ["/sandbox/clock/", "/sandbox/mailbox/", "{provider}", "{payments}"],
}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_each_role(window, cases, name, width):
    who = window({"visitor": None, "specialist": cases.specialist}.get(name, name), width=width)
    places = {**vars(cases), "case": cases.mediation.removeprefix("/disputes")}
    wrong = [finding for path in PAGES[name] for finding in _look(who, path.format(**places), width)]
    assert wrong == []


def _look(who: Window, path: str, width: int) -> list[str]:
    page = who.page
    page.emulate_media(color_scheme=READ_IN[width], reduced_motion="reduce")
    answer = page.goto(path)
    wrong = [] if answer and answer.status == 200 else [f"{path}: {answer.status if answer else 'no answer'}"]
    broad = "document.documentElement.scrollWidth"
    if (found := page.evaluate(broad)) > width:
        wrong.append(f"{path}: {found} px broad on {width}")
    for violation in Axe().run(page).response["violations"]:
        nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
        wrong.append(f"{path}: {violation['id']}: {nodes}")
    page.emulate_media(color_scheme="dark" if READ_IN[width] == "light" else "light")
    if (found := page.evaluate(broad)) > width:
        wrong.append(f"{path}: {found} px broad on {width} in the other theme")
    return wrong
