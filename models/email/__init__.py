"""The channel e-mail: attachments, answers and bounces."""

from . import dunning_action_replies
from . import dunning_action_email
from . import dunning_action_mails
from . import dunning_action_attachment
from . import account_journal
from . import account_move
from . import ir_actions_report
from . import mail_mail
from . import mail_message
from . import mail_thread
from . import res_company
from . import res_partner
from . import dunning_action_lost
from . import dunning_channel_email
