"""The sandbox gateway over real HTTP: our adapter, its server, its signed callback to our webhook."""

from __future__ import annotations

import threading
import time
from uuid import uuid4

import httpx
import pytest
from django.conf import settings
from django.urls import include, path

from config.urls import urlpatterns as product
from contracts.models import Payment, Payout, SandboxBehaviour, SandboxOperation
from contracts.payments import send, signing
from contracts.payments.base import GatewayError, Kind, Word
from contracts.payments.sandbox import SandboxGateway
from contracts.payments.sandbox_server import callbacks
from contracts.services import milestones
from core import clock, outbox
from core.money import Money
from tests.factories import contracts as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

# Both sides of the wire on one live server; in the product they are two processes.
urlpatterns = [*product, path("payments/", include("contracts.payments.sandbox_server.urls"))]


@pytest.fixture
def wire(live_server, settings, monkeypatch):
    settings.SITE_URL = live_server.url
    settings.GATEWAY_BASE_URL = live_server.url + "/payments"
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr(callbacks, "SOON", callbacks.SOON / 20)
    monkeypatch.setattr(callbacks, "AGAIN", callbacks.AGAIN / 100)
    yield live_server.url
    deadline = time.monotonic() + 5
    while any(isinstance(t, threading.Timer) for t in threading.enumerate()) and time.monotonic() < deadline:
        threading.Event().wait(0.05)


def until(check, seconds=8):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        threading.Event().wait(0.05)
    return False


def behave(behaviour):
    SandboxBehaviour.objects.update_or_create(pk=1, defaults={"behaviour": behaviour})


def funding():
    world = make.active_contract()
    clock.freeze(world.now)
    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)
    return world


def test_a_payment_goes_out_is_confirmed_by_callback_and_funds_the_milestone(wire):
    world = funding()

    assert outbox.relay(now=world.now) >= 1

    assert until(lambda: world.milestone.state == "funded")
    assert world.held.available.amount == 180_000


def test_a_refusal_arrives_too(wire):
    behave(callbacks.FAIL)
    world = funding()
    outbox.relay(now=world.now)

    assert until(lambda: world.milestone.state == "proposed")


def test_said_twice_is_booked_once(wire):
    behave(callbacks.TWICE)
    world = funding()
    outbox.relay(now=world.now)

    assert until(lambda: SandboxOperation.objects.filter(told=2).exists())
    assert until(lambda: world.milestone.state == "funded")
    assert world.held.available.amount == 180_000


def test_a_silent_gateway_is_asked_and_a_person_decides_on_its_page(wire, client):
    behave(callbacks.HOLD)
    world = funding()
    outbox.relay(now=world.now)
    operation = SandboxOperation.objects.get()
    clock.freeze(world.later(minutes=1).now)
    assert send.ask_about_silence(now=world.now) == 1
    assert world.milestone.state == "funding"

    page = client.get("/payments/")
    assert "Payment sandbox" in page.content.decode()
    client.post(f"/payments/operations/{operation.pk}/", {"word": "confirmed"})

    assert until(lambda: world.milestone.state == "funded")


def test_a_payout_arrives(wire):
    world = make.refund_requested_contract()
    world.accept_refund()
    clock.freeze(world.now)

    outbox.relay(now=world.now)

    assert until(lambda: Payout.objects.get().state == "confirmed")


def test_the_same_id_twice_is_one_order(wire):
    gateway, our_id = SandboxGateway(), uuid4()
    behave(callbacks.HOLD)
    for _ in range(2):
        gateway.start(our_id, Money(500, "USD"), side="client", purpose="milestone")

    assert SandboxOperation.objects.count() == 1
    assert gateway.ask(Kind.PAYMENT, our_id) is Word.PENDING
    assert gateway.ask(Kind.PAYOUT, our_id) is Word.UNKNOWN


@pytest.mark.parametrize("body", [b"{}", b"x", b'{"id": "1", "amount": 5, "currency": "USD"}', b"[]"])
def test_the_sandbox_takes_signed_orders_only_and_says_what_is_wrong(wire, body):
    address = settings.GATEWAY_BASE_URL + "/payments/"
    assert httpx.post(address, content=body).status_code == 401
    signed = signing.sign(body, settings.GATEWAY_SIGNING_SECRET)
    assert httpx.post(address, content=body, headers=signed).status_code == 400
    assert httpx.get(f"{address}{uuid4()}/").status_code == 401


def test_a_gateway_that_cannot_be_reached_says_so(settings):
    settings.GATEWAY_BASE_URL = "http://127.0.0.1:9"  # the discard port: nobody listens
    with pytest.raises(GatewayError, match="cannot be reached"):
        SandboxGateway().start(uuid4(), Money(1, "USD"), side="client", purpose="milestone")
    assert not Payment.objects.exists()
