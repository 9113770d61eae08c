"""What promises and disputes share: how much of which item they hold; the ledger."""

from . import dunning_withholding
from . import dunning_withholding_need
from . import dunning_hold
from . import dunning_withholding_screen
from . import dunning_withholding_notice
from . import dunning_withholding_following
from . import dunning_ledger
from . import res_partner_timeline
from . import dunning_notice
