"""Where a notice leads. Paths stand here once; a test resolves each of them."""

from __future__ import annotations

from uuid import UUID

FIND_WORK = "/find-work/"
HELP = "/help/disputes/"
DATA = "/settings/data/"
MEMBERS = "/settings/members/"
ORDERS = "/arbitration-desk/orders/"


def contract(reference: str) -> str:
    """The contract's page."""
    return f"/contracts/{reference}/"


def refund_request(reference: str) -> str:
    """See Request (S05, S09), for both sides."""
    return f"/contracts/{reference}/refund-request/"


def thread(reference: str) -> str:
    """The contract's messages."""
    return f"/messages/{reference}/"


def contact_support(reference: str) -> str:
    """What the freelancer can do on an active contract (S12)."""
    return f"/help/contact/{reference}/"


def dispute(reference: str) -> str:
    """See Dispute (S15), for both sides."""
    return f"/disputes/{reference}/"


def dispute_page(reference: str, page: str) -> str:
    """One of the dispute's own pages: recommendation, non-resolution, arbitration, outcome."""
    return f"/disputes/{reference}/{page}/"


def desk_case(reference: str) -> str:
    """The case on the mediation desk."""
    return f"/desk/cases/{reference}/"


def team(account_id: UUID) -> str:
    """The people of an account, and who stands in for whom."""
    return f"/settings/members/{account_id}/#delegates"


def support_status(reference: str) -> str:
    """The freelancer's view of a support request."""
    return f"/help/requests/{reference}/"


def support_desk(reference: str) -> str:
    """The agent's view of a support request."""
    return f"/support-desk/{reference}/"


def message_report(report_id: UUID) -> str:
    """A reported message on the support desk."""
    return f"/support-desk/reports/{report_id}/"


def redaction(redaction_id: UUID) -> str:
    """A removal that waits for a second person."""
    return f"/support-desk/removals/{redaction_id}/"


def arbitration_desk() -> str:
    """The clerk's cases."""
    return "/arbitration-desk/"


def admin_order(order_id: UUID) -> str:
    """The order that waits for a second admin."""
    return f"/arbitration-desk/orders/#{order_id}"


def admin_person(user_id: UUID) -> str:
    """A person in the admin."""
    return f"/admin/accounts/user/{user_id}/change/"
