"""Routes of notices."""

from django.urls import path

from notifications import views, views_mail

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.inbox, name="inbox"),
    path("notifications/poll/", views.poll, name="poll"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/mute/<str:token>/", views_mail.mute, name="mute"),
    path("notifications/<uuid:notice_id>/go/", views.go, name="go"),
    path("notifications/<uuid:notice_id>/read/", views.read_one, name="read_one"),
    path("settings/mail/", views_mail.mail, name="mail"),
    path("settings/mail/trial/", views_mail.trial, name="trial"),
]
