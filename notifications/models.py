"""What people are told: one row per recipient and event."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Account, User
from core.models import UUIDModel


class Notice(UUIDModel):
    """A notice in the product; its e-mail leaves by the outbox. Unique per event and recipient."""

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40)
    # object-id and instant of the event: a repeat of the same event is invisible.
    event_key = models.CharField(max_length=120)
    contract_id = models.UUIDField(null=True, blank=True)
    dispute_id = models.UUIDField(null=True, blank=True)
    title = models.CharField(max_length=200, help_text="What happened.")
    may_do = models.TextField(blank=True, help_text="What the recipient may do.")
    until = models.DateTimeField(null=True, blank=True, help_text="Until when.")
    otherwise = models.TextField(blank=True, help_text="What happens if nobody acts.")
    details = models.TextField(blank=True)
    link = models.CharField(max_length=300)
    link_label = models.CharField(max_length=60)
    legal = models.BooleanField(default=False, help_text="Cannot be muted.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "event_key"], name="notifications_once_per_event"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "id"], name="notifications_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notifications_unread"),
        ]

    def __str__(self) -> str:
        """Title."""
        return self.title
