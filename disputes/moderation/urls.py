"""Routes of privacy: reports, removals, the copy of one's own data; included by disputes.urls."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from disputes.moderation import views

_REPORT = "support-desk/reports/<uuid:pk>/"
_REMOVAL = "support-desk/removals/<uuid:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("disputes.export.urls")),
    path("report/<slug:kind>/<uuid:pk>/", views.report_message, name="report_message"),
    path("support-desk/hidden/<slug:kind>/<uuid:pk>/file/", views.hidden_file, name="hidden_file"),
    path("support-desk/reports/", views.reports, name="support_reports"),
    path(_REPORT, views.report, name="message_report"),
    path(f"{_REPORT}hide/", views.report_hide, name="message_report_hide"),
    path(f"{_REPORT}leave/", views.report_leave, name="message_report_leave"),
    path("support-desk/removals/", views.removals, name="support_removals"),
    path("support-desk/removals/new/", views.removal_choose, name="support_removal_choose"),
    path("support-desk/removals/new/<slug:kind>/<uuid:pk>/", views.removal_new, name="removal_new"),
    path(_REMOVAL, views.removal, name="removal"),
    path(f"{_REMOVAL}remove/", views.removal_approve, name="removal_approve"),
    path(f"{_REMOVAL}keep/", views.removal_keep, name="removal_keep"),
]
