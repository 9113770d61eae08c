"""Tests of the customer's own page: who comes in, what is shown, paid and asked for."""

from . import test_portal_access
from . import test_portal_request
from . import test_portal_parallel
from . import test_portal_statement
from . import test_portal_visit
from . import test_portal_payment
from . import test_portal_payment_late
from . import test_portal_bill
from . import test_portal_rights
from . import test_tours_portal
