"""Routes of the sandbox process: the outside world that Evenhand talks to over HTTP, one include per service."""

from django.urls import include, path

urlpatterns = [
    path("payments/", include("contracts.payments.sandbox_server.urls")),
    path("provider/", include("arbitration.providers.sandbox.urls")),
]
