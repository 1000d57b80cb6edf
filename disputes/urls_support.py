"""Routes of the support desk and of the freelancer's requests; included by disputes.urls under its namespace."""

from __future__ import annotations

from django.urls import path

from disputes import views_support as own
from disputes import views_support_desk as desk

_OWN = "help/requests/<str:reference>/"
_DESK = "support-desk/<str:reference>/"

urlpatterns = [
    path("help/contact/<str:reference>/", own.support_new, name="support_new"),
    path(_OWN, own.support_request, name="support_request"),
    path(f"{_OWN}answer/", own.support_answer, name="support_answer"),
    path(f"{_OWN}review/", own.support_ask_review, name="support_ask_review"),
    path(f"{_OWN}withdraw/", own.support_withdraw, name="support_withdraw"),
    path(f"{_OWN}files/<uuid:evidence_id>/", own.support_file, name="support_file"),
    path("support-desk/", desk.support_desk, name="support_desk"),
    path("support-desk/view/<slug:view>/", desk.support_desk, name="support_view"),
    path(_DESK, desk.support_case, name="support_case"),
    path(f"{_DESK}take/", desk.support_take, name="support_take"),
    path(f"{_DESK}ask/", desk.support_ask, name="support_ask"),
    path(f"{_DESK}open-case/", desk.support_open, name="support_open"),
    path(f"{_DESK}decline/", desk.support_decline, name="support_decline"),
    path(f"{_DESK}review/", desk.support_review, name="support_review"),
]
