"""The channel SMS, and what becomes of each. Another channel is a folder like this."""

from . import dunning_action
from . import sms_sms
from . import sms_tracker
from . import dunning_channel_sms
