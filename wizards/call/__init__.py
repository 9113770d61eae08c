"""Dialogs of calls: one for each answer; finishing many, after the last level."""

from . import dunning_call_outcome
from . import dunning_call_outcome_check
from . import dunning_call_outcome_confirm
from . import dunning_call_outcome_days
from . import dunning_call_outcome_terms
from . import dunning_action_send
from . import dunning_follow_up
