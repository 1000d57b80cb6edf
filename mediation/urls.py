"""Routes of mediation. Names are links of other rooms and of notices: keep them."""

from __future__ import annotations

from django.urls import path

from mediation.views import case, parties, queue, recommendation

app_name = "mediation"

_DESK = "desk/cases/<str:reference>"
_CASE = "disputes/<str:reference>"

urlpatterns = [
    path("desk/", queue.queue, name="desk"),
    path("desk/views/<slug:slug>/", queue.queue, name="view"),
    path("desk/workload/", queue.workload, name="workload"),
    path("desk/objections/<uuid:objection_id>/", queue.decide_objection, name="decide_objection"),
    path(f"{_DESK}/", case.case, name="case"),
    path(f"{_DESK}/take-up/", case.take_up, name="take_up"),
    path(f"{_DESK}/conflict/", case.report_conflict, name="conflict"),
    path(f"{_DESK}/assign/", case.assign, name="assign"),
    path(f"{_DESK}/attempts/", case.log_attempt, name="log_attempt"),
    path(f"{_DESK}/attempts/<uuid:attempt_id>/reply/", case.log_reply, name="log_reply"),
    path(f"{_DESK}/notes/", case.add_note, name="add_note"),
    path(f"{_DESK}/evidence/<uuid:evidence_id>/read/", case.mark_read, name="mark_read"),
    path(f"{_DESK}/evidence/ask/", case.ask_evidence, name="ask_evidence"),
    path(f"{_DESK}/messages/", case.post_message, name="post_message"),
    path(f"{_DESK}/unresponsive/<str:side>/", case.close_unresponsive, name="unresponsive"),
    path(f"{_DESK}/recommendation/", recommendation.draft, name="draft"),
    path(f"{_DESK}/recommendation/preview/", recommendation.preview, name="preview"),
    path(f"{_DESK}/recommendation/issue/", recommendation.issue, name="issue"),
    path(f"{_DESK}/recommendation/release/", recommendation.release, name="release"),
    path(f"{_CASE}/recommendation/", parties.recommendation, name="recommendation"),
    path(f"{_CASE}/recommendation/<str:choice>/", parties.answer, name="answer"),
    path(f"{_CASE}/impasse/", parties.declare_impasse, name="impasse"),
    path(f"{_CASE}/object/", parties.object_to, name="object"),
    path(f"{_CASE}/contact/", parties.contact, name="contact"),
]
