"""SMS, and what becomes of them."""

from . import dunning_action
from . import sms_sms
from . import sms_tracker
from . import dunning_channel_sms
