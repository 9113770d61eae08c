from . import dunning_answer_refusal
from . import dunning_dispute_answer_dialog
