"""Dialogs about litigations: handing over, closing, and what follows the last level."""

from . import dunning_litigation_dialog
from . import dunning_litigation_told
from . import dunning_litigation_close
from . import dunning_litigation_entry
from . import dunning_promise_dialog
