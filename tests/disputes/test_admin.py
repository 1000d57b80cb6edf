"""The admin shows disputes and changes nothing; what is secret stays secret there too."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from core import clock
from disputes import admin as ours
from disputes.models import BlindBid, CaseMessage, Consent, SettlementOffer
from tests.factories.accounts import make_admin
from tests.factories.disputes import asked, bid, offer
from tests.factories.mediation import contested_case
from tests.support.html import CheckedClient
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label == "disputes"]


@pytest.fixture
def case():
    case = contested_case()
    case.write(case.client, "MARKER-PRIVATE", audience="client", purpose="Dates")
    offer(case, case.specialist, 77_000, consent_version="")
    bid(case, case.freelancer, 66_611)
    asked()
    return case


@pytest.fixture
def site(case):
    clock.freeze(case.now)
    client = CheckedClient()
    client.force_login(make_admin(is_superuser=True).user)
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.model_name)
def test_every_model_is_listed_searched_and_opened_read_only(model, case, site):
    name = model._meta.model_name
    listing = reverse(f"admin:disputes_{name}_changelist")
    with unchanged(case.contract):
        for query in ("", "?q=ABCD"):
            page = site.get(listing + query)
            assert page.status_code == 200
            assert "MARKER-PRIVATE" not in page.content.decode()
            assert "66611" not in page.content.decode()
        for row in admin.site._registry[model].get_queryset(page.wsgi_request)[:3]:
            shown = site.get(reverse(f"admin:disputes_{name}_change", args=[row.pk]))
            assert shown.status_code == 200
            assert "MARKER-PRIVATE" not in shown.content.decode()
            assert "66611" not in shown.content.decode()
        for path in (reverse(f"admin:disputes_{name}_add"), listing):
            assert site.post(path, {"state": "resolved"}).status_code in {403, 302, 200}
        assert site.get(reverse(f"admin:disputes_{name}_add")).status_code == 403


def test_a_sealed_bid_leaves_no_trace_in_the_admin(case, site):
    assert BlindBid.objects.filter(state="sealed").count() == 1
    assert Consent.objects.filter(kind="blind_bid").count() == 1
    for name in ("blindbid", "consent"):
        page = site.get(reverse(f"admin:disputes_{name}_changelist")).content.decode()
        assert "blind_bid" not in page.replace("?kind__exact=blind_bid", "")
        assert "0 blind bids" in page or name == "consent"


def test_every_model_of_the_room_is_registered():
    from django.apps import apps

    missing = {m.__name__ for m in apps.get_app_config("disputes").get_models()} - {m.__name__ for m in MODELS}
    assert missing == {"SupportNote", "EvidenceRequestAnswer"}  # shown inside their request
    assert issubclass(ours.Notes, ours.Inline)
    assert CaseMessage in MODELS
    assert SettlementOffer in MODELS
