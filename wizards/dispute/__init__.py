from . import dunning_dispute_dialog
from . import dunning_dispute_decision
