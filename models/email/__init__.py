"""E-mails, their attachments, answers and bounces."""

from . import dunning_action_replies
from . import dunning_action_attachment
from . import account_move
from . import mail_mail
from . import mail_thread
