from . import test_scenarios
from . import test_collectors
from . import test_absences
from . import test_absences_planned
from . import test_reassignment
from . import test_rule_attack
from . import test_scenario_choice
from . import test_broken_rules
