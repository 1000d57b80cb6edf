"""Routes of contracts."""

from django.urls import path

from contracts.views import contract, jobs, messages, milestones, refund, webhooks

app_name = "contracts"

_REFUND = "contracts/<str:reference>/refund-request/"

urlpatterns = [
    path("find-work/", jobs.find_work, name="find_work"),
    path("my-jobs/", jobs.jobs, name="my_jobs"),
    path("my-jobs/contracts/", jobs.all_contracts, name="all_contracts"),
    path("contracts/new/", jobs.new_contract, name="new_contract"),
    path("contracts/<str:reference>/", contract.contract, name="contract"),
    path("contracts/<str:reference>/accept/", contract.accept, name="accept"),
    path("contracts/<str:reference>/milestones/new/", contract.add_milestone, name="add_milestone"),
    path("contracts/<str:reference>/end/", contract.end, name="end"),
    path("contracts/<str:reference>/end/check/", contract.end_check, name="end_check"),
    path("contracts/<str:reference>/withdraw/", contract.withdraw, name="withdraw"),
    path("contracts/<str:reference>/quiet/", contract.quiet, name="quiet"),
    path("contracts/<str:reference>/files/<uuid:pk>/", contract.file, name="file"),
    path(_REFUND, refund.request_page, name="refund_request"),
    path(_REFUND + "approve/", refund.approve, name="refund_approve"),
    path(_REFUND + "propose/", refund.propose, name="refund_propose"),
    path(_REFUND + "pay/", refund.pay, name="refund_pay"),
    path(_REFUND + "withdraw/", refund.withdraw, name="refund_withdraw"),
    path(_REFUND + "proposals/<uuid:pk>/accept/", refund.accept_proposal, name="proposal_accept"),
    path(_REFUND + "proposals/<uuid:pk>/decline/", refund.decline_proposal, name="proposal_decline"),
    path("milestones/<uuid:pk>/fund/", milestones.fund, name="fund"),
    path("milestones/<uuid:pk>/submit/", milestones.submit, name="submit"),
    path("milestones/<uuid:pk>/changes/", milestones.changes, name="changes"),
    path("milestones/<uuid:pk>/refuse/", milestones.refuse, name="refuse"),
    path("milestones/<uuid:pk>/release/", milestones.release, name="release"),
    path("milestones/<uuid:pk>/release/check/", milestones.release_check, name="release_check"),
    path("messages/", messages.threads, name="threads"),
    path("messages/<str:reference>/", messages.thread, name="thread"),
    path("webhooks/payments/", webhooks.payments, name="payments_webhook"),
]
