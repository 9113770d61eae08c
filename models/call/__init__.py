"""Calls: queue, script, and each answer (dunning.outcome) with what follows from it."""

from . import dunning_action_script
from . import dunning_action_call
from . import dunning_action_outcome
from . import dunning_action_mail
from . import dunning_action_sequel
from . import dunning_hold_asked
from . import dunning_action_finish
from . import dunning_action_call_day
from . import res_company
from . import dunning_channel_call
from . import dunning_outcome
from . import dunning_outcome_attempt
from . import res_partner
