"""Every rule id that must be executed by a test, and the plugin that sees to it.

The road of a command records the rules it ran (`core.road.ran`). A test's mark `rule("R3")` names what it
executes: a marked rule that did not run fails the test, and a rule nobody executed fails the whole run.
"""

from __future__ import annotations

import pytest

from core import road


def _numbered(letter: str, last: int, first: int = 1) -> list[str]:
    return [f"{letter}{n}" for n in range(first, last + 1)]


RULES = frozenset(
    [
        *_numbered("C", 11),
        "C3b",
        *_numbered("R", 8),
        *_numbered("P", 6),
        *_numbered("D", 20),
        "E1",
        *_numbered("N", 7),
        *_numbered("A", 7),
        "W1",
        "X1",
        "X2",
        *_numbered("I", 8),
        *_numbered("Z", 9),
    ]
)

# Ours: C0 (a contract is accepted; the rulebook starts with funding), M1 to M6 (reported messages and removals).
KNOWN = RULES | {"C0", *_numbered("M", 6)}


class RulePlugin:
    """Collects marks and executions over all workers."""

    def __init__(self) -> None:
        self.marked: set[str] = set()
        self.executed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item):
        with road.recording() as seen:
            item.stash[_SEEN] = seen
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        report = yield
        if report.when != "call":
            return report
        wanted = {rule for mark in item.iter_markers("rule") for rule in mark.args}
        seen = item.stash[_SEEN]
        report.user_properties.append(("rules", [sorted(wanted), sorted(seen)]))
        if report.passed and (problem := _problem(wanted, seen)):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: {problem}"
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == "rules" and report.when == "call" and report.passed:
                self.marked |= set(value[0])
                self.executed |= set(value[1])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not _is_whole_suite(session.config) or session.exitstatus != 0:
            return
        if missing := RULES - (self.marked & self.executed):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self.missing = missing

    def pytest_terminal_summary(self, terminalreporter) -> None:
        if missing := getattr(self, "missing", None):
            terminalreporter.section("rules that no test carries and executes", red=True)
            terminalreporter.line(" ".join(sorted(missing)))


_SEEN = pytest.StashKey[set[str]]()


def _problem(wanted: set[str], seen: set[str]) -> str | None:
    if unknown := wanted - KNOWN:
        return f"marks rules that the rulebook does not have: {sorted(unknown)}"
    if idle := wanted - seen:
        return f"marks rules that it did not execute: {sorted(idle)} (it executed {sorted(seen)})"
    return None


def _is_whole_suite(config: pytest.Config) -> bool:
    """Whether this process controls a run of everything."""
    # The browser's journeys run their rules in other processes: the suite without them is the whole of the rules.
    if hasattr(config, "workerinput") or config.option.keyword or config.option.markexpr not in ("", "not browser"):
        return False
    return not config.option.collectonly and config.args in (["tests"], ["tests/"], [])
