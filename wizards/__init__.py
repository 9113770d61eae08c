from . import account_payment_register
from . import base_partner_merge
from . import dunning_action_postpone
from . import dunning_action_skip
from . import dunning_preview
from . import dunning_start_levels
