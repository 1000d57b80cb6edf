"""The freelancer writes to Customer Support, and support decides (P1–P6, S10–S14)."""

from disputes.services.support.asking import ask_support, become_moot, withdraw_support
from disputes.services.support.checklist import Guard, Guards, UnableToAskSupportError, guards, possible_requests
from disputes.services.support.common import (
    SUPPORT_INFO,
    SUPPORT_REPLY,
    SUPPORT_REVIEW,
    UnableToOpenCaseError,
)
from disputes.services.support.deciding import ask_review, decline, open_case, send_back, uphold
from disputes.services.support.talking import alert, answer_information, ask_information, lapse, take_up

__all__ = [
    "SUPPORT_INFO",
    "SUPPORT_REPLY",
    "SUPPORT_REVIEW",
    "Guard",
    "Guards",
    "UnableToAskSupportError",
    "UnableToOpenCaseError",
    "alert",
    "answer_information",
    "ask_information",
    "ask_review",
    "ask_support",
    "become_moot",
    "decline",
    "guards",
    "lapse",
    "open_case",
    "possible_requests",
    "send_back",
    "take_up",
    "uphold",
    "withdraw_support",
]
