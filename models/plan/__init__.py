"""What is decided of each open item: a step, later or out, and why; what holds it."""

from . import dunning_plan_branches
from . import dunning_plan
from . import dunning_plan_cache
from . import dunning_plan_ledger
from . import dunning_plan_customer
from . import dunning_plan_due
from . import dunning_plan_amounts
from . import dunning_plan_claim
from . import dunning_plan_paying
from . import dunning_plan_progress
from . import dunning_plan_tone
from . import dunning_plan_foresight
from . import dunning_invoice_arrival
from . import dunning_follower
from . import dunning_hold
from . import dunning_hold_resume
from . import dunning_hold_share
from . import dunning_hold_review
from . import dunning_item_state
from . import dunning_item
from . import account_move
from . import res_company
from . import dunning_hold_following
from . import dunning_ledger
from . import res_partner
from . import account_move_discount
