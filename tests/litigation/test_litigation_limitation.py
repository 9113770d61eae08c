from datetime import date as Date

from odoo.tests import tagged

from ..litigations import LitigationCommon


@tagged("post_install", "-at_install")
class TestLitigationLimitation(LitigationCommon):
    """Litigations show until when the first of their items can be claimed."""

    def test_the_first_item_that_is_open_decides(self):
        france = self.env.ref("base.fr")
        self.customer.write({"is_company": True, "country_id": france.id})
        old = self._create_invoice(due="2021-05-31", date="2021-05-01")
        new = self._create_invoice(due="2025-05-31")
        litigation = self._hand_over(old | new)
        later = self._hand_over(self._create_invoice(due="2025-06-30"))
        self.assertEqual(litigation.limitation_date, Date(2026, 5, 31))
        self.env.flush_all()
        litigations = self.env["dunning.litigation"].with_user(self.collector)
        found = litigations.search([("limitation_date", "<=", "today +6m")])
        self.assertEqual(found, litigation)
        self.assertEqual(later.limitation_date, Date(2030, 6, 30))
        self._pay(old)
        litigation.invalidate_recordset()
        self.assertEqual(litigation.limitation_date, Date(2030, 5, 31))
