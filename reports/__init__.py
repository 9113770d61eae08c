from . import dunning_coverage
from . import dunning_procedure
