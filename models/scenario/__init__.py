"""Who is dunned how: scenarios, levels, the family of channels, collectors."""

from . import dunning_channel
from . import dunning_scenario
from . import dunning_scenario_rule
from . import dunning_level
from . import dunning_conditions
from . import res_users_handover
from . import dunning_collector_work
from . import dunning_substitution
from . import mail_activity
from . import res_company
from . import res_company_collectors
from . import res_company_handover
from . import dunning_scenario_validity
from . import dunning_scenario_notice
from . import res_partner
from . import res_partner_collector
from . import res_partner_trace
