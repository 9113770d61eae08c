from . import test_by_hand
from . import test_due
from . import test_totals
from . import test_concurrency
from . import test_invariants
from . import test_invariants_records
from . import test_customer_lock
from . import test_judgement
