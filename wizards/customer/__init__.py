from . import dunning_assignment_dialog
