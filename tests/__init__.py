from . import test_content
from . import test_rules
from . import test_demo
from . import test_rules_customer
from . import test_plan_model
from . import test_access_rights
from . import test_protected_fields
