from . import test_content
from . import test_rules
from . import test_demo
from . import test_rules_customer
