"""What Odoo's ledger tells: its events are handed on to the floors above."""

from . import dunning_ledger
from . import account_move
from . import account_move_line
from . import account_move_line_closing
from . import account_partial_reconcile
from . import account_payment
