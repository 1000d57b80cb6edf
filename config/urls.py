"""Routes of the product: one include per room."""

from django.contrib import admin
from django.urls import include, path

from core.documents import views as documents
from core.web.language import choose_language
from core.web.views_kit import kit

urlpatterns = [
    path("admin/", admin.site.urls),
    path("verify/", documents.start, name="verify_start"),
    path("verify/<str:code>/", documents.verify, name="verify"),
    path("language/", choose_language, name="language"),
    path("", include("accounts.urls")),
    path("sandbox/", include("core.web.urls_sandbox")),
    path("kit/", kit, name="kit"),
    path("", include("contracts.urls")),
    path("", include("notifications.urls")),
    path("", include("arbitration.urls")),
    path("", include("disputes.urls")),
    path("", include("mediation.urls")),
]
