from . import dunning_answer_refusal
