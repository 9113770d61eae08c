"""Notices of promises and disputes, letter or e-mail: the frame, which these fill."""

from . import dunning_notice
from . import dunning_action_notice
from . import dunning_action_notice_content
from . import dunning_action_notice_text
from . import dunning_kind
from . import res_partner
