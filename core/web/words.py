"""The texts that the page's script says (static/js/src/words.js); ``{name}`` is filled in there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_SCRIPT = {
    "ended": _("A deadline has just ended."),
    "day": _("{n} day"),
    "days": _("{n} days"),
    "under": _("under 1 min"),
    "over": _("{span} over"),
    "now": _("just now"),
    "ago": _("{span} ago"),
    "kept": _("Draft saved"),
    "saved": _("Draft saved {time}"),
    "unsaved": _("Draft not saved yet. We keep trying."),
    "sending": _("Sending…"),
    "percent": _("Sending, {n} %"),
    "bytes": _("{n} bytes"),
    "file": _("File"),
    "empty": _("Empty: this file has nothing in it."),
    "large": _("Too large: up to {size} each."),
    "remove": _("Remove"),
    "remove_file": _("Remove {name}"),
    "one": _("1 new update"),
    "many": _("{n} new updates"),
    "lost": _("No connection. What you see may be out of date; we keep trying."),
    "back": _("The connection is back."),
    "share": _("{first} and {second}"),
}


def of_script() -> dict[str, str]:
    """Key to text, in the active language."""
    return {key: str(text) for key, text in _SCRIPT.items()}
