from . import dunning_promise_dialog
from . import dunning_promise_reason
