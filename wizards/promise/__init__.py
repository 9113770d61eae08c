from . import dunning_promise_dialog
from . import dunning_promise_reason
from . import dunning_call_outcome_plan
from . import dunning_call_outcome_notice
