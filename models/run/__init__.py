"""The plan carried out for a day: actions are made, nothing is decided."""

from . import dunning_run
from . import dunning_run_statement
from . import dunning_run_content
from . import dunning_run_preview
from . import dunning_run_handover
from . import dunning_run_waiting
from . import dunning_run_single
from . import res_company
from . import res_company_setup
