"""The channel letter: PDF, printing, post, registered. Knows no promise or dispute."""

from . import res_partner
from . import dunning_action_picture
from . import dunning_action_post
from . import dunning_action_registered
from . import dunning_action_again
from . import dunning_action_letter
from . import dunning_action_print
from . import ir_actions_report
from . import snailmail_letter
from . import res_partner_bank
from . import res_users
from . import res_company
from . import ir_attachment
from . import dunning_channel_letter
