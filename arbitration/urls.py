"""Routes of arbitration."""

from django.urls import path

from arbitration.views import desk, election, orders, party, webhook

app_name = "arbitration"

urlpatterns = [
    path("disputes/<str:reference>/non-resolution/", party.notice, name="notice"),
    path("disputes/<str:reference>/arbitration/", party.status, name="status"),
    path("disputes/<str:reference>/arbitration/news/", party.news, name="news"),
    path("disputes/<str:reference>/arbitration/elect/", election.elect, name="elect"),
    path("disputes/<str:reference>/arbitration/pay/", election.pay, name="pay"),
    path("disputes/<str:reference>/arbitration/decline/", election.decline, name="decline"),
    path("arbitration-desk/", desk.desk, name="desk"),
    path("arbitration-desk/orders/", orders.order_list, name="orders"),
    path("arbitration-desk/orders/new/<str:reference>/", orders.order_new, name="order_new"),
    path("arbitration-desk/orders/<uuid:order_id>/approve/", orders.order_approve, name="order_approve"),
    path("arbitration-desk/orders/<uuid:order_id>/set-aside/", orders.order_refuse, name="order_refuse"),
    path("arbitration-desk/awards/<uuid:award_id>/approve/", desk.approve, name="award_approve"),
    path("arbitration-desk/awards/<uuid:award_id>/discard/", desk.discard, name="award_discard"),
    path("arbitration-desk/messages/<uuid:event_id>/", desk.held, name="held"),
    path("arbitration-desk/<str:reference>/", desk.case, name="desk_case"),
    path("arbitration-desk/<str:reference>/filed/", desk.confirm_filed, name="confirm_filed"),
    path("arbitration-desk/<str:reference>/progress/", desk.progress, name="progress"),
    path("arbitration-desk/<str:reference>/reject/", desk.reject, name="reject"),
    path("arbitration-desk/<str:reference>/file-elsewhere/", desk.file_elsewhere, name="file_elsewhere"),
    path("arbitration-desk/<str:reference>/award/", desk.enter_award, name="enter_award"),
    path("arbitration-desk/<str:reference>/report/", desk.report, name="report"),
    path("webhooks/provider/", webhook.provider, name="webhook"),
]
