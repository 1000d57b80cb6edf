"""Routes of accounts."""

from django.urls import path

from accounts.views import door, public, settings

app_name = "accounts"
urlpatterns = [
    path("", public.home, name="home"),
    path("help/disputes/", public.help_disputes, name="help_disputes"),
    path("help/escrow/", public.help_escrow, name="help_escrow"),
    path("help/evidence/", public.help_evidence, name="help_evidence"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("sign-in/", door.sign_in, name="sign_in"),
    path("sign-in/as/<uuid:user_id>/", door.sign_in_as, name="sign_in_as"),
    path("sign-up/", door.sign_up, name="sign_up"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("password/reset/", door.reset, name="reset"),
    path("password/reset/sent/", door.reset_sent, name="reset_sent"),
    path("password/reset/<uidb64>/<token>/", door.ResetConfirm.as_view(), name="reset_confirm"),
    path("settings/", settings.profile, name="settings"),
    path("settings/password/", settings.password, name="password"),
    path("settings/members/", settings.teams, name="members"),
    path("settings/members/new/", settings.new_team, name="new_team"),
    path("settings/members/<uuid:account_id>/", settings.team, name="team"),
    path("settings/members/role/<uuid:membership_id>/", settings.member_role, name="member_role"),
    path("settings/members/remove/<uuid:membership_id>/", settings.member_remove, name="member_remove"),
    path("settings/invitations/<uuid:invitation_id>/revoke/", settings.invitation_revoke, name="invitation_revoke"),
    path("invitations/<uuid:invitation_id>/", settings.invitation, name="invitation"),
]
