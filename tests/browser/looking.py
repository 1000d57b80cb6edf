"""What every page has to bear, whoever reads it: axe, both themes, a phone, no jumps, a strict policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Response

from tests.browser.people import Window

WIDE, NARROW = 1360, 390
JUMPS = 0.01  # cumulative layout shift

BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHIFTED = """() => new Promise((done) => {
  let sum = 0;
  const add = (list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) sum += one.value; });
  const watch = new PerformanceObserver(add);
  watch.observe({type: 'layout-shift', buffered: true});
  // Entries of the past arrive in a task of their own.
  setTimeout(() => { watch.takeRecords().length; watch.disconnect(); done(sum); }, 50);
})"""


@dataclass
class Looker:
    """Looks at pages of one window and keeps what is wrong with them."""

    who: Window
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.who.page.on("response", self._policy)

    def look(self, path: str) -> None:
        """Look at one page at a desk in light and on a phone in dark."""
        self._read(path, WIDE, "light")
        self._read(path, NARROW, "dark")

    def _read(self, path: str, width: int, theme: str) -> bool:
        page = self.who.page
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        answer = page.goto(path)
        if not answer or answer.status != 200:
            self.wrong.append(f"{path}: {answer.status if answer else 'no answer'}")
            return False
        self._sideways(path, f"on {width} px")
        for violation in Axe().run(page).response["violations"]:
            nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            self.wrong.append(f"{path}: {violation['id']} in {theme}: {nodes}")
        if (jumped := page.evaluate(SHIFTED)) > JUMPS:
            self.wrong.append(f"{path}: jumps by {jumped:.3f} on {width} px")
        return True

    def _sideways(self, path: str, where: str) -> None:
        if (more := self.who.page.evaluate(BEYOND)) > 0:
            self.wrong.append(f"{path}: {more} px too broad {where}")

    def _policy(self, answer: Response) -> None:
        """The policy is strict on every answer, and complete where an answer can run something."""
        if urlsplit(answer.url).hostname != urlsplit(self.who.url).hostname:
            self.wrong.append(f"{answer.url}: from elsewhere")
            return
        policy = answer.headers.get("content-security-policy", "")
        where = urlsplit(answer.url).path
        if fault := policy_fault(policy, html="text/html" in answer.headers.get("content-type", "")):
            self.wrong.append(f"{where}: {fault}")


def policy_fault(policy: str, *, html: bool) -> str:
    """Say what is wrong with a content security policy; nothing if it is strict."""
    if not policy:
        return "no policy" if html else ""
    rules = {name: values for name, *values in (rule.split() for rule in policy.split(";") if rule.strip())}
    if "default-src" not in rules:
        return "the policy has no default-src"
    loose = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "data:", "http:", "https:"}
    for name in ("default-src", "script-src", "style-src", "object-src", "base-uri", "frame-ancestors"):
        inherits = rules["default-src"] if name.endswith("-src") else None
        values = rules.get(name, inherits)
        if values is None:
            return f"the policy does not say {name}"
        if found := loose & set(values):
            return f"{name} allows {' '.join(sorted(found))}"
    return ""


@dataclass
class Weight:
    """What a page fetches on a first visit, over the wire: requests, and bytes by kind."""

    requests: list[str]
    css: int
    js: int


def cold(window: Window, path: str) -> Weight:
    """Open a page with an empty cache and weigh it."""
    page = window.page
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    seen: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda told: seen.update({told["requestId"]: told["response"]["url"]}))
    session.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    session.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    session.detach()
    of = [(urlsplit(url).path, int(sizes.get(key, 0))) for key, url in seen.items() if url.startswith("http")]
    return Weight(
        requests=sorted(name for name, _ in of),
        css=sum(size for name, size in of if name.endswith(".css")),
        js=sum(size for name, size in of if name.endswith(".js")),
    )
