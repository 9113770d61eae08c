from . import dunning_absence_dialog
