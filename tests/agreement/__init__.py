from . import test_reopening
from . import test_tours_agreements
from . import test_customers_change
from . import test_invoices_readdressed
from . import test_instalments_change
from . import test_concurrent_claims
from . import test_concurrent_pairs
from . import test_timeline_promise
