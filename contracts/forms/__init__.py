"""Forms of contracts: they parse and say what is wrong with a value; what is possible the services say."""

from contracts.forms.agreement import EndForm, MilestoneForm, NewContractForm
from contracts.forms.fields import AmountForm, ConfirmForm, ReasonForm
from contracts.forms.lists import FilterForm, MessageForm
from contracts.forms.refund import APPROVE, DISPUTE, PROPOSE, ProposeForm, SeeRequestForm
from contracts.forms.work import FULL, ReleaseForm, SubmitForm

__all__ = [
    "APPROVE",
    "DISPUTE",
    "FULL",
    "PROPOSE",
    "AmountForm",
    "ConfirmForm",
    "EndForm",
    "FilterForm",
    "MessageForm",
    "MilestoneForm",
    "NewContractForm",
    "ProposeForm",
    "ReasonForm",
    "ReleaseForm",
    "SeeRequestForm",
    "SubmitForm",
]
