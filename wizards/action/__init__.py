from . import base_partner_merge
from . import dunning_action_postpone
from . import dunning_action_skip
