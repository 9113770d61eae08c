"""What promises and disputes share: items, shares, holds."""

from . import dunning_withholding
from . import dunning_withholding_claim
from . import dunning_hold
from . import dunning_withholding_screen
from . import dunning_withholding_notice
from . import dunning_following_source
from . import account_move
from . import res_partner
