"""The customer's own page: access, visits, payment. What comes of answers: answer."""

from . import res_company
from . import res_partner
from . import account_move_line
from . import dunning_portal
from . import dunning_portal_statement
from . import payment_transaction
from . import res_partner_bank
from . import dunning_portal_attempt
from . import dunning_portal_visitor
from . import dunning_portal_visit
from . import dunning_portal_act
from . import dunning_portal_request
from . import res_partner_timeline
from . import dunning_action
