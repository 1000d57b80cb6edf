"""Lighthouse on the six main pages of a running Evenhand; by hand, not in CI.

    make run                                              # in another window
    .venv/bin/python -m tests.browser.lighthouse          # or with --url, --person, --runs

Needs Node 20 and Chromium. Installs npm's `lighthouse` into a temporary folder (--into keeps it). Each page is measured
as a phone on slow 4G and as a desk; of several runs the median counts. Fails below 100 for accessibility and for best
practices, and below 98 for performance. The machine should have nothing else to do meanwhile.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.chromium import executable

ASKED = {"accessibility": 100, "best-practices": 100, "performance": 98}
FORMS = {"phone": [], "desk": ["--preset=desktop"]}


class Visitor:
    """Signs in by the form and finds the pages by their links."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def read(self, path: str, data: dict[str, str] | None = None) -> str:
        """The page's text."""
        body = urllib.parse.urlencode(data).encode() if data else None
        with self.opener.open(self.url + path, body, timeout=60) as answer:
            return str(answer.read().decode())

    def sign_in(self, person: str) -> str:
        """Returns the cookie header of the session."""
        page = self.read("/sign-in/")
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
        name = "username" if 'name="username"' in page else "email"
        self.read(
            "/sign-in/",
            {"csrfmiddlewaretoken": token, name: f"{person}@evenhand.example", "password": "evenhand sandbox"},
        )
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def find(self, pattern: str) -> str:
        """The first address of the list of contracts that looks like this."""
        found = re.findall(pattern, self.read("/my-jobs/contracts/"))
        if not found:
            sys.exit(f"This person has no page like {pattern}; choose another with --person.")
        return str(found[0])


def measured(program: Path, url: str, cookie: str, form: str) -> dict[str, Any]:
    """One run of Lighthouse: its report."""
    with tempfile.TemporaryDirectory() as folder:
        headers, report = Path(folder, "headers.json"), Path(folder, "report.json")
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        subprocess.run(
            [
                "node",
                str(program),
                url,
                *FORMS[form],
                f"--extra-headers={headers}",
                f"--only-categories={','.join(ASKED)}",
                "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
                "--output=json",
                f"--output-path={report}",
                "--quiet",
            ],
            env={**os.environ, "CHROME_PATH": executable() or ""},
            check=True,
            timeout=300,
        )
        return dict(json.loads(report.read_text()))


def faults(report: dict[str, Any]) -> list[str]:
    """What cost points, in Lighthouse's words."""
    found = []
    for category in report["categories"].values():
        for one in category["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 1:
                found.append(f"{category['id']}: {audit['title']} {audit.get('displayValue', '')}".rstrip())
    return found


def say(text: str) -> None:
    """A line now: the next one takes a minute."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print the table; the exit code is 1 if a score is too low."""
    said = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    said.add_argument("--url", default="http://127.0.0.1:8000")
    said.add_argument("--person", default="rafael", help="somebody with an open refund request and a dispute")
    said.add_argument("--runs", type=int, default=1)
    said.add_argument("--into", type=Path, help="folder for the npm package, kept")
    said.add_argument("--faults", action="store_true", help="say what cost points")
    given = said.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.into or Path(temporary)
        program = folder / "node_modules/lighthouse/cli/index.js"
        if not program.exists():
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, "lighthouse"], check=True)
        visitor = Visitor(given.url)
        cookie = visitor.sign_in(given.person)
        request = visitor.find(r'href="(/contracts/[0-9A-Z-]+/refund-request/)"')
        pages = {
            "landing": ("/", ""),
            "sign-in": ("/sign-in/", ""),
            "My Jobs": ("/my-jobs/", cookie),
            "contract": (visitor.find(r'href="(/contracts/[0-9A-Z-]{9}/)"'), cookie),
            "See Request": (request, cookie),
            "dispute": (visitor.find(r'href="(/disputes/[0-9A-Z-]{9}/)"'), cookie),
        }
        low = 0
        say(f"{'page':<12} {'as':<6} {'access.':>8} {'practices':>10} {'perform.':>9}   LCP s   CLS  TBT ms")
        for name, (path, key) in pages.items():
            for form in FORMS:
                reports = [measured(program, visitor.url + path, key, form) for _ in range(given.runs)]
                got = {
                    kind: round(100 * statistics.median(one["categories"][kind]["score"] for one in reports))
                    for kind in ASKED
                }
                low += sum(got[kind] < least for kind, least in ASKED.items())
                middle = {
                    audit: statistics.median(one["audits"][audit]["numericValue"] for one in reports)
                    for audit in ("largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time")
                }
                lcp, cls, tbt = middle.values()
                say(
                    f"{name:<12} {form:<6} {got['accessibility']:>8} {got['best-practices']:>10}"
                    f" {got['performance']:>9} {lcp / 1000:>7.2f} {cls:>5.3f} {tbt:>7.0f}"
                )
                for fault in faults(reports[0]) if given.faults else []:
                    say(f"    {fault}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
