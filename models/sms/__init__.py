"""The channel SMS. Another is a folder like this, and its code in tools/words.py."""

from . import dunning_action
from . import sms_sms
from . import sms_tracker
from . import dunning_channel_sms
from . import sms_composer
