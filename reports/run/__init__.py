from . import dunning_coverage
