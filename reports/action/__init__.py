from . import dunning_procedure
