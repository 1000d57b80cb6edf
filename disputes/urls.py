"""Routes of disputes. Names are links of other rooms and of notices: keep them."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from disputes.views import agreement, case, exhibits, filing, offers, sealed, statements, talk

app_name = "disputes"

_CLAIM = "contracts/<str:reference>/refund-request"
_CASE = "disputes/<str:reference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_CLAIM}/claim/", filing.claim, name="claim"),
    path(f"{_CLAIM}/check/", filing.check, name="check"),
    path(f"{_CLAIM}/files/<uuid:evidence_id>/", filing.draft_file, name="draft_file"),
    path(f"{_CASE}/", case.dispute, name="dispute"),
    path(f"{_CASE}/updates/", case.updates, name="updates"),
    path(f"{_CASE}/calendar.ics", case.calendar, name="calendar"),
    path(f"{_CASE}/outcome/", case.outcome, name="outcome"),
    path(f"{_CASE}/agreement/", agreement.agreement, name="agreement"),
    path(f"{_CASE}/versions/", case.versions, name="versions"),
    path(f"{_CASE}/case-file/", case.case_file, name="case_file"),
    path(f"{_CASE}/respond/", statements.respond, name="respond"),
    path(f"{_CASE}/accept/", statements.accept, name="accept"),
    path(f"{_CASE}/update/", statements.update, name="update"),
    path(f"{_CASE}/withdraw/", statements.withdraw, name="withdraw"),
    path(f"{_CASE}/offers/new/", offers.offer_new, name="offer_new"),
    path(f"{_CASE}/offers/check/", offers.offer_check, name="offer_check"),
    path(f"{_CASE}/offers/<int:number>/accept/", offers.offer_accept, name="offer_accept"),
    path(f"{_CASE}/offers/<int:number>/decline/", offers.offer_decline, name="offer_decline"),
    path(f"{_CASE}/offers/<int:number>/withdraw/", offers.offer_withdraw, name="offer_withdraw"),
    path(f"{_CASE}/bids/", sealed.bids, name="bids"),
    path(f"{_CASE}/bids/withdraw/", sealed.bid_withdraw, name="bid_withdraw"),
    path(f"{_CASE}/evidence/", exhibits.exhibits, name="evidence"),
    path(f"{_CASE}/evidence/<uuid:evidence_id>/file/", exhibits.evidence_file, name="evidence_file"),
    path(f"{_CASE}/evidence/<uuid:evidence_id>/preview/", exhibits.evidence_preview, name="evidence_preview"),
    path(f"{_CASE}/evidence/<uuid:evidence_id>/disclose/", exhibits.disclose, name="disclose"),
    path(f"{_CASE}/evidence/requests/<uuid:request_id>/answer/", exhibits.evidence_answer, name="evidence_answer"),
    path(f"{_CASE}/messages/", talk.post_message, name="messages"),
    path(f"{_CASE}/messages/<uuid:message_id>/file/", exhibits.message_file, name="message_file"),
]

urlpatterns.append(path("", include("disputes.moderation.urls")))  # before the desk's catch-all reference
if find_spec("disputes.urls_support"):
    urlpatterns.append(path("", include("disputes.urls_support")))
