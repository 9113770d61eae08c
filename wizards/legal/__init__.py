from . import base_partner_merge
from . import dunning_interest_statement
from . import dunning_penalty_claim
from . import dunning_penalty_claim_line
from . import dunning_penalty_select
