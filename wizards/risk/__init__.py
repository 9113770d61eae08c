from . import dunning_cover_import
from . import dunning_cover_import_check
from . import dunning_stop_dialog
from . import base_partner_merge
