"""What is said: merge fields, totals, recipients, templates."""

from . import dunning_action_recipients
from . import dunning_action_mail_frame
from . import res_company_identity
from . import res_partner_bank
from . import dunning_action_template
from . import dunning_action_content
from . import dunning_action_received
from . import dunning_action_merge
from . import ir_qweb
from . import mail_render_mixin
from . import mail_compose_message
from . import mail_template_preview
from . import ir_actions_report
from . import ir_attachment
from . import ir_actions_server
from . import dunning_text_template
from . import dunning_text_fit
from . import dunning_text_preview
from . import dunning_shared_text
from . import dunning_kind
