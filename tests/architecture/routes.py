"""Every route of the product with who may reach it at all. A route that is missing here fails the build.

PUBLIC       everybody
SIGNED_IN    anybody with an account; shows only what is theirs
OWN          an object of the person's own (a notice, an invitation): strangers get 404
PARTY        an object of a contract: visitors are sent to sign in, strangers get 404
STAFF        a staff desk: people without the role get 403 or 404
WEBHOOK      machines with a signature
SANDBOX      exists in sandbox mode only
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC, SIGNED_IN, OWN, PARTY, STAFF, WEBHOOK, SANDBOX = (
    "public", "signed in", "own", "party", "staff", "webhook", "sandbox",
)  # fmt: skip

ROUTES: dict[str, str] = {
    "accounts:home": PUBLIC,
    "accounts:help_disputes": PUBLIC,
    "accounts:help_next": PUBLIC,
    "accounts:help_words": PUBLIC,
    "accounts:help_escrow": PUBLIC,
    "accounts:help_evidence": PUBLIC,
    "accounts:accessibility": PUBLIC,
    "accounts:sign_in": PUBLIC,
    "accounts:sign_in_as": SANDBOX,
    "accounts:sign_up": PUBLIC,
    "accounts:sign_out": SIGNED_IN,
    "accounts:reset": PUBLIC,
    "accounts:reset_sent": PUBLIC,
    "accounts:reset_confirm": PUBLIC,
    "accounts:settings": SIGNED_IN,
    "accounts:password": SIGNED_IN,
    "accounts:members": SIGNED_IN,
    "accounts:new_team": SIGNED_IN,
    "accounts:team": OWN,
    "accounts:member_role": OWN,
    "accounts:member_remove": OWN,
    "accounts:email": SIGNED_IN,
    "accounts:email_confirm": OWN,
    "accounts:delegate": OWN,
    "accounts:delegation_end": OWN,
    "accounts:invitation_revoke": OWN,
    "accounts:invitation": OWN,
    "language": PUBLIC,
    "verify_start": PUBLIC,
    "verify": PUBLIC,
    "kit": SANDBOX,
    "sandbox:home": SANDBOX,
    "sandbox:clock": SANDBOX,
    "sandbox:mailbox": SANDBOX,
    "sandbox:letter": SANDBOX,
    "sandbox:letter_html": SANDBOX,
    "contracts:find_work": SIGNED_IN,
    "contracts:my_jobs": SIGNED_IN,
    "contracts:all_contracts": SIGNED_IN,
    "contracts:new_contract": SIGNED_IN,
    "contracts:threads": SIGNED_IN,
    "contracts:payments_webhook": WEBHOOK,
    "arbitration:webhook": WEBHOOK,
    "notifications:inbox": SIGNED_IN,
    "notifications:poll": SIGNED_IN,
    "notifications:read_all": SIGNED_IN,
    "notifications:mail": SIGNED_IN,
    "notifications:trial": SIGNED_IN,
    "notifications:mute": OWN,
    "notifications:go": OWN,
    "notifications:read_one": OWN,
    "mediation:desk": STAFF,
    "mediation:view": STAFF,
    "mediation:workload": STAFF,
    "arbitration:desk": STAFF,
    "arbitration:orders": STAFF,
    "disputes:data": SIGNED_IN,
    "disputes:data_news": SIGNED_IN,
    "disputes:data_file": OWN,
    "disputes:support_desk": STAFF,
    "disputes:support_view": STAFF,
}
_PARTY = {
    "contracts": "contract accept add_milestone end end_check withdraw quiet file refund_request refund_approve"
    " refund_propose refund_pay refund_withdraw proposal_accept proposal_decline fund submit changes refuse release"
    " release_check thread",
    "disputes": "claim check draft_file dispute updates calendar outcome agreement versions case_file respond accept"
    " update withdraw offer_new offer_check offer_accept offer_decline offer_withdraw bids bid_withdraw evidence"
    " evidence_file evidence_preview disclose evidence_answer messages message_file support_new support_request"
    " support_answer support_ask_review support_withdraw support_file report_message",
    "mediation": "recommendation answer impasse object contact",
    "arbitration": "notice status news elect pay decline",
}
_DESK = {
    "disputes": "support_case support_take support_ask support_open support_decline support_review support_reports"
    " message_report message_report_hide message_report_leave hidden_file support_removals support_removal_choose"
    " removal_new removal removal_approve removal_keep",
    "mediation": "decide_objection case take_up conflict assign log_attempt log_reply add_note mark_read ask_evidence"
    " post_message unresponsive draft preview issue release",
    "arbitration": "order_new order_approve order_refuse award_approve award_discard held desk_case confirm_filed"
    " progress reject file_elsewhere enter_award report",
}
for _kind, _names in ((PARTY, _PARTY), (STAFF, _DESK)):
    ROUTES |= {f"{app}:{name}": _kind for app, names in _names.items() for name in names.split()}


def all_routes() -> dict[str, URLPattern]:
    """Every named route but Django's admin (which has its own test): name → pattern."""
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver, space: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                if entry.namespace != "admin":
                    walk(entry, entry.namespace or space)
            else:
                found[f"{space}:{entry.name}" if space else str(entry.name)] = entry

    walk(get_resolver("config.urls"), "")
    return found
