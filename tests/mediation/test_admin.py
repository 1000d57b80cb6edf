"""Mediation in the admin: to look at, without the sides' answers."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from mediation import models
from tests.factories.accounts import make_admin
from tests.factories.mediation import recommended_case

pytestmark = pytest.mark.django_db

MODELS = [
    models.MediationCase,
    models.Recommendation,
    models.ContactAttempt,
    models.Objection,
    models.ConflictDeclaration,
    models.ImpasseDeclaration,
    models.InternalNote,
    models.ReadMark,
]


@pytest.mark.parametrize("model", MODELS)
def test_every_table_can_be_looked_at_and_none_can_be_changed(client, model):
    case = recommended_case()
    client.force_login(make_admin().user)
    name = model._meta.model_name
    assert client.get(reverse(f"admin:mediation_{name}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:mediation_{name}_add")).status_code == 403
    found = model.objects.first()
    if found is not None:
        page = client.get(reverse(f"admin:mediation_{name}_change", args=[found.pk]))
        assert page.status_code == 200
        assert "_save" not in page.content.decode()
    assert case.dispute.state == "recommended"


def test_what_a_side_answered_is_not_in_the_admin(client):
    case = recommended_case()
    case.answer("client", accept=True)
    client.force_login(make_admin().user)
    found = case.case.recommendations.get()
    page = client.get(reverse("admin:mediation_recommendation_change", args=[found.pk])).content.decode()
    assert "client_answer" not in page
    assert admin.site.is_registered(models.Recommendation)
