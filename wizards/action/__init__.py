"""Dialogs of an action: postpone, skip; merging customers."""

from . import base_partner_merge
from . import dunning_action_postpone
from . import dunning_action_skip
