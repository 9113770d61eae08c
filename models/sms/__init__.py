"""SMS."""

from . import dunning_channel_sms
from . import mail_notification
from . import sms_sms
from . import sms_tracker
