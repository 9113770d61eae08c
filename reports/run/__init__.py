"""Whether each overdue item has a next action or a reason."""

from . import dunning_coverage
