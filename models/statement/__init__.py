"""What is written without claiming anything: statements on a schedule, thanks."""

from . import res_company
from . import res_partner
from . import dunning_action
from . import dunning_account_statement
from . import dunning_notice_statement
from . import dunning_notice_thanks
from . import dunning_run_statement
from . import dunning_run_thanks
