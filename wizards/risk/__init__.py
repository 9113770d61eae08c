from . import dunning_stop_dialog
from . import base_partner_merge
