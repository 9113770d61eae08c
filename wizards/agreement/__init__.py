from . import dunning_withholding_dialog
