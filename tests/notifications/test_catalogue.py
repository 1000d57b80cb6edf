"""The catalogue of rulebook section 10 is complete, and its words are whole."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from accounts import events as account_events
from arbitration import events as arbitration_events
from contracts import events as contract_events
from core import deadlines, events
from core.events import Event
from disputes import events as dispute_events
from mediation import events as mediation_events
from notifications import kinds
from notifications.catalogue import CATALOGUE, NO_NOTICE, REMINDERS
from notifications.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (account_events, contract_events, dispute_events, mediation_events, arbitration_events)

# Rulebook section 10, name by name, and what carries it here where the name differs.
MINIMUM = {
    "refund_requested": "refund_requested",
    "refund_reminder": "refund_reminder",
    "refund_accepted": "refund_accepted",
    "refund_expired": "refund_expired",
    "support_received": "support_received",
    "support_needs_info": "support_needs_info",
    "support_declined": "support_declined",
    "dispute_opened": "dispute_opened",
    "dispute_filed": "dispute_filed",
    "client_answer_reminder": "client_answer_reminder",
    "specialist_assigned": "specialist_assigned",
    "message_posted": "message_posted",
    "evidence_added": "evidence_added",
    "evidence_requested": "evidence_requested",
    "contact_attempt": "contact_attempt",
    "offer_made": "offer_made",
    "offer_countered": "offer_countered",
    "offer_expiring": "offer_expiring",
    "offer_accepted": "case_closed",
    "mediation_ending": "mediation_ending",
    "recommendation_issued": "recommendation_issued",
    "recommendation_reminder": "recommendation_reminder",
    "recommendation_result": "recommendation_result",
    "notice_of_non_resolution": "notice_of_non_resolution",
    "election_reminder": "election_reminder",
    "payment_received": "payment_received",
    "arbitration_default_result": "case_closed",
    "arbitration_filed": "arbitration_filed",
    "arbitration_event": "arbitration_event",
    "award": "award",
    "money_moved": "money_moved",
    "case_closed": "case_closed",
}


def all_events() -> set[type[Event]]:
    return {
        found
        for room in ROOMS
        for _, found in inspect.getmembers(room, inspect.isclass)
        if issubclass(found, Event) and found.__module__ == room.__name__
    }


def all_specs():
    return [spec for entry in CATALOGUE.values() for spec in entry.specs] + [
        spec for specs in REMINDERS.values() for spec in specs
    ]


def test_every_event_has_a_reaction_or_an_explicit_none():
    assert set(CATALOGUE) | set(NO_NOTICE) == all_events()
    assert not set(CATALOGUE) & set(NO_NOTICE)


def test_every_event_of_the_catalogue_is_wired_inside_its_transaction():
    for event_type in [*CATALOGUE, deadlines.ReminderDue]:
        assert "notifications.handlers.store" in events.wired(event_type), event_type


def test_the_minimum_catalogue_is_carried():
    used = {spec.kind for spec in all_specs()}

    assert {MINIMUM[name] for name in MINIMUM} <= used
    assert used | {"mail_bounced", "data_ready"} == set(KINDS)


def test_every_kind_that_reminds_has_words():
    """Every `remind=` in the code belongs to a kind of deadline that the reminders know."""
    reminding = set(REMINDERS)
    constants = _string_constants()
    found = set()
    for path in _sources():
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and any(k.arg == "remind" for k in call.keywords):
                kind = next((_text(a, constants) for a in call.args if _text(a, constants)), None)
                if kind:
                    found.add(kind)

    assert found, "no reminder found: the test reads the wrong thing"
    assert found <= reminding


def _sources():
    return [p for app in ("contracts", "disputes", "mediation", "arbitration") for p in (ROOT / app).rglob("*.py")]


def _string_constants() -> dict[str, str]:
    found = {}
    for path in _sources():
        for node in ast.parse(path.read_text()).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[target.id] = value.value
    return found


def _text(node, constants) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    return constants.get(name)


def test_legal_kinds_cannot_be_muted():
    from notifications.services import mutable

    legal = [name for name, kind in KINDS.items() if kind.legal]

    assert mutable(legal) == []
    assert {"notice_of_non_resolution", "refund_requested", "recommendation_issued", "case_closed"} <= set(legal)


def test_labels_of_kinds_are_unique_within_their_group():
    shown = kinds.choices(staff=True, party=True)
    for group in shown:
        labels = [str(kind.label) for _, kind in group.free]
        labels += [str(kind.label) for _, fixed in group.fixed for kind in fixed]
        assert len(labels) == len(set(labels)), group.label
    assert sum(len(g.free) + sum(len(fixed) for _, fixed in g.fixed) for g in shown) == len(KINDS)


FORBIDDEN = re.compile(r"\b(he|she|his|her|hers|him|himself|herself)\b|click here|\bTODO\b", re.IGNORECASE)


@pytest.mark.parametrize(
    "path", sorted(p for p in (ROOT / "templates").rglob("*.*") if p.is_file()), ids=lambda p: p.name
)
def test_templates_speak_of_nobody_as_he_or_she(path):
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", path.read_text(), flags=re.DOTALL)

    assert FORBIDDEN.findall(text) == []


def test_no_button_says_only_submit():
    for path in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r">\s*Submit\s*<", path.read_text()), path


@pytest.mark.parametrize("path", sorted((ROOT / "notifications").rglob("*.py")), ids=lambda p: p.name)
def test_notices_speak_of_nobody_as_he_or_she(path):
    texts = [n.value for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Constant)]

    assert [t for t in texts if isinstance(t, str) and FORBIDDEN.search(t)] == []
