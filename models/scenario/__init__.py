"""Who is dunned how: scenarios, levels, the family of channels, collectors."""

from . import dunning_channel
from . import dunning_scenario
from . import dunning_scenario_rule
from . import dunning_level
from . import res_users_handover
from . import dunning_collector_work
from . import res_company
from . import res_company_collectors
from . import dunning_scenario_validity
from . import res_partner
