"""What the pages say about money, read exactly: the contract's panel, the payments out, the outcome of a dispute."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.browser.people import Window

HOLD = "Released, in the security hold"
FROZEN = "Held in a dispute"


@dataclass
class Books:
    """A contract's page: its state, what is in escrow, where the rest is, what has left."""

    state: str
    escrow: str
    rows: dict[str, str] = field(default_factory=dict)
    paid_out: list[tuple[str, str]] = field(default_factory=list)  # (to whom, how much), arrived

    def __post_init__(self) -> None:
        self.paid_out = sorted(self.paid_out)


def read(who: Window) -> Books:
    """The books as this person's open contract page shows them."""
    page = who.page
    labels = page.locator("#money .mini dt").all_inner_texts()
    amounts = page.locator("#money .mini dd").all_inner_texts()
    out = []
    for row in page.locator("#payouts li").all():
        to = row.locator(".sub").inner_text().strip().removeprefix("to ")
        arrived = row.locator("span").first.inner_text().startswith("Arrived")
        out.append((to if arrived else f"on its way to {to}", row.locator("b").inner_text().strip()))
    return Books(
        state=page.locator(".case-meta .badge").first.inner_text().strip(),
        escrow=page.locator("#money .sum").first.inner_text().strip(),
        rows=dict(zip(labels, amounts, strict=True)),
        paid_out=out,
    )


def outcome(who: Window) -> dict[str, str]:
    """The outcome page's rows: how it ended, and each side's sum."""
    found = {"": who.page.locator("h1").inner_text().strip()}
    for row in who.page.locator(".file-main dl > div").all():
        found[row.locator("dt").inner_text().strip()] = row.locator("dd").inner_text().strip().partition("\n")[0]
    return found


def settled(
    who: Window, contract: str, *, held: str = "", paid_out: list[tuple[str, str]], state: str = "Closed"
) -> None:
    """At the end nothing is in escrow; what was released is on hold, net of the fee; what went back has arrived."""
    rows = {HOLD: held} if held else {}
    who.reads(contract, read, Books(state=state, escrow="$0.00", rows=rows, paid_out=paid_out))


def ended(who: Window, path: str, *, how: str, mine: str, shares: dict[str, str]) -> None:
    """The outcome page of a dispute: its title, its ground, both shares."""
    who.reads(path + "outcome/", outcome, {"": f"{mine} to you", "How it ended": how, **shares})
