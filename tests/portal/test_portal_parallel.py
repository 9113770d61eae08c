from threading import Barrier, get_ident
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning.models.portal import dunning_portal_attempt

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestPortalParallel(ConcurrencyCommon):
    """What is sent at the same time counts as what is sent one after the other."""

    customer_count = 1

    @mute_logger("odoo.service.model")
    def _count_at_once(self, kind):
        """Count from several transactions that do not see each other."""
        barrier, waited = Barrier(4), set()

        def count(env):
            customer = env["dunning.portal"]._enter(self.partner_ids[0], env.company)
            # From here on the transaction sees what was there now.
            customer.read(["name"])
            if get_ident() not in waited:
                waited.add(get_ident())
                barrier.wait(timeout=30)
            return env["dunning.portal.attempt"]._count(customer, "10.0.0.1", kind)

        return self._in_threads(*[count] * 4)

    def test_parallel_requests_are_counted_together(self):
        for kind, limit in (("form", "MOST_OF_CUSTOMER"), ("mail", "MOST_MAILS")):
            with self.subTest(kind), patch.object(dunning_portal_attempt, limit, 2):
                counted = self._count_at_once(kind)
                self.assertCountEqual(counted, [True, True, False, False])
