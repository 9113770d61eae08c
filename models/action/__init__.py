"""One contact with one customer: the record, its lines, keeping it true."""

from . import dunning_action
from . import dunning_action_line
from . import dunning_kind
from . import dunning_action_screen
from . import dunning_action_activity
from . import dunning_action_refresh
from . import dunning_action_routine
from . import dunning_action_cause
from . import dunning_action_formal
from . import dunning_action_verdict
from . import dunning_action_format
from . import dunning_action_waiting
from . import dunning_action_planned
from . import dunning_action_single
from . import res_partner
from . import res_partner_commercial
from . import dunning_action_following
from . import dunning_ledger
from . import dunning_action_work
from . import mail_activity
