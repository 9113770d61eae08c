from odoo.tests import new_test_user, tagged

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
        name = visit.user_id.name
        self._note_by_link()
        visit.user_id.sudo().unlink()
        self.assertRecordValues(visit, [{"former_user": name, "user_id": False}])
        told = self.customer.dunning_get_timeline()["entries"]
        [entry] = [one for one in told if one.get("who") == name]
        self.assertIn("Looked at", entry["title"])
        self.assertFalse(entry["text"])

    def _note_by_link(self):
        # Visitors have no rights.
        visits = self.env["dunning.portal.visit"]
        visits._note(self.customer.sudo(), self.env["res.users"])

    def test_customers_of_one_name_delete_their_access_after_the_same_day(self):
        visits = self.env["dunning.portal.visit"]
        users = self.env["res.users"]
        for login in ("twin_one", "twin_two"):
            user = new_test_user(self.env, login, "base.group_portal", name="Twin")
            visits._note(self.customer.sudo(), user)
            users |= user
        self._note_by_link()
        self._note_by_link()
        users.sudo().unlink()
        found = visits.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(len(found), 3)
        self.assertEqual(
            sorted(found.mapped(lambda one: one._get_who() or "")), ["", "Twin", "Twin"]
        )

    def test_what_somebody_asked_for_stays_with_their_name(self):
        self._create_item()
        self._watch_act()
        with self.mock_mail_gateway():
            request = self._submit(user=self.visitor)
        name = self.visitor.name
        self.visitor.sudo().unlink()
        self.assertEqual(request._get_who(), name)

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
