"""States of reports and redactions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    """A reported message."""

    OPEN = "open", _("Waits for customer support")
    HIDDEN = "hidden", _("Hidden")
    DISMISSED = "dismissed", _("Stays visible")


class RedactionState(models.TextChoices):
    """A redaction: one person of the staff asks, another decides."""

    ASKED = "asked", _("Waits for a second person")
    DONE = "done", _("Removed")
    REFUSED = "refused", _("Not removed")
