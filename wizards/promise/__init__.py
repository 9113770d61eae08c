"""Dialogs of promises: a new one, why it ends; promises in the dialogs of calls."""

from . import dunning_promise_dialog
from . import dunning_promise_reason
from . import dunning_call_outcome_plan
from . import dunning_call_outcome_notice
