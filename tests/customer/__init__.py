from . import test_accessibility
from . import test_tours_browser
from . import test_far_dates
from . import test_moved_customer
from . import test_customer_next
from . import test_timeline
from . import test_deletions
