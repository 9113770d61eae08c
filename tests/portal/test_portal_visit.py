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
