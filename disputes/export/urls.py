"""Routes of one's own data; included by disputes.urls under its namespace."""

from __future__ import annotations

from django.urls import path

from disputes.export import views

urlpatterns = [
    path("settings/data/", views.data, name="data"),
    path("settings/data/news/", views.data_news, name="data_news"),
    path("settings/data/<uuid:export_id>/", views.data_file, name="data_file"),
]
