"""A message, and what lists are narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.fields import SomeFilesField, text_area
from contracts.models import Contract
from contracts.services.messages import FILES_MAX
from core.web.forms import EvenhandForm


class MessageForm(EvenhandForm):
    """A message of the thread."""

    body = forms.CharField(label=_("Write a message"), widget=text_area(3), required=False, strip=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = SomeFilesField(
            label=_("Files"), max_bytes=contract.policy.evidence_max_file_bytes, most=FILES_MAX
        )


class FilterForm(forms.Form):
    """The filters of All Contracts and of Messages; anything unknown is as if it were not there."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.CharField(required=False, max_length=20)
    show = forms.CharField(required=False, max_length=20)
    after = forms.CharField(required=False, max_length=200)
