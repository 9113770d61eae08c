"""What the buyer's platform says of an e-invoice, and what dunning makes of it."""

from . import dunning_needed
from . import dunning_einvoice_event
from . import dunning_einvoice_find
from . import dunning_einvoice_receive
from . import dunning_einvoice_mail
from . import dunning_einvoice_folder
from . import dunning_einvoice_screen
from . import dunning_ledger
from . import account_move_events
from . import ir_attachment
from . import res_company
from . import res_config_settings
from . import res_partner
