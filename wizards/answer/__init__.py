from . import dunning_answer_refusal
from . import dunning_dispute_answer_dialog
from . import dunning_promise_reason
