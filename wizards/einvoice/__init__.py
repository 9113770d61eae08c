"""Dialogs about statuses of e-invoices: taking them, and finding their invoice."""

from . import dunning_einvoice_upload
from . import dunning_einvoice_decision

from . import dunning_call_outcome_receipt
