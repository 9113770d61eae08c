"""What is written about a promise or a dispute: confirmation, reminder, refusal."""

from . import dunning_notice
from . import dunning_action_notice
from . import dunning_action_notice_content
from . import dunning_action_notice_text
from . import dunning_kind
