"""What customers hand in on their page, what it becomes, what collectors decide."""

from . import res_company
from . import res_partner
from . import dunning_portal_act
from . import dunning_portal_act_paid
from . import dunning_portal_act_promise
from . import dunning_portal_act_dispute
from . import dunning_portal_act_details
from . import dunning_portal_act_statement
from . import dunning_portal_act_invoice
from . import dunning_portal_change
from . import dunning_dispute_answer
from . import dunning_portal_request
from . import dunning_portal_request_alert
from . import dunning_portal_request_decision
from . import dunning_portal_comparison
from . import res_partner_timeline
from . import dunning_hold
from . import dunning_promise
from . import dunning_action
from . import ir_attachment
