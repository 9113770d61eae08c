"""Promises to pay and instalment plans: asked, accepted, followed, kept or broken."""

from . import dunning_kind_promise
from . import dunning_run
from . import dunning_promise
from . import dunning_promise_line
from . import dunning_promise_acceptance
from . import dunning_promise_create
from . import dunning_promise_decision
from . import dunning_promise_settle
from . import dunning_promise_receipt
from . import dunning_promise_screen
from . import dunning_run_reminder
from . import res_company_notice
from . import res_company
from . import res_partner
from . import res_partner_timeline
from . import dunning_promise_following
from . import dunning_hold
from . import dunning_promise_notice
from . import account_move
from . import ir_attachment
from . import dunning_notice
from . import dunning_action_notice
from . import dunning_action_call
from . import dunning_outcome
