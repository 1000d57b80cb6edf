"""People, icons, attributes, links, forms: what the frame and the components are made of."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import lucide as lucide_icons
from django.forms import BoundField
from django.template import Library
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _l

from core import formatting as fmt
from core.web import kept, navigation, words
from core.web.assets import font_urls

register = Library()


@register.filter
def initials(name: str) -> str:
    """``RD`` for Rafael Domingo."""
    return fmt.initials(str(name))


ROLE_SHAPES = {
    "freelancer": "freelancer",
    "agency": "freelancer",
    "client": "client",
    "specialist": "specialist",
    "supervisor": "specialist",
    "support": "support",
    "arb_clerk": "arbitration",
    "arbitrator": "arbitration",
    "provider": "arbitration",
}
ROLE_WORDS = {
    "freelancer": _l("Freelancer"),
    "agency": _l("Agency"),
    "client": _l("Client"),
    "specialist": _l("Mediation specialist"),
    "supervisor": _l("Supervisor"),
    "support": _l("Customer support"),
    "arb_clerk": _l("Arbitration clerk"),
    "arbitrator": _l("Arbitrator"),
    "provider": _l("Arbitration provider"),
    "event": _l("Event"),
}
ROLE_ICONS = {"specialist": "scale", "support": "life-buoy", "arbitration": "gavel", "event": "circle-dot"}


@register.filter
def role_shape(role: str) -> str:
    """Map a role to the shape that carries it: circle, rounded square, disc with a sign."""
    return ROLE_SHAPES.get(str(role).lower(), "event")


@register.filter
def role_word(role: str) -> str:
    """Name a role in words: ``Client``, ``Mediation specialist``."""
    return str(ROLE_WORDS.get(str(role).lower(), str(role).capitalize()))


@register.filter
def role_icon(role: str) -> str:
    """Return the sign on a staff disc; parties have none (initials instead)."""
    return ROLE_ICONS.get(role_shape(role), "")


@lru_cache(maxsize=512)
def _drawn(name: str, size: int, stroke: str) -> str:
    extra = {"stroke_width": stroke} if stroke else {}
    return lucide_icons._render_icon(name, size, aria_hidden="true", **extra)


@register.simple_tag
def script_words() -> str:
    """Print the texts of the page's script in the reader's language, as JSON for a ``meta`` element."""
    return json.dumps(words.of_script(), ensure_ascii=False, separators=(",", ":"))


@register.simple_tag
def icon(name: str, size: int | str = 18, stroke: str = "") -> SafeString:
    """Draw a Lucide icon, hidden from screen readers: words stand beside it. No name, no icon."""
    if not name:
        return SafeString("")
    return mark_safe(_drawn(str(name), int(size), str(stroke)))  # noqa: S308


@register.filter
def passed(attrs: Any) -> SafeString:
    """Print a component's further attributes, each value escaped; None and False are left out.

    django-cotton's own ``{{ attrs }}`` does not escape values bound with ``:name``.
    """
    given: Mapping[str, Any] = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else {}
    parts = []
    for name, value in given.items():
        if value is True:
            parts.append(format_html(" {}", name))
        elif value is not None and value is not False:
            parts.append(format_html(' {}="{}"', name, conditional_escape(value)))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """Hidden one-time key: the same form posted twice acts once (interface rule 2).

    Beside it the reader's mark: what is typed here survives the end of the session (``core.web.kept``).
    """
    key = UUID(bytes=secrets.token_bytes(16), version=4)
    drawn = format_html('<input type="hidden" name="_once" value="{}">', key)
    reader = getattr(context.get("request"), "user", None)
    pk = getattr(reader, "pk", None)
    if pk is None:
        return drawn
    return drawn + format_html('<input type="hidden" name="{}" value="{}">', kept.MARK_FIELD, kept.mark_of(pk))


@register.simple_tag
def kept_text(name: str) -> str:
    """What was typed into ``name`` before the session ended, for a text box without a form object, or nothing."""
    return kept.text(name)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """``?stage=mediation&after=…``: this page's query with changes; None or "" drops a key."""
    request = context.get("request")
    params = request.GET.copy() if request else None
    if params is None:
        return ""
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag(takes_context=True)
def main_nav(context: Context, area: str) -> list[navigation.NavItem]:
    """List the links of the ``party``, ``staff`` or ``public`` bar for this viewer, the current one marked."""
    request = context.get("request")
    return navigation.items(area, path=getattr(request, "path", ""), actor=context.get("actor"))


@register.simple_tag
def place(name: str) -> str:
    """Return the path of a page that the frame links to (``core.web.navigation.PLACES``)."""
    return navigation.PLACES[name]


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """``light`` or ``dark`` when the person chose one (cookie of this browser, else account), else nothing."""
    request = context.get("request")
    chosen = getattr(request, "COOKIES", {}).get("eh_theme") or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in {"light", "dark"} else ""


@register.simple_tag(takes_context=True)
def viewer_role(context: Context) -> str:
    """Return the role that shapes the viewer's own avatar: the page's, else a staff role, else the only side."""
    given = context.get("viewer_role")
    actor = context.get("actor")
    staff = sorted(getattr(actor, "staff", ()))
    sides = sorted(getattr(actor, "sides", ()))
    return str(given or (staff[0] if staff else sides[0] if len(sides) == 1 else ""))


@register.simple_tag
def font_files() -> list[str]:
    """URLs of the built font files that the first view needs; empty when no font was built."""
    return font_urls()


def _first_input(field: BoundField) -> str:
    """Id to focus: a group of radios has no input of its own, so its first one."""
    if field_kind(field) in {"radios", "cards", "checks"}:
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def error_list(form: Any, errors: Any = None) -> list[dict[str, str]]:
    """List what an error summary says: each field's first error with a link to it, then the form's own.

    ``errors`` may be a plain list of texts, or of ``{"text": …, "href": …}``, for pages without a form.
    """
    found: list[dict[str, str]] = []
    if form and form.is_bound:
        found += [{"text": str(text), "href": ""} for text in form.non_field_errors()]
        for field in form:
            if field.errors:
                found.append({"text": str(field.errors[0]), "href": f"#{_first_input(field)}"})
    for error in errors or ():
        found.append(dict(error) if isinstance(error, Mapping) else {"text": str(error), "href": ""})
    return found


@register.filter
def field_kind(field: BoundField) -> str:
    """Say how a bound field is drawn: text, textarea, select, check, radios, checks, cards, money, file, hidden."""
    widget = field.field.widget
    declared = getattr(widget, "eh_kind", "")
    if getattr(widget, "allow_multiple_selected", False) and getattr(widget, "input_type", "") == "checkbox":
        return "checks"
    return str(declared or _KINDS.get(getattr(widget, "input_type", "") or "", "textarea"))


_KINDS = {
    "checkbox": "check",
    "radio": "radios",
    "select": "select",
    "file": "file",
    "hidden": "hidden",
} | dict.fromkeys(
    ("text", "email", "password", "number", "url", "date", "datetime-local", "time", "search", "tel"),
    "text",
)
