"""What Odoo's ledger tells: later floors follow its events by dunning.ledger."""

from . import dunning_ledger
from . import dunning_numbered
from . import account_move
from . import account_move_line
from . import account_move_line_closing
from . import account_partial_reconcile
from . import account_payment
