from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalVisit(PortalCommon):
    """That a customer has looked at its page stays known."""

    def test_a_visit_does_not_vanish_with_who_has_made_it(self):
        self._create_item()
        self.authenticate("dunning_visitor", "dunning_visitor")
        self.url_open(f"/my/dunning/{self.company.id}")
        visit = self.env["dunning.portal.visit"].search([])
        self.assertTrue(visit.user_id)
        with self.assertRaisesRegex(UserError, "part of the history of dunning"):
            visit.user_id.sudo().unlink()

    def _visit_both(self):
        """Have two customers look at their pages on one day, by the link."""
        visits = self.env["dunning.portal.visit"]
        nobody = self.env["res.users"]
        for customer in (self.customer, self.other):
            # Visitors have no rights.
            visits._note(customer.sudo(), nobody)
        self.assertEqual(len(self._get_visits()), 2)

    def _get_visits(self):
        both = (self.customer | self.other).ids
        return self.env["dunning.portal.visit"].search([("partner_id", "in", both)])

    def test_who_have_both_looked_on_one_day_can_be_merged(self):
        self._visit_both()
        self.contact.parent_id = False
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        # Who merges contacts need not read dunning.
        wizard.sudo()._merge((self.customer | self.other).ids, self.other)
        self.env.flush_all()
        self.assertEqual(self._get_visits().mapped("partner_id"), self.other)

    def test_who_have_both_looked_on_one_day_become_one_by_a_parent(self):
        self._visit_both()
        self.customer.write({"is_company": False, "parent_id": self.other.id})
        self.env.flush_all()
        self.assertEqual(len(self._get_visits()), 1)
