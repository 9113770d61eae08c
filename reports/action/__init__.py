"""Whether the procedure was followed."""

from . import dunning_procedure
