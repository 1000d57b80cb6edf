"""What a person has typed on a page of a dispute and not sent yet."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from core.models import UUIDModel
from disputes.models.dispute import Dispute


class PageDraft(UUIDModel):
    """One person's unsent text on one page; nobody else reads it, and it changes nothing."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="page_drafts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "user", "page"], name="disputes_one_draft_per_page"),
        ]

    def __str__(self) -> str:
        """Page name."""
        return self.page
