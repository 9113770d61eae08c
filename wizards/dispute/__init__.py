"""Dialogs of disputes: a new one, what is decided of it."""

from . import dunning_dispute_dialog
from . import dunning_dispute_decision
