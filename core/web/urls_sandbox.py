"""Routes of the sandbox's own pages; each answers 404 outside the sandbox."""

from django.urls import path

from core.web import views_sandbox

app_name = "sandbox"
urlpatterns = [
    path("", views_sandbox.clock_page, name="home"),
    path("clock/", views_sandbox.clock_page, name="clock"),
    path("mailbox/", views_sandbox.mailbox_page, name="mailbox"),
    path("mailbox/<str:name>/", views_sandbox.letter_page, name="letter"),
    path("mailbox/<str:name>/html/", views_sandbox.letter_html, name="letter_html"),
]
