"""Role × route: nobody reaches what is not theirs, and nothing answers 500 to anybody."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.architecture.routes import (
    OWN,
    PARTY,
    PUBLIC,
    ROUTES,
    SANDBOX,
    SIGNED_IN,
    STAFF,
    WEBHOOK,
    all_routes,
)
from tests.factories import accounts, disputes, mediation

pytestmark = pytest.mark.django_db

GOING_IN = {302, 303}
REFUSED = {403, 404, 405}


def test_every_route_is_in_the_table_and_nothing_else():
    assert set(all_routes()) == set(ROUTES)


@pytest.fixture
def house():
    """A case on an ended contract, a support request on another contract, and everybody's colleagues."""
    case = mediation.recommended_case()
    world, request, _ = disputes.asked()
    return case, world, request


def _arguments(name, pattern, house):  # noqa: C901 - one line per kind of argument
    """Real ids where the route has one, so that a refusal is about the person and not about the id."""
    case, world, request = house
    dispute = case.dispute
    given = {}
    for key in pattern.pattern.converters:
        if key == "reference":
            app, act = name.split(":")
            if act == "support_new":
                given[key] = world.contract.reference
            elif act.startswith("support"):
                given[key] = request.reference
            elif app == "contracts" or act in {"claim", "check", "draft_file"}:
                given[key] = dispute.contract.reference
            else:
                given[key] = dispute.reference
        elif key == "pk" and "milestones" in str(pattern.pattern):
            given[key] = dispute.contract.milestones.first().pk
        elif key == "evidence_id":
            given[key] = getattr(dispute.evidence.first(), "pk", uuid4())
        elif key in {"side", "choice", "view", "slug"}:
            given[key] = {"side": "client", "choice": "accept", "view": "all", "slug": "mine"}[key]
        elif key == "number":
            given[key] = 1
        elif key in {"uidb64", "token", "name"}:
            given[key] = "x"
        else:
            given[key] = uuid4()
    return given


def _path(name, house):
    return reverse(name, kwargs=_arguments(name, all_routes()[name], house))


def _ask(client, method, path):
    answer = getattr(client, method)(path)
    if answer.streaming:
        b"".join(answer)  # a file that nobody reads to its end stays open
    return answer


def _of(*kinds):
    return sorted(name for name, kind in ROUTES.items() if kind in kinds)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_sent_to_sign_in_or_refused(client, house, method):
    wrong = []
    for name in _of(SIGNED_IN, OWN, PARTY, STAFF):
        answer = _ask(client, method, _path(name, house))
        sent = answer.status_code in GOING_IN and "/sign-in/" in answer.headers.get("Location", "")
        # A posted sign-out of somebody who is not signed in goes home.
        home = name == "accounts:sign_out" and answer.status_code in GOING_IN
        # An invitation is read before the invited person has an account.
        if not (sent or home or answer.status_code in REFUSED):
            wrong.append((name, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_nothing_of_a_case_that_is_not_theirs(client, house, method):
    client.force_login(accounts.make_stranger().user)
    wrong = []
    for name in _of(PARTY):
        answer = _ask(client, method, _path(name, house))
        if answer.status_code not in {404, 405}:
            wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["stranger", "freelancer", "client"])
def test_people_without_a_role_reach_no_desk(client, house, method, who):
    case, _, _ = house
    person = {
        "stranger": accounts.make_stranger,
        "freelancer": lambda: case.world.freelancer,
        "client": lambda: case.world.client,
    }[who]()
    client.force_login(person.user)
    wrong = []
    for name in _of(STAFF):
        answer = _ask(client, method, _path(name, house))
        if answer.status_code not in REFUSED:
            wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("who", ["other specialist", "support", "clerk"])
def test_staff_without_the_case_see_nothing_of_it_and_do_nothing_to_it(client, house, who):
    """Edge 26: a specialist reads assigned cases; support the cases it opened; a clerk from the notice on."""
    person = {
        "other specialist": accounts.make_specialist,
        "support": accounts.make_support,
        "clerk": accounts.make_clerk,
    }[who](name="Somebody Else")
    client.force_login(person.user)
    wrong = []
    for name in _of(PARTY, STAFF):
        app, _ = name.split(":")
        if app not in {"disputes", "mediation"} or "support" in name or name in {"mediation:desk", "mediation:view"}:
            continue
        answer = _ask(client, "get", _path(name, house))
        if answer.status_code not in REFUSED:
            wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["freelancer", "client", "member", "specialist", "supervisor", "admin", "support"])
def test_nothing_answers_with_a_fault_to_anybody(client, house, method, who):
    case, _, _ = house
    person = {
        "freelancer": lambda: case.world.freelancer,
        "client": lambda: case.world.client,
        "member": lambda: accounts.make_member(case.dispute.contract.client_account),
        "specialist": lambda: case.specialist,
        "supervisor": accounts.make_supervisor,
        "admin": accounts.make_admin,
        "support": accounts.make_support,
    }[who]()
    client.force_login(person.user)
    faults = []
    for name in _of(PUBLIC, SIGNED_IN, OWN, PARTY, STAFF, WEBHOOK, SANDBOX):
        if name == "accounts:sign_out":
            continue
        answer = _ask(client, method, _path(name, house))
        if answer.status_code >= 500:
            faults.append((name, answer.status_code))
    assert faults == []


def test_the_sandbox_is_not_there_outside_the_sandbox(client, house, settings):
    settings.SANDBOX = False
    wrong = []
    for name in _of(SANDBOX):
        answer = _ask(client, "get", _path(name, house))
        if answer.status_code not in {404, 405}:
            wrong.append((name, answer.status_code))
    assert wrong == []
