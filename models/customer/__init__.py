"""One customer: what it owes, what happened, the agenda."""

from . import dunning_action
from . import res_partner
from . import res_partner_next
from . import res_partner_balance
from . import res_partner_exchange
from . import res_partner_timeline
from . import res_partner_timeline_entry
from . import account_move
from . import dunning_action_remind
from . import dunning_action_nothing
from . import dunning_action_planned_told
from . import res_company_assignment
from . import dunning_assignment_rule
from . import res_partner_unassigned
from . import dunning_run
