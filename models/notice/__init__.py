"""All that may be written of a promise or dispute: confirmation, reminder, refusal."""

from . import dunning_notice
from . import dunning_action_notice
from . import dunning_action_notice_content
from . import dunning_action_notice_text
from . import dunning_kind
