"""What everything stands on: protection, who reads what, days, reasons, proof."""

from . import dunning_guarded
from . import dunning_entered
from . import dunning_last_days
from . import dunning_lock
from . import dunning_turns
from . import dunning_protected
from . import dunning_protected_customer
from . import dunning_of_customer
from . import dunning_needed
from . import dunning_plan_basis
from . import dunning_shared
from . import dunning_companies
from . import dunning_reason
from . import ir_attachment
from . import mail_discreet
from . import mail_message
from . import mail_activity
from . import mail_hidden
from . import mail_discreet_search
from . import dunning_shown
from . import mail_notes
from . import res_config_settings
from . import res_company
from . import res_partner
