"""What the dialogs of promises and disputes share."""

from . import dunning_withholding_dialog
