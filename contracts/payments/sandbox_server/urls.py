"""Routes of the sandbox gateway, below /payments/ of the sandbox process."""

from django.urls import path

from contracts.payments.sandbox_server import views

app_name = "sandbox_payments"

urlpatterns = [
    path("", views.page, name="page"),
    path("behaviour/", views.choose, name="choose"),
    path("operations/<uuid:pk>/", views.decide, name="decide"),
    path("payments/", views.create, {"kind": "payment"}, name="create_payment"),
    path("payouts/", views.create, {"kind": "payout"}, name="create_payout"),
    path("payments/<uuid:pk>/", views.status, {"kind": "payment"}, name="payment"),
    path("payouts/<uuid:pk>/", views.status, {"kind": "payout"}, name="payout"),
]
