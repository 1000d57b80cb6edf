"""What somebody typed into a form while the session ended is given back after sign-in.

An anonymous POST to a page that asks to sign in is answered with the sign-in page. Its text fields wait in the
new session and fill the same page's form once the same person is signed in: for every `EvenhandForm`, by itself.

Whose text it is, the form says: `{% once %}` puts a signed mark of the reader into each form (`mark_of`). It names
nobody, cannot be made up, and another person's cannot be used: whoever signs in on the same browser as somebody
else sees nothing, and the text is dropped. Nothing is kept of passwords, tokens, files, sealed amounts or of
anything a view marks as sensitive; never more than 100 KB, never longer than an hour, and one form at a time.
Nothing is sent again: the person looks at the form and sends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from uuid import UUID

MARK_FIELD = "_by"
MOST = 100_000  # bytes of names and values together
LONGEST = timedelta(hours=1)
NOTHING = object()

_SESSION_KEY = "eh_kept_form"
_SALT = "core.web.kept"
_SECRET = re.compile(r"password|passwd|secret|token|csrf|^_|^old$|^new$|^next$", re.IGNORECASE)
# Sealed amounts stay out of every store but their own (D19).
_SEALED = re.compile(r"/bids?/")
_UNGIVEN = (forms.PasswordInput, forms.FileInput, forms.HiddenInput)


def mark_of(user_id: UUID | str) -> str:
    """A signed mark of a person, the same on every page, that tells nothing about who it is."""
    return signing.Signer(salt=_SALT).sign(_person(user_id))


def _person(user_id: UUID | str) -> str:
    return salted_hmac(_SALT, str(user_id), algorithm="sha256").hexdigest()[:24]


# --- keeping -------------------------------------------------------------------------


def keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Look at an answer on its way out: if it sends an anonymous POST to sign in, keep what was typed.

    The way back leads to the form's own page, also where the form posts to a path that shows none.
    """
    if request.method != "POST" or request.user.is_authenticated or not _asks_to_sign_in(response):
        return response
    page = _own_page(request)
    location = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: page})}"
    if not request.headers.get("X-Autosave"):
        fields = _typed(request)
        writer = _writer(request)
        if fields and writer:
            request.session[_SESSION_KEY] = {
                "page": urlsplit(page).path,
                "by": writer,
                "at": request.now.isoformat(),  # type: ignore[attr-defined]
                "fields": fields,
            }
            messages.info(request, _("You were signed out while writing. Sign in, and your text comes back."))
    if request.headers.get("HX-Request"):
        # A redirect would be followed behind the page's back, and the sign-in page put into a part of it.
        return HttpResponse(headers={"HX-Redirect": location})
    return HttpResponseRedirect(location)


def _asks_to_sign_in(response: HttpResponse) -> bool:
    if response.status_code != HttpResponseRedirect.status_code:
        return False
    target = urlsplit(response.headers.get("Location", ""))
    try:
        sign_in = resolve_url(settings.LOGIN_URL)
    except NoReverseMatch:
        return False  # the sandboxes of the provider and the gateway have no people
    return target.path == sign_in and REDIRECT_FIELD_NAME in parse_qs(target.query)


def _own_page(request: HttpRequest) -> str:
    """Path of the page that showed the form: the referring one if it is ours, else the posted path."""
    given = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    found = urlsplit(given) if ours else urlsplit(request.get_full_path())
    if not found.path or found.path == resolve_url(settings.LOGIN_URL):
        return request.path
    return f"{found.path}?{found.query}" if found.query else found.path


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """Text fields worth keeping, each whole, up to the limit."""
    hidden = getattr(request, "sensitive_post_parameters", ())
    if hidden == "__ALL__" or _SEALED.search(request.path):
        return {}
    kept: dict[str, list[str]] = {}
    room = MOST
    for name, values in request.POST.lists():
        texts = [str(value) for value in values]
        size = sum(len(text.encode()) for text in (name, *texts))
        if name in hidden or _SECRET.search(name) or not any(text.strip() for text in texts) or size > room:
            continue
        kept[name] = texts
        room -= size
    return kept


def _writer(request: HttpRequest) -> str:
    try:
        return signing.Signer(salt=_SALT).unsign(request.POST.get(MARK_FIELD, ""))
    except signing.BadSignature:
        return ""


# --- giving back ---------------------------------------------------------------------


class Kept:
    """What one page gets back: its fields, and whether a form has taken them."""

    def __init__(self, request: HttpRequest, fields: dict[str, list[str]]) -> None:
        self.request = request
        self.data: MultiValueDict[str, str] = MultiValueDict(fields)
        self.used = False

    def concerns(self, form: forms.BaseForm) -> bool:
        """Whether a form asks for anything of it. The first time, the person is told."""
        if form.is_bound or not any(form.add_prefix(name) in self.data for name in form.fields):
            return False
        if not self.used:
            messages.info(self.request, _("You were signed out while writing. Your text is back; nothing was sent."))
        self.used = True
        return True

    def value(self, field: forms.Field, name: str) -> Any:
        """What was typed into a field, as its widget reads it, or `NOTHING`.

        A consent is given anew: a box that must be ticked to go on comes back empty.
        """
        if isinstance(field.widget, _UNGIVEN):
            return NOTHING
        if isinstance(field, forms.BooleanField):
            return NOTHING if field.required else name in self.data
        if name not in self.data:
            return NOTHING
        data = QueryDict(mutable=True)
        for key, values in self.data.lists():
            data.setlist(key, values)
        return field.widget.value_from_datadict(data, MultiValueDict(), name)


_current: ContextVar[Kept | None] = ContextVar("kept_form", default=None)


@contextmanager
def offered(request: HttpRequest) -> Iterator[None]:
    """While a page is made, offer its forms what was kept for it; forget it once a form has it."""
    found = _found(request)
    reset = _current.set(found)
    try:
        yield
    finally:
        _current.reset(reset)
        if found is not None and found.used:
            request.session.pop(_SESSION_KEY, None)


def for_form(form: forms.BaseForm) -> Kept | None:
    """What this form gets back, if anything (called by every form of the house)."""
    found = _current.get()
    return found if found is not None and found.concerns(form) else None


def text(name: str) -> str:
    """What was typed into a field of a page that has no form object (a composer); "" for nothing."""
    found = _current.get()
    if found is None or name not in found.data:
        return ""
    found.used = True
    return str(found.data[name])


def _found(request: HttpRequest) -> Kept | None:
    if request.method != "GET" or not request.user.is_authenticated:
        return None
    stored = request.session.get(_SESSION_KEY)
    if stored is None:
        return None
    late = request.now >= datetime.fromisoformat(stored["at"]) + LONGEST  # type: ignore[attr-defined]
    if late or not constant_time_compare(stored["by"], _person(request.user.pk)):
        del request.session[_SESSION_KEY]
        return None
    return Kept(request, stored["fields"]) if request.path == stored["page"] else None
