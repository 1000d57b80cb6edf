"""Routes of accounts."""

from django.urls import path

from accounts.views import door, public, settings, team

app_name = "accounts"
urlpatterns = [
    path("", public.home, name="home"),
    path("help/disputes/", public.help_disputes, name="help_disputes"),
    path("help/next/", public.help_next, name="help_next"),
    path("help/words/", public.help_words, name="help_words"),
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
    path("settings/email/", settings.email, name="email"),
    path("settings/email/<str:token>/", settings.email_confirm, name="email_confirm"),
    path("settings/members/", team.teams, name="members"),
    path("settings/members/new/", team.new_team, name="new_team"),
    path("settings/members/<uuid:account_id>/", team.team, name="team"),
    path("settings/members/<uuid:account_id>/delegate/", team.delegate, name="delegate"),
    path("settings/delegations/<uuid:delegation_id>/end/", team.delegation_end, name="delegation_end"),
    path("settings/members/role/<uuid:membership_id>/", team.member_role, name="member_role"),
    path("settings/members/remove/<uuid:membership_id>/", team.member_remove, name="member_remove"),
    path("settings/invitations/<uuid:invitation_id>/revoke/", team.invitation_revoke, name="invitation_revoke"),
    path("invitations/<uuid:invitation_id>/", team.invitation, name="invitation"),
]
