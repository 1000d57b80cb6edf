"""The contract's message thread (S09, S11)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from accounts.models import User
from contracts.enums import MessageKind, Side
from contracts.models.agreement import Contract
from contracts.tombstones import BuriedText
from core.models import UUIDModel
from core.uploads import private_path


class Message(UUIDModel):
    """One message of the thread: a person's, or the system's with a deep link."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=6, choices=MessageKind, default=MessageKind.PERSON)
    sender = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    side = models.CharField(max_length=10, choices=Side, blank=True)
    body = BuriedText()
    link = models.CharField(max_length=300, blank=True, help_text="Path of the deep link of a system message.")
    link_label = models.CharField(max_length=60, blank=True)
    link_side = models.CharField(max_length=10, choices=Side, blank=True, help_text="Only this side is shown the link.")
    translations = models.JSONField(
        default=dict, blank=True, help_text='A system message in other languages: {"es": {"body": …, "link_label": …}}.'
    )
    file = models.FileField(upload_to=private_path, max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.BigIntegerField(default=0)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="system", sender__isnull=True) | Q(kind="person", sender__isnull=False),
                name="contracts_message_sender_iff_person",
            ),
        ]
        indexes = [models.Index(fields=["contract", "-sent_at", "id"], name="contracts_message_thread")]

    def __str__(self) -> str:
        """First words."""
        return self.body[:60]

    @property
    def text(self) -> str:
        """The body in the reader's language, where the message is stored in it; as it was written otherwise."""
        return self._said("body", self.body)

    @property
    def label(self) -> str:
        """The words of the deep link in the reader's language ("" without one)."""
        return self._said("link_label", self.link_label)

    def _said(self, key: str, otherwise: str) -> str:
        # Two people of two languages read the same message: it is kept in every language, chosen at reading.
        code = get_language() or ""
        found = self.translations.get(code) or self.translations.get(code.partition("-")[0]) or {}
        return str(found.get(key) or otherwise)


class MessageRead(models.Model):
    """How far a person has read a thread."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "user"], name="contracts_read_once")]

    def __str__(self) -> str:
        """Who and until when."""
        return f"{self.user} read until {self.read_at:%Y-%m-%d %H:%M}Z"
