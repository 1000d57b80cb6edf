"""A person's own data as a ZIP file (rulebook section 16)."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from core.models import UUIDModel
from core.uploads import private_path


class DataExport(UUIDModel):
    """One export: asked for, built in the background, kept for seven days for that person alone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    # Steps of the build, for the progress bar.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=private_path, max_length=300, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    downloads = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["user", "-asked_at"], name="disputes_exports_of")]

    def __str__(self) -> str:
        """Whose and when."""
        return f"export of {self.user} of {self.asked_at:%Y-%m-%d %H:%M}Z"

    @property
    def percent(self) -> int:
        """How far the build is, 0 to 100."""
        if self.ready_at is not None:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
