"""Carrying out until an action is done: lock, re-check, choose the channel, record."""

from . import dunning_action_lock
from . import dunning_action_reminding
from . import dunning_sending
from . import dunning_sending_recipient
from . import dunning_sending_file
from . import dunning_sending_delivery
from . import dunning_action_sending
from . import dunning_handover
from . import dunning_action_execute
from . import dunning_action_delivery
from . import dunning_action_channel
from . import dunning_action_deadline
from . import dunning_run
from . import mail_message
from . import ir_attachment
from . import dunning_action_tone
from . import dunning_kind
from . import mail_notification
