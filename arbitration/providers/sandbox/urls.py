"""Routes of the provider's sandbox, under /provider/ of the sandbox process."""

from django.urls import path

from arbitration.providers.sandbox import views, views_api

app_name = "sandbox_provider"

urlpatterns = [
    path("", views.cases, name="cases"),
    path("switch/", views.switch, name="switch"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/accept/", views.accept, name="accept"),
    path("cases/<str:number>/progress/", views.progress, name="progress"),
    path("cases/<str:number>/reject/", views.reject, name="reject"),
    path("cases/<str:number>/award/", views.award, name="award"),
    path("cases/<str:number>/exhibits/<str:exhibit>/", views.exhibit, name="exhibit"),
    path("messages/<uuid:message_id>/send/", views.send_again, name="send"),
    path("api/filings/", views_api.filings, name="api_filings"),
    path("api/filings/<uuid:filing>/", views_api.filing, name="api_filing"),
    path("api/filings/<uuid:filing>/settled/", views_api.settled, name="api_settled"),
    path("api/filings/<uuid:filing>/exhibits/<str:number>/", views_api.exhibit, name="api_exhibit"),
]
